package io.aiproxy.json;

/** Judges characters beyond ASCII. */
final class Utf8 {
  private Utf8() {}

  /**
   * How many bytes the character has whose first byte, from 0x80 on, is at {@code at}; 0 if it is not the shortest form of one
   * that exists, or is cut off at {@code to}.
   */
  static int length(byte[] bytes, int at, int to) {
    int first = bytes[at] & 0xFF;
    int second = at + 1 < to ? bytes[at + 1] & 0xFF : 0;
    if (first < 0xE0) {
      return first >= 0xC2 && at + 1 < to && continues(bytes[at + 1]) ? 2 : 0;
    }
    if (first < 0xF0) {
      boolean shortest = first != 0xE0 || second >= 0xA0;
      boolean noSurrogate = first != 0xED || second < 0xA0;
      boolean complete = at + 2 < to && continues(bytes[at + 1]) && continues(bytes[at + 2]);
      return shortest && noSurrogate && complete ? 3 : 0;
    }
    boolean shortest = first != 0xF0 || second >= 0x90;
    boolean exists = first < 0xF4 || (first == 0xF4 && second < 0x90);
    boolean complete = at + 3 < to
        && continues(bytes[at + 1])
        && continues(bytes[at + 2])
        && continues(bytes[at + 3]);
    return shortest && exists && complete ? 4 : 0;
  }

  /** From 0x80 to 0xBF, which are the lowest of signed bytes. */
  private static boolean continues(byte b) {
    return b < (byte) 0xC0;
  }
}
