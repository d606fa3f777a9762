package io.aiproxy.wire;

import io.aiproxy.stream.Chunk;
import io.aiproxy.stream.Piece;
import java.util.function.Consumer;

/**
 * Cuts an array of objects that comes while it is made into its elements and changes no byte: what goes out is what came in,
 * wherever it was cut. An element goes out with its last brace, together with the bracket or comma before it; nothing may be
 * written behind the closing bracket, so that is never whole. An element beyond the bound passes as {@link Chunk}s, of which
 * only the last is whole. What is no array of objects passes as it is and is not read.
 */
public final class JsonArrayDecoder extends Cutter {

  private enum State {
    /** The array has not begun. */
    BEFORE,
    /** Between two elements, or before the first. */
    BETWEEN,
    ELEMENT,
    /** In a string of an element. */
    STRING,
    /** Behind a backslash in such a string. */
    ESCAPED,
    /** The array has ended. */
    BEHIND,
    /** This is something else. */
    FOREIGN
  }

  private State state = State.BEFORE;
  private int depth;
  private int lead;
  private boolean tooLong;

  /** Cuts with the usual bound of {@link SseDecoder#EVENT_BYTES}. */
  public JsonArrayDecoder() {
    this(SseDecoder.EVENT_BYTES);
  }

  /**
   * Cuts with a bound of its own.
   *
   * @param eventBytes how long an element may be, with what stands before it; at least 1
   */
  public JsonArrayDecoder(int eventBytes) {
    super(eventBytes, "an element");
  }

  @Override
  void cut(byte[] bytes, int from, int to, Consumer<? super Piece> out) {
    int start = from;
    for (int at = from; at < to; at++) {
      State before = state;
      state = after(bytes[at]);
      if (before == State.BETWEEN && state == State.ELEMENT) {
        lead = heldLength + at - start;
      } else if (state == State.FOREIGN) {
        passAll(bytes, start, to, out);
        return;
      } else if (state == State.BEHIND) {
        close(bytes, start, before == State.BEHIND ? at : at + 1, to, out);
        return;
      } else if (before == State.ELEMENT && state == State.BETWEEN) {
        give(bytes, start, at + 1, true, out);
        start = at + 1;
      }
    }
    hold(bytes, start, to, out);
  }

  private State after(byte b) {
    return switch (state) {
      case BEFORE -> isSpace(b) ? State.BEFORE : b == '[' ? State.BETWEEN : State.FOREIGN;
      case BETWEEN -> between(b);
      case ELEMENT -> inside(b);
      case STRING -> b == '"' ? State.ELEMENT : b == '\\' ? State.ESCAPED : State.STRING;
      case ESCAPED -> State.STRING;
      case BEHIND -> State.BEHIND;
      case FOREIGN -> State.FOREIGN;
    };
  }

  private State between(byte b) {
    return switch (b) {
      case '{' -> {
        depth = 1;
        yield State.ELEMENT;
      }
      case ']' -> State.BEHIND;
      case ',' -> State.BETWEEN;
      default -> isSpace(b) ? State.BETWEEN : State.FOREIGN;
    };
  }

  private State inside(byte b) {
    switch (b) {
      case '"' -> {
        return State.STRING;
      }
      case '{', '[' -> depth++;
      case '}', ']' -> depth--;
      default -> {}
    }
    return depth == 0 ? State.BETWEEN : State.ELEMENT;
  }

  private static boolean isSpace(byte b) {
    return b == ' ' || b == '\n' || b == '\r' || b == '\t';
  }

  /** Gives out the element that is complete with this range. */
  private void give(byte[] bytes, int from, int to, boolean whole, Consumer<? super Piece> out) {
    int length = to - from;
    if (tooLong || !fits(length)) {
      pass(held, 0, heldLength, false, out);
      pass(bytes, from, length, whole, out);
    } else if (heldLength == 0) {
      out.accept(new ArrayElement(bytes, from, length, lead, whole));
    } else {
      append(bytes, from, length);
      out.accept(new ArrayElement(held, 0, heldLength, lead, whole));
    }
    begin();
  }

  private void begin() {
    tooLong = false;
    release();
  }

  /** Gives out what is left: up to the closing bracket, if that is here, and what follows it. */
  private void close(byte[] bytes, int from, int end, int to, Consumer<? super Piece> out) {
    if (end > from) {
      lead = heldLength + end - from;
      give(bytes, from, end, false, out);
    }
    if (to > end) {
      out.accept(new ArrayElement(bytes, end, to - end, to - end, false));
    }
  }

  private void passAll(byte[] bytes, int from, int to, Consumer<? super Piece> out) {
    pass(held, 0, heldLength, false, out);
    pass(bytes, from, to - from, false, out);
    begin();
  }

  /** Keeps the beginning of an element, or lets it through if it is too long. */
  private void hold(byte[] bytes, int from, int to, Consumer<? super Piece> out) {
    int length = to - from;
    if (!tooLong && fits(length)) {
      append(bytes, from, length);
    } else if (length > 0) {
      passAll(bytes, from, to, out);
      tooLong = true;
    }
  }

  /** Gives out what is left: an element that breaks off is not whole, but can be read as far as it goes. */
  @Override
  public void end(Consumer<? super Piece> out) {
    if (heldLength > 0) {
      boolean begun = state == State.ELEMENT || state == State.STRING || state == State.ESCAPED;
      out.accept(new ArrayElement(held, 0, heldLength, begun ? lead : heldLength, false));
      begin();
    }
  }
}
