package io.aiproxy.config;

import java.time.Duration;

/** What the records ask of their numbers, for those who make them by hand: the reader is stricter and has better messages. */
final class Bounds {
  private Bounds() {}

  static void positive(String name, Duration value) {
    if (value.isZero() || value.isNegative()) {
      throw new IllegalArgumentException(name + " must be longer than zero, was " + value);
    }
  }

  static void atLeast(long least, String name, long value) {
    if (value < least) {
      throw new IllegalArgumentException(name + " must be at least " + least + ", was " + value);
    }
  }
}
