package io.aiproxy.upstream;

import java.io.IOException;

/** Finds the body in the bytes behind a head, by one of HTTP/1.1's rules. For one body and one thread. */
sealed interface Framing permits Framing.Sized, Framing.UntilClose, Chunked {
  /**
   * Takes the bytes that were read and hands out which of them are of the body.
   *
   * @return how many belong to this answer; fewer than there are if it has ended
   * @throws IOException if they break the rule
   */
  int next(byte[] bytes, int length, Part part) throws IOException;

  /** Whether the body is whole. */
  boolean ended();

  /** Whether the end of the connection is the end of the body. */
  default boolean endsWithConnection() {
    return false;
  }

  /** As it was announced; -1 if it was not. */
  default long length() {
    return -1;
  }

  /** A run of the bytes. */
  @FunctionalInterface
  interface Part {
    void take(int offset, int length);
  }

  /** A body of a known length. */
  final class Sized implements Framing {
    private final long length;
    private long left;

    Sized(long length) {
      this.length = length;
      this.left = length;
    }

    @Override
    public int next(byte[] bytes, int count, Part part) {
      int own = (int) Math.min(left, count);
      left -= own;
      part.take(0, own);
      return own;
    }

    @Override
    public boolean ended() {
      return left == 0;
    }

    @Override
    public long length() {
      return length;
    }
  }

  /** A body that lasts as long as its connection. */
  final class UntilClose implements Framing {
    @Override
    public int next(byte[] bytes, int count, Part part) {
      part.take(0, count);
      return count;
    }

    @Override
    public boolean ended() {
      return false;
    }

    @Override
    public boolean endsWithConnection() {
      return true;
    }
  }
}
