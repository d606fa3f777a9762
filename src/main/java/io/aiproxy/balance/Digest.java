package io.aiproxy.balance;

import io.aiproxy.json.JsonValue;
import java.util.zip.CRC32C;

/** A number that stands for the JSON that was added, of which only so much of each part is looked at. For one thread. */
final class Digest {
  /** How much of a part counts, in bytes. */
  static final int MOST = 16 * 1024;

  private static final int MOST_PARTS = 64;

  /** What a value counts at least, in bytes, so that there is an end of those that have none. */
  private static final int LEAST = 16;

  private final CRC32C sum = new CRC32C();
  private int left = MOST;
  private int parts;
  private boolean empty = true;

  /** Something that says nothing, of which there may be many. */
  void nothing() {
    left = Math.max(0, left - LEAST);
  }

  void add(JsonValue value) {
    int length = Math.min(left, value.to() - value.from());
    sum.update(value.bytes(), value.from(), length);
    left = Math.max(0, left - Math.max(LEAST, length));
    empty = false;
  }

  /** What follows has room of its own. */
  void nextPart() {
    left = MOST;
    parts++;
  }

  /** Whether there were so many parts that no other one matters. */
  boolean isOver() {
    return parts >= MOST_PARTS;
  }

  /** Whether nothing more counts of this part. */
  boolean isFull() {
    return left == 0;
  }

  /** Whether nothing was added. */
  boolean isEmpty() {
    return empty;
  }

  long value() {
    return sum.getValue();
  }
}
