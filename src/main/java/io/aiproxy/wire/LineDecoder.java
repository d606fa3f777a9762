package io.aiproxy.wire;

import io.aiproxy.stream.Chunk;
import io.aiproxy.stream.Piece;
import java.util.function.Consumer;

/**
 * Cuts a stream of bytes into lines, each with its LF, and changes none of them: what goes out is what came in, wherever it was
 * cut. A complete line is a {@link JsonLine}; it lies in the array it came in if that holds all of it. A line beyond the bound
 * passes as {@link Chunk}s, of which only the last is whole. A CR ends no line: within JSON it is a blank.
 */
public final class LineDecoder extends Cutter {

  private boolean tooLong;

  /** Cuts with the bound that events have, {@link SseDecoder#EVENT_BYTES}. */
  public LineDecoder() {
    this(SseDecoder.EVENT_BYTES);
  }

  /**
   * Cuts with a bound of its own.
   *
   * @param lineBytes how long a line may be, its LF included; at least 1
   */
  public LineDecoder(int lineBytes) {
    super(lineBytes, "a line");
  }

  @Override
  void cut(byte[] bytes, int from, int to, Consumer<? super Piece> out) {
    int start = from;
    int end = feed(bytes, start, to);
    while (end < to) {
      give(bytes, start, end + 1, out);
      start = end + 1;
      end = feed(bytes, start, to);
    }
    hold(bytes, start, to, out);
  }

  /** The first LF at or behind {@code from}, or {@code to}. */
  private static int feed(byte[] bytes, int from, int to) {
    int at = Lines.end(bytes, from, to);
    while (at < to && bytes[at] == '\r') {
      at = Lines.end(bytes, at + 1, to);
    }
    return at;
  }

  /** Gives out the line that is complete with this range. */
  private void give(byte[] bytes, int from, int to, Consumer<? super Piece> out) {
    int length = to - from;
    if (tooLong || !fits(length)) {
      pass(held, 0, heldLength, false, out);
      out.accept(new Chunk(bytes, from, length, true));
    } else if (heldLength == 0) {
      out.accept(new JsonLine(bytes, from, length, true));
    } else {
      append(bytes, from, length);
      out.accept(new JsonLine(held, 0, heldLength, true));
    }
    begin();
  }

  private void begin() {
    tooLong = false;
    release();
  }

  /** Keeps the beginning of a line, or lets it through if it is too long. */
  private void hold(byte[] bytes, int from, int to, Consumer<? super Piece> out) {
    int length = to - from;
    if (!tooLong && fits(length)) {
      append(bytes, from, length);
    } else {
      tooLong = true;
      pass(held, 0, heldLength, false, out);
      heldLength = 0;
      pass(bytes, from, length, false, out);
    }
  }

  /** Gives out what is left: a line without its LF is not terminated, but can be read. */
  @Override
  public void end(Consumer<? super Piece> out) {
    if (heldLength > 0) {
      out.accept(new JsonLine(held, 0, heldLength, false));
      begin();
    }
  }
}
