package io.aiproxy.stream;

/** Bytes without further meaning. */
@SuppressWarnings("ArrayRecordComponent") // two chunks are never compared
public record Chunk(byte[] array, int offset, int length, boolean whole) implements Piece {
  public static Chunk of(byte[] bytes) {
    return new Chunk(bytes, 0, bytes.length, true);
  }
}
