package io.aiproxy.wire;

import io.aiproxy.stream.Piece;

/**
 * One message of a stream: its bytes as they came, and a view of what they say. Like any piece it is good only until the
 * method that was given it returns. Used by one thread at a time.
 */
public interface Event extends Piece {
  /** What kind of message the framing says it is, such as {@code message_start}; empty if it does not. */
  String name();

  /** Whether it says anything; a comment does not. */
  boolean hasData();

  /** Holds the data. Not to be written to. */
  byte[] dataArray();

  /** Where the data begins in {@link #dataArray}. */
  int dataOffset();

  /** In bytes; 0 if there is none. */
  int dataLength();

  /** Whether its data is these very bytes. */
  boolean isData(byte[] exactly);
}
