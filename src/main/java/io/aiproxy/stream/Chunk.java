package io.aiproxy.stream;

/** Bytes without further meaning. */
public record Chunk(byte[] array, int offset, int length, boolean whole) implements Piece {
  public static Chunk of(byte[] bytes) {
    return new Chunk(bytes, 0, bytes.length, true);
  }
}
