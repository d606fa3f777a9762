package io.aiproxy.wire;

import io.aiproxy.stream.Chunk;
import io.aiproxy.stream.Piece;
import java.util.function.Consumer;

/**
 * Cuts a stream of bytes into server-sent events and changes none of them: what goes out is what came in, wherever it was
 * cut. A complete event is an {@link SseEvent}; it lies in the array it came in if that holds all of it. An event beyond the
 * bound passes as {@link Chunk}s, of which only the last is whole.
 *
 * <p>Lines end in LF, CR LF or CR. An event whose blank line is a CR behind a CR goes out at once, and a LF that still follows
 * leads the next piece. Any other CR that would end an event waits for the one byte behind it if the input is cut there: in
 * all real streams that is the LF which is already on its way.
 */
public final class SseDecoder extends Cutter {
  /** How long an event may be, if nothing else is said. */
  public static final int EVENT_BYTES = 1024 * 1024;

  private boolean first = true;
  private boolean tooLong;

  /** The present line is empty so far. */
  private boolean blank = true;
  /** The byte before was a CR. */
  private boolean afterReturn;
  /** That CR has ended the event, and a LF behind it still belongs to it. */
  private boolean ended;

  /** Cuts with the usual bound of {@link #EVENT_BYTES}. */
  public SseDecoder() {
    this(EVENT_BYTES);
  }

  /**
   * Cuts with a bound of its own.
   *
   * @param eventBytes how long an event may be, its blank line included; at least 1
   */
  public SseDecoder(int eventBytes) {
    super(eventBytes, "an event");
  }

  @Override
  void cut(byte[] bytes, int from, int to, Consumer<? super Piece> out) {
    int start = from;
    int at = from;
    while (at < to) {
      byte b = bytes[at];
      if (ended && b != '\n') {
        give(bytes, start, at, out);
        start = at;
      }
      if (b != '\n' && b != '\r') {
        blank = false;
        afterReturn = false;
        at = Lines.end(bytes, at + 1, to);
        continue;
      }
      at++;
      if (b == '\n' ? endsWithFeed() : endsWithReturn()) {
        give(bytes, start, at, out);
        start = at;
      }
    }
    hold(bytes, start, to, out);
  }

  /** Takes a LF; true if it is the event's last byte. */
  private boolean endsWithFeed() {
    boolean ends = afterReturn ? ended : blank;
    afterReturn = false;
    blank = true;
    return ends;
  }

  /** Takes a CR; true if it is the event's last byte for certain. */
  private boolean endsWithReturn() {
    boolean certain = afterReturn;
    ended = blank && !certain;
    boolean ends = blank && certain;
    afterReturn = true;
    blank = true;
    return ends;
  }

  /** Gives out the event that is complete with this range. */
  private void give(byte[] bytes, int from, int to, Consumer<? super Piece> out) {
    int length = to - from;
    if (tooLong || !fits(length)) {
      pass(held, 0, heldLength, length == 0, out);
      pass(bytes, from, length, true, out);
    } else if (heldLength == 0) {
      out.accept(new SseEvent(bytes, from, length, first, true));
    } else {
      append(bytes, from, length);
      out.accept(new SseEvent(held, 0, heldLength, first, true));
    }
    begin();
  }

  private void begin() {
    first = false;
    tooLong = false;
    ended = false;
    release();
  }

  /** Keeps the beginning of an event, or lets it through if it is too long. */
  private void hold(byte[] bytes, int from, int to, Consumer<? super Piece> out) {
    int length = to - from;
    if (!tooLong && fits(length)) {
      append(bytes, from, length);
    } else if (length > 0) {
      tooLong = true;
      pass(held, 0, heldLength, false, out);
      heldLength = 0;
      // an event that may just have ended needs a last piece
      int last = ended ? 1 : 0;
      pass(bytes, from, length - last, false, out);
      append(bytes, to - last, last);
    }
  }

  /** Gives out what is left: an event without its blank line is not terminated, but can be read. */
  @Override
  public void end(Consumer<? super Piece> out) {
    if (ended) {
      give(NOTHING, 0, 0, out);
    } else if (heldLength > 0) {
      // a LF alone is the second half of the line ending of an event that went out
      boolean terminated = heldLength == 1 && held[0] == '\n';
      out.accept(new SseEvent(held, 0, heldLength, first, terminated));
      begin();
    }
  }
}
