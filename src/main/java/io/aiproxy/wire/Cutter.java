package io.aiproxy.wire;

import io.aiproxy.stream.Chunk;
import io.aiproxy.stream.Piece;
import io.aiproxy.stream.Transducer;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * What those have in common that cut a stream of bytes into messages: where the bytes lie that come, and a bounded place for
 * the beginning of a message whose end is still to come.
 */
abstract class Cutter implements Transducer<ByteBuffer, Piece> {
  /** Nothing is held. */
  static final byte[] NOTHING = {};

  /** What may stay reserved while nothing is held. */
  private static final int IDLE_BYTES = 64 * 1024;

  private final int most;

  /** The beginning of a message, as far as {@link #heldLength} says. */
  byte[] held = NOTHING;

  int heldLength;

  /**
   * With a bound.
   *
   * @param most how long a message may be; at least 1
   * @param what it is called, with its article
   */
  Cutter(int most, String what) {
    if (most < 1) {
      throw new IllegalArgumentException(what + " has at least 1 byte, not " + most);
    }
    this.most = most;
  }

  @Override
  public final void next(ByteBuffer chunk, Consumer<? super Piece> out) {
    int length = chunk.remaining();
    if (chunk.hasArray()) {
      int from = chunk.arrayOffset() + chunk.position();
      chunk.position(chunk.limit());
      cut(chunk.array(), from, from + length, out);
    } else {
      byte[] copy = new byte[length];
      chunk.get(copy);
      cut(copy, 0, length, out);
    }
  }

  abstract void cut(byte[] bytes, int from, int to, Consumer<? super Piece> out);

  /** Whether so much more can be held. */
  final boolean fits(int length) {
    return heldLength + (long) length <= most;
  }

  /** Holds more, which {@link #fits}. */
  final void append(byte[] bytes, int from, int length) {
    if (heldLength + length > held.length) {
      long roomy = Math.max(1024, 2L * (heldLength + length));
      held = Arrays.copyOf(held, (int) Math.min(most, roomy));
    }
    System.arraycopy(bytes, from, held, heldLength, length);
    heldLength += length;
  }

  /** Holds nothing any more, and keeps no large array for it. */
  final void release() {
    heldLength = 0;
    if (held.length > IDLE_BYTES) {
      held = NOTHING;
    }
  }

  /** Lets bytes through that are not looked at. */
  static void pass(byte[] bytes, int from, int length, boolean whole, Consumer<? super Piece> out) {
    if (length > 0) {
      out.accept(new Chunk(bytes, from, length, whole));
    }
  }
}
