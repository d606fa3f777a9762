package io.aiproxy.upstream;

import java.io.IOException;
import org.apache.hc.core5.http.MalformedChunkCodingException;

/**
 * The chunked transfer coding, byte by byte, so that it can stop and go on anywhere. Strict: lines end with CR LF, a size is
 * hexadecimal digits alone, and the body is whole only with the empty line at its very end. Extensions and trailers are
 * passed over.
 *
 * <p>HttpCore's own stream cannot take its place: a timeout within its trailers makes a broken body look whole.
 */
final class Chunked implements Framing {
  /** The longest line of a size with its extensions, and all trailers together, in bytes. */
  static final int MOST_LINE = 16 * 1024;

  private enum State {
    SIZE,
    PADDING,
    EXTENSION,
    SIZE_LF,
    DATA,
    DATA_CR,
    DATA_LF,
    TRAILER,
    TRAILER_TEXT,
    TRAILER_LF,
    LAST_LF,
    END
  }

  private State state = State.SIZE;
  private long left;
  private int digits;
  private int line;

  @Override
  public boolean ended() {
    return state == State.END;
  }

  @Override
  public int next(byte[] bytes, int length, Part part) throws IOException {
    int at = 0;
    while (at < length && state != State.END) {
      if (state == State.DATA) {
        int run = (int) Math.min(left, length - at);
        left -= run;
        state = left == 0 ? State.DATA_CR : State.DATA;
        part.take(at, run);
        at += run;
      } else {
        step(bytes[at++]);
      }
    }
    return at;
  }

  private void step(byte b) throws IOException {
    switch (state) {
      case SIZE -> size(b);
      case PADDING -> padding(b);
      case EXTENSION -> state = b == '\r' ? State.SIZE_LF : within(State.EXTENSION, b);
      case SIZE_LF -> sizeEnds(b);
      case DATA_CR -> state = expect('\r', b, State.DATA_LF);
      case DATA_LF -> state = beginLine(expect('\n', b, State.SIZE));
      case TRAILER -> state = b == '\r' ? State.LAST_LF : within(State.TRAILER_TEXT, b);
      case TRAILER_TEXT -> state = b == '\r' ? State.TRAILER_LF : within(State.TRAILER_TEXT, b);
      case TRAILER_LF -> state = expect('\n', b, State.TRAILER);
      case LAST_LF -> state = expect('\n', b, State.END);
      default -> throw new IllegalStateException(state.name());
    }
  }

  private void size(byte b) throws IOException {
    int digit = Character.digit(b, 16);
    if (digit >= 0) {
      if (++digits > 15) {
        throw new MalformedChunkCodingException("chunk size too large");
      }
      left = left << 4 | digit;
    } else if (digits == 0) {
      throw new MalformedChunkCodingException("no chunk size");
    } else {
      padding(b);
    }
  }

  private void padding(byte b) throws IOException {
    state = switch (b) {
      case ' ', '\t' -> within(State.PADDING, b);
      case ';' -> State.EXTENSION;
      case '\r' -> State.SIZE_LF;
      default -> throw new MalformedChunkCodingException("bad chunk size");
    };
  }

  private void sizeEnds(byte b) throws IOException {
    state = beginLine(expect('\n', b, left == 0 ? State.TRAILER : State.DATA));
  }

  private State beginLine(State next) {
    digits = 0;
    line = 0;
    return next;
  }

  private static State expect(char expected, byte b, State next) throws IOException {
    if (b != expected) {
      throw new MalformedChunkCodingException("a line of the chunk coding is broken");
    }
    return next;
  }

  private State within(State next, byte b) throws IOException {
    if (++line > MOST_LINE || b == '\n') {
      throw new MalformedChunkCodingException("a line of the chunk coding is too long or broken");
    }
    return next;
  }
}
