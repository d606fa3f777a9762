package io.aiproxy.stream;

/**
 * A run of bytes of a body on its way to the client. Its array belongs to whoever reads the upstream: a piece is good only
 * until the method that was given it returns, and nobody writes into it.
 */
public interface Piece {
  byte[] array();

  int offset();

  int length();

  /** Whether something else may be written right behind this piece: it does not end in the middle of an event. */
  boolean whole();

  /** A copy that stays good. */
  default Piece kept() {
    byte[] copy = new byte[length()];
    System.arraycopy(array(), offset(), copy, 0, copy.length);
    return new Chunk(copy, 0, copy.length, whole());
  }
}
