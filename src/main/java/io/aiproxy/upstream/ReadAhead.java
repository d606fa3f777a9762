package io.aiproxy.upstream;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/**
 * Takes a head off the socket in one large step though it is asked for in small ones, and has a buffer only as long as
 * something is left in it. A body, which is asked for in large steps, passes by. For one thread.
 */
class ReadAhead extends FilterInputStream {
  /** The least step that is a large one, in bytes. */
  static final int LARGE = 1024;

  /** How far it reads ahead. */
  static final int MOST = 4 * 1024;

  private static final byte[] NOTHING = {};

  private byte[] ahead = NOTHING;
  private int from;
  private int to;

  ReadAhead(InputStream in) {
    super(in);
  }

  /** Whether it has something that was not asked for yet. */
  final boolean isAhead() {
    return from < to;
  }

  /**
   * Reads from the socket, and from nowhere else.
   *
   * @return -1 at its end
   */
  int take(byte[] into, int offset, int length) throws IOException {
    return in.read(into, offset, length);
  }

  @Override
  public final int read() throws IOException {
    byte[] one = new byte[1];
    int count = read(one, 0, 1);
    return count < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public final int read(byte[] into, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, into.length);
    if (!isAhead()) {
      if (length >= LARGE || length == 0) {
        return take(into, offset, length);
      }
      if (!fill()) {
        return -1;
      }
    }
    int count = Math.min(length, to - from);
    System.arraycopy(ahead, from, into, offset, count);
    from += count;
    if (!isAhead()) {
      ahead = NOTHING;
    }
    return count;
  }

  private boolean fill() throws IOException {
    byte[] buffer = new byte[MOST];
    int count = take(buffer, 0, MOST);
    if (count > 0) {
      ahead = buffer;
      from = 0;
      to = count;
    }
    return count > 0;
  }

  @Override
  public final int available() throws IOException {
    return to - from + in.available();
  }

  @Override
  public final boolean markSupported() {
    return false;
  }
}
