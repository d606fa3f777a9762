package io.aiproxy.json;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Searches in the insides of strings, eight bytes at a time: nearly all bytes of a chat are there.
 *
 * <p>For a word of eight bytes, {@code word - ONES} borrows into the high bit of each byte that was 0, so with XOR any wanted
 * byte shows as a high bit. A borrow can travel on and raise a false bit, but only above a true one, and the lowest is taken.
 */
final class Scan {
  private static final VarHandle WORDS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final long ONES = 0x0101010101010101L;
  private static final long HIGHS = ONES << 7;
  private static final long QUOTES = ONES * '"';
  private static final long BACKSLASHES = ONES * '\\';
  private static final long SPACES = ONES * ' ';

  private Scan() {}

  /** The first quote or backslash at or behind {@code at}, or {@code to}. */
  static int quoteOrBackslash(byte[] bytes, int at, int to) {
    int i = at;
    for (; i <= to - Long.BYTES; i += Long.BYTES) {
      long word = (long) WORDS.get(bytes, i);
      long quotes = word ^ QUOTES;
      long backslashes = word ^ BACKSLASHES;
      long hits = (((quotes - ONES) & ~quotes) | ((backslashes - ONES) & ~backslashes)) & HIGHS;
      if (hits != 0) {
        return i + (Long.numberOfTrailingZeros(hits) >> 3);
      }
    }
    while (i < to && bytes[i] != '"' && bytes[i] != '\\') {
      i++;
    }
    return i;
  }

  /** The first byte at or behind {@code at} that is no plain ASCII text of a string, or {@code to}. */
  static int special(byte[] bytes, int at, int to) {
    int i = at;
    for (; i <= to - Long.BYTES; i += Long.BYTES) {
      long word = (long) WORDS.get(bytes, i);
      long hits =
          (word | (word - SPACES) | ((word ^ QUOTES) - ONES) | ((word ^ BACKSLASHES) - ONES))
              & HIGHS;
      if (hits != 0) {
        return i + (Long.numberOfTrailingZeros(hits) >> 3);
      }
    }
    // bytes from 0x80 on are negative here, so they end this as control characters do
    while (i < to && bytes[i] >= ' ' && bytes[i] != '"' && bytes[i] != '\\') {
      i++;
    }
    return i;
  }
}
