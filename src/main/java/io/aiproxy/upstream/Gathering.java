package io.aiproxy.upstream;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;

/**
 * Puts small writes together until they are flushed, so that a head and a small body leave in one step, and has a buffer only
 * meanwhile. For one thread.
 */
final class Gathering extends FilterOutputStream {
  /** The most that is put together, in bytes. */
  static final int MOST = 8 * 1024;

  private static final int LEAST = 1024;
  private static final byte[] NOTHING = {};

  private byte[] held = NOTHING;
  private int length;

  Gathering(OutputStream out) {
    super(out);
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int count) throws IOException {
    if (length + count > MOST) {
      leave();
    }
    if (count > MOST) {
      out.write(bytes, offset, count);
    } else {
      hold(bytes, offset, count);
    }
  }

  private void hold(byte[] bytes, int offset, int count) {
    if (length + count > held.length) {
      held = Arrays.copyOf(held, Math.min(MOST, Math.max(LEAST, 2 * (length + count))));
    }
    System.arraycopy(bytes, offset, held, length, count);
    length += count;
  }

  private void leave() throws IOException {
    int count = length;
    length = 0;
    if (count > 0) {
      out.write(held, 0, count);
    }
  }

  @Override
  public void flush() throws IOException {
    leave();
    held = NOTHING;
    out.flush();
  }
}
