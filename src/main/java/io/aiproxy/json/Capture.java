package io.aiproxy.json;

import java.util.Arrays;

/**
 * A wanted value on its way past a {@link JsonWatch}. Its bytes are in the present array, but for those that came in earlier
 * ones: these are held, up to the bound.
 */
final class Capture {
  private static final int SMALL = 256;

  private final int bound;
  private int tag;
  private int level;
  private int from;
  private long before;
  private byte[] held = {};

  Capture(int bound) {
    this.bound = bound;
  }

  /** Begins with a value that is so many brackets deep on its path, at this place of the present array. */
  void begin(int tag, int level, int from) {
    this.tag = tag;
    this.level = level;
    this.from = from;
    this.before = 0;
  }

  int level() {
    return level;
  }

  /** Goes on in another array. */
  void nextArray(int from) {
    this.from = from;
  }

  /** Takes what the present array has of it, up to {@code to}. */
  void hold(byte[] bytes, int to) {
    int known = bounded(before);
    int more = Math.min(to - from, bound - known);
    if (known + more > held.length) {
      long roomy = Math.max(SMALL, 2L * (known + more));
      held = Arrays.copyOf(held, (int) Math.min(bound, roomy));
    }
    System.arraycopy(bytes, from, held, known, more);
    before += to - from;
  }

  /** The value ends in the present array, before {@code to}. */
  void handOut(byte[] bytes, int to, JsonWatch.Listener listener) {
    if (before == 0) {
      int length = to - from;
      listener.value(tag, bytes, from, bounded(length), length <= bound);
    } else {
      hold(bytes, to);
      listener.value(tag, held, 0, bounded(before), before <= bound);
    }
  }

  private int bounded(long length) {
    return (int) Math.min(length, bound);
  }
}
