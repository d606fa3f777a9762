package io.aiproxy.wire;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Finds where lines end, eight bytes at a time. */
final class Lines {
  private static final VarHandle WORDS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final long ONES = 0x0101010101010101L;
  private static final long HIGHS = ONES << 7;
  private static final long FEEDS = ONES * '\n';
  private static final long RETURNS = ONES * '\r';

  private Lines() {}

  /** The first LF or CR at or behind {@code at}, or {@code to}. */
  static int end(byte[] bytes, int at, int to) {
    int i = at;
    for (; i <= to - Long.BYTES; i += Long.BYTES) {
      long word = (long) WORDS.get(bytes, i);
      long feeds = word ^ FEEDS;
      long returns = word ^ RETURNS;
      // a byte that is 0 after the XOR borrows into its high bit; the lowest such bit is a true one
      long hits = (((feeds - ONES) & ~feeds) | ((returns - ONES) & ~returns)) & HIGHS;
      if (hits != 0) {
        return i + (Long.numberOfTrailingZeros(hits) >> 3);
      }
    }
    while (i < to && bytes[i] != '\n' && bytes[i] != '\r') {
      i++;
    }
    return i;
  }

  /** What is behind the line ending at {@code end}: CR LF is one. */
  static int behind(byte[] bytes, int end, int to) {
    if (end == to) {
      return to;
    }
    boolean two = bytes[end] == '\r' && end + 1 < to && bytes[end + 1] == '\n';
    return end + (two ? 2 : 1);
  }
}
