package io.aiproxy.wire;

import io.aiproxy.stream.Chunk;
import io.aiproxy.stream.Piece;
import java.util.Arrays;

/**
 * One element of an array that is sent as a stream, with what stands before it: its data is the element alone. What stands
 * behind the last one is an event without data. It has no name.
 */
@SuppressWarnings("ArrayRecordComponent") // two of them are never compared
record ArrayElement(byte[] array, int offset, int length, int lead, boolean whole)
    implements Event {
  @Override
  public String name() {
    return "";
  }

  @Override
  public boolean hasData() {
    return lead < length;
  }

  @Override
  public byte[] dataArray() {
    return array;
  }

  @Override
  public int dataOffset() {
    return offset + lead;
  }

  @Override
  public int dataLength() {
    return length - lead;
  }

  @Override
  public boolean isData(byte[] exactly) {
    return hasData()
        && Arrays.equals(
            array, dataOffset(), dataOffset() + dataLength(), exactly, 0, exactly.length);
  }

  @Override
  public Piece kept() {
    byte[] copy = Arrays.copyOfRange(array, offset, offset + length);
    return hasData()
        ? new ArrayElement(copy, 0, length, lead, whole)
        : new Chunk(copy, 0, length, whole);
  }
}
