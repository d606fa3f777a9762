package io.aiproxy.wire;

import io.aiproxy.stream.Chunk;
import io.aiproxy.stream.Piece;
import io.aiproxy.stream.Transducer;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Cuts a stream of bytes into {@link AwsFrame}s and changes none of them: what goes out is what came in, wherever it was cut.
 * A frame lies in the array it came in if that holds all of it. A frame beyond the bound passes as {@link Chunk}s, of which
 * only the last is whole. From the first frame on that is broken, by a checksum, a length or the stream's end, all passes as
 * {@code Chunk}s that are not whole: where the next frame would begin is not known any more.
 */
public final class EventStreamDecoder implements Transducer<ByteBuffer, Piece> {
  /** How long a frame may be, if nothing else is said. */
  public static final int FRAME_BYTES = 1024 * 1024;

  private static final byte[] NOTHING = {};
  private static final int IDLE_BYTES = 64 * 1024;
  private static final int SHORTEST = AwsFrame.PRELUDE + AwsFrame.CHECKSUM;

  private final int frameBytes;

  private byte[] held = NOTHING;
  private int heldLength;
  private boolean broken;
  /** How much is still to come of a frame that is too long. */
  private long passing;

  /** Cuts with the usual bound of {@link #FRAME_BYTES}. */
  public EventStreamDecoder() {
    this(FRAME_BYTES);
  }

  /**
   * Cuts with a bound of its own.
   *
   * @param frameBytes how long a frame may be in all; at least 16
   */
  public EventStreamDecoder(int frameBytes) {
    if (frameBytes < SHORTEST) {
      throw new IllegalArgumentException("a frame has at least 16 bytes, not " + frameBytes);
    }
    this.frameBytes = frameBytes;
  }

  @Override
  public void next(ByteBuffer chunk, Consumer<? super Piece> out) {
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

  private void cut(byte[] bytes, int from, int to, Consumer<? super Piece> out) {
    int at = from;
    while (at < to) {
      if (broken) {
        give(bytes, at, to - at, false, out);
        return;
      }
      at = passing > 0
          ? pass(bytes, at, to, out)
          : heldLength > 0 ? fill(bytes, at, to, out) : frame(bytes, at, to, out);
    }
  }

  /** Lets a part of a frame through that is too long. */
  private int pass(byte[] bytes, int from, int to, Consumer<? super Piece> out) {
    int length = (int) Math.min(passing, to - from);
    passing -= length;
    give(bytes, from, length, passing == 0, out);
    return from + length;
  }

  /** Takes a frame out of the array it came in, or keeps its beginning. */
  private int frame(byte[] bytes, int from, int to, Consumer<? super Piece> out) {
    int length = to - from;
    if (length < AwsFrame.PRELUDE) {
      keep(bytes, from, length);
      return to;
    }
    if (!begins(bytes, from)) {
      return from;
    }
    int total = AwsFrame.intAt(bytes, from);
    if (total > length) {
      keep(bytes, from, length);
      return to;
    }
    give(new AwsFrame(bytes, from, total), out);
    return from + total;
  }

  /** Adds to the frame that has begun: first until its length is known, then until it is there. */
  private int fill(byte[] bytes, int from, int to, Consumer<? super Piece> out) {
    boolean isKnown = heldLength >= AwsFrame.PRELUDE;
    int wanted = isKnown ? AwsFrame.intAt(held, 0) : AwsFrame.PRELUDE;
    int length = Math.min(wanted - heldLength, to - from);
    keep(bytes, from, length);
    if (heldLength < wanted) {
      return from + length;
    }
    if (!isKnown && !begins(held, 0)) {
      passing -= broken ? 0 : heldLength;
      give(held, 0, heldLength, false, out);
      forget();
    } else if (isKnown) {
      give(new AwsFrame(held, 0, heldLength), out);
      forget();
    }
    return from + length;
  }

  /** Looks at a prelude: false if no frame is to be read there, because it is too long or broken. */
  private boolean begins(byte[] bytes, int at) {
    int total = AwsFrame.intAt(bytes, at);
    int headers = AwsFrame.intAt(bytes, at + 4);
    broken = total < SHORTEST
        || headers < 0
        || headers > total - SHORTEST
        || AwsFrame.intAt(bytes, at + 8) != AwsFrame.checksum(bytes, at, 8);
    boolean tooLong = !broken && total > frameBytes;
    passing = tooLong ? total : 0;
    return !broken && !tooLong;
  }

  private void give(AwsFrame frame, Consumer<? super Piece> out) {
    broken = !frame.isSound();
    out.accept(broken ? new Chunk(frame.array(), frame.offset(), frame.length(), false) : frame);
  }

  private static void give(
      byte[] bytes, int from, int length, boolean whole, Consumer<? super Piece> out) {
    if (length > 0) {
      out.accept(new Chunk(bytes, from, length, whole));
    }
  }

  private void keep(byte[] bytes, int from, int length) {
    if (heldLength + length > held.length) {
      held = Arrays.copyOf(held, Math.max(1024, 2 * (heldLength + length)));
    }
    System.arraycopy(bytes, from, held, heldLength, length);
    heldLength += length;
  }

  private void forget() {
    heldLength = 0;
    if (held.length > IDLE_BYTES) {
      held = NOTHING;
    }
  }

  /** Gives out what is left: a frame that did not come whole says nothing. */
  @Override
  public void end(Consumer<? super Piece> out) {
    give(held, 0, heldLength, false, out);
    forget();
  }
}
