package io.aiproxy.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;

/**
 * One server-sent event: its bytes as they came, comments and blank line included, and a view of what they say, which is
 * looked for when somebody asks. Like any piece it is good only until the method that was given it returns; {@link #kept}
 * makes one that stays. Used by one thread at a time.
 */
public final class SseEvent implements Event {
  private static final byte[] DATA = {'d', 'a', 't', 'a'};
  private static final byte[] EVENT = {'e', 'v', 'e', 'n', 't'};
  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

  private final byte[] array;
  private final int offset;
  private final int length;
  private final boolean first;
  private final boolean terminated;

  private boolean read;
  private int dataLines;
  private byte[] data;
  private int dataFrom;
  private int dataTo;
  private int nameFrom;
  private int nameTo;

  SseEvent(byte[] array, int offset, int length, boolean first, boolean terminated) {
    this.array = array;
    this.offset = offset;
    this.length = length;
    this.first = first;
    this.terminated = terminated;
    this.data = array;
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

  /** {@inheritDoc} The same as {@link #terminated}. */
  @Override
  public boolean whole() {
    return terminated;
  }

  /** Whether its blank line is there; else the stream broke off inside, and what it says may be cut short. */
  public boolean terminated() {
    return terminated;
  }

  @Override
  public SseEvent kept() {
    return new SseEvent(
        Arrays.copyOfRange(array, offset, offset + length), 0, length, first, terminated);
  }

  /** What its {@code event:} line says, the last if there are several; empty if there is none. */
  @Override
  public String name() {
    read();
    return new String(array, nameFrom, nameTo - nameFrom, UTF_8);
  }

  /** Whether it has a {@code data:} line at all, be it an empty one. */
  @Override
  public boolean hasData() {
    read();
    return dataLines > 0;
  }

  /** Holds the data: the piece's own array, or one of its own for several lines, joined with LF. Not to be written to. */
  @Override
  public byte[] dataArray() {
    read();
    return data;
  }

  /** Where the data begins in {@link #dataArray}. */
  @Override
  public int dataOffset() {
    read();
    return dataFrom;
  }

  /** How many bytes of data there are; 0 without a data line. */
  @Override
  public int dataLength() {
    read();
    return dataTo - dataFrom;
  }

  /** Whether its data is these very bytes. */
  @Override
  public boolean isData(byte[] exactly) {
    return hasData() && Arrays.equals(data, dataFrom, dataTo, exactly, 0, exactly.length);
  }

  private void read() {
    if (read) {
      return;
    }
    read = true;
    int to = offset + length;
    int at = start();
    while (at < to) {
      int end = Lines.end(array, at, to);
      line(at, end);
      at = Lines.behind(array, end, to);
    }
    if (dataLines > 1) {
      join();
    }
  }

  /** Where its first line begins: a byte order mark is no part of the stream's first. */
  private int start() {
    boolean marked = first && startsWith(offset, offset + length, BYTE_ORDER_MARK);
    return marked ? offset + BYTE_ORDER_MARK.length : offset;
  }

  private void line(int from, int to) {
    if (isField(from, to, DATA)) {
      dataLines++;
      dataFrom = value(from + DATA.length, to);
      dataTo = to;
    } else if (isField(from, to, EVENT)) {
      nameFrom = value(from + EVENT.length, to);
      nameTo = to;
    }
  }

  /** Puts the data lines together; rare, so it walks over them again. */
  private void join() {
    byte[] joined = new byte[length];
    int size = 0;
    int to = offset + length;
    int at = start();
    while (at < to) {
      int end = Lines.end(array, at, to);
      if (isField(at, end, DATA)) {
        int from = value(at + DATA.length, end);
        System.arraycopy(array, from, joined, size, end - from);
        size += end - from;
        joined[size++] = '\n';
      }
      at = Lines.behind(array, end, to);
    }
    data = joined;
    dataFrom = 0;
    dataTo = size - 1;
  }

  private boolean isField(int from, int to, byte[] name) {
    return startsWith(from, to, name)
        && (from + name.length == to || array[from + name.length] == ':');
  }

  private boolean startsWith(int from, int to, byte[] start) {
    if (to - from < start.length) {
      return false;
    }
    for (int i = 0; i < start.length; i++) {
      if (array[from + i] != start[i]) {
        return false;
      }
    }
    return true;
  }

  /** Where a field's value begins: behind the colon, if there is one, and behind one space. */
  private int value(int colon, int to) {
    int at = Math.min(colon + 1, to);
    return at < to && array[at] == ' ' ? at + 1 : at;
  }
}
