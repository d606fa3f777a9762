package io.aiproxy.wire;

import java.util.Arrays;

/**
 * One line of a stream in which each is a JSON text: its bytes as they came, its line ending included. Like any piece it is
 * good only until the method that was given it returns; {@link #kept} makes one that stays. Used by one thread at a time.
 */
public final class JsonLine implements Event {
  private final byte[] array;
  private final int offset;
  private final int length;
  private final boolean terminated;
  private final int dataLength;

  JsonLine(byte[] array, int offset, int length, boolean terminated) {
    this.array = array;
    this.offset = offset;
    this.length = length;
    this.terminated = terminated;
    int said = length;
    while (said > 0 && isBlank(array[offset + said - 1])) {
      said--;
    }
    dataLength = said;
  }

  private static boolean isBlank(byte b) {
    return b == '\n' || b == '\r' || b == ' ' || b == '\t';
  }

  @Override
  public byte[] array() {
    return array;
  }

  @Override
  public int offset() {
    return offset;
  }

  @Override
  public int length() {
    return length;
  }

  /** {@inheritDoc} Whether its LF is there; else the stream may have broken off inside. */
  @Override
  public boolean whole() {
    return terminated;
  }

  @Override
  public JsonLine kept() {
    return new JsonLine(Arrays.copyOfRange(array, offset, offset + length), 0, length, terminated);
  }

  /** Always empty: what a line is stands in its JSON. */
  @Override
  public String name() {
    return "";
  }

  /** Whether there is more than blanks in it. */
  @Override
  public boolean hasData() {
    return dataLength > 0;
  }

  @Override
  public byte[] dataArray() {
    return array;
  }

  @Override
  public int dataOffset() {
    return offset;
  }

  @Override
  public int dataLength() {
    return dataLength;
  }

  @Override
  public boolean isData(byte[] exactly) {
    return hasData()
        && Arrays.equals(array, offset, offset + dataLength, exactly, 0, exactly.length);
  }
}
