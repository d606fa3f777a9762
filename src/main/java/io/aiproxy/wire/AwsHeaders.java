package io.aiproxy.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.function.BiConsumer;

/**
 * The headers of an {@link AwsFrame}: each a name behind one byte of length, a type, and a value whose length follows from the
 * type or stands before it in two bytes.
 */
final class AwsHeaders {
  private static final int STRING = 7;

  /** How long the values of each type are, by its number; -1 for those that say it themselves. */
  private static final int[] LENGTHS = {0, 0, 1, 2, 4, 8, -1, -1, 8, 16};

  private AwsHeaders() {}

  /**
   * Hands out the headers that are strings.
   *
   * @return whether all of it could be read
   */
  static boolean read(byte[] bytes, int from, int to, BiConsumer<String, String> out) {
    int at = from;
    while (at < to) {
      int nameFrom = at + 1;
      int typeAt = nameFrom + (bytes[at] & 0xff);
      if (typeAt >= to || bytes[typeAt] < 0 || bytes[typeAt] >= LENGTHS.length) {
        return false;
      }
      int length = LENGTHS[bytes[typeAt]];
      int valueAt = typeAt + 1;
      if (length < 0) {
        if (valueAt + 2 > to) {
          return false;
        }
        length = (bytes[valueAt] & 0xff) << 8 | (bytes[valueAt + 1] & 0xff);
        valueAt += 2;
      }
      if (valueAt + length > to) {
        return false;
      }
      if (bytes[typeAt] == STRING) {
        out.accept(
            new String(bytes, nameFrom, typeAt - nameFrom, UTF_8),
            new String(bytes, valueAt, length, UTF_8));
      }
      at = valueAt + length;
    }
    return true;
  }

  /** Strings, given as names and values in turn. */
  static byte[] encode(String... namesAndValues) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      byte[] name = namesAndValues[i].getBytes(UTF_8);
      byte[] value = namesAndValues[i + 1].getBytes(UTF_8);
      out.write(name.length);
      out.writeBytes(name);
      out.write(STRING);
      out.write(value.length >> 8);
      out.write(value.length);
      out.writeBytes(value);
    }
    return out.toByteArray();
  }
}
