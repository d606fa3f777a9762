package io.aiproxy.wire;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32;

/**
 * One message of Amazon's event stream encoding (application/vnd.amazon.eventstream): lengths, headers, a payload and two
 * checksums, all numbers big-endian. It is what came, and a view of what it says. Like any piece it is good only until the
 * method that was given it returns; {@link #kept} makes one that stays. Used by one thread at a time.
 */
public final class AwsFrame implements Event {
  /** What {@link #messageType} says of a message that belongs to the answer. */
  public static final String EVENT = "event";

  /** What {@link #messageType} says of a failure that the service has a name for; nothing follows it. */
  public static final String EXCEPTION = "exception";

  /** Total length, length of the headers, and a checksum of the two. */
  static final int PRELUDE = 12;

  static final int CHECKSUM = 4;

  private final byte[] array;
  private final int offset;
  private final int length;

  private String messageType = "";
  private String name = "";

  AwsFrame(byte[] array, int offset, int length) {
    this.array = array;
    this.offset = offset;
    this.length = length;
  }

  /**
   * A message with a payload in JSON.
   *
   * @param messageType {@link #EVENT} or {@link #EXCEPTION}
   * @param name which event or exception it is
   */
  public static AwsFrame of(String messageType, String name, byte[] payload) {
    byte[] headers = AwsHeaders.encode(
        ":" + messageType + "-type",
        name,
        ":content-type",
        "application/json",
        ":message-type",
        messageType);
    int length = PRELUDE + headers.length + payload.length + CHECKSUM;
    ByteBuffer frame = ByteBuffer.allocate(length).putInt(length).putInt(headers.length);
    frame.putInt(checksum(frame.array(), 0, frame.position()));
    frame.put(headers).put(payload);
    frame.putInt(checksum(frame.array(), 0, frame.position()));
    AwsFrame made = new AwsFrame(frame.array(), 0, length);
    made.messageType = messageType;
    made.name = name;
    return made;
  }

  /** Whether its checksum is right and its headers can be read; only then it is handed out. */
  boolean isSound() {
    return intAt(array, offset + length - CHECKSUM) == checksum(array, offset, length - CHECKSUM)
        && AwsHeaders.read(array, offset + PRELUDE, dataOffset(), this::note);
  }

  private void note(String header, String value) {
    switch (header) {
      case ":message-type" -> messageType = value;
      case ":event-type", ":exception-type", ":error-code" -> name = value;
      default -> {}
    }
  }

  static int checksum(byte[] bytes, int from, int count) {
    CRC32 crc = new CRC32();
    crc.update(bytes, from, count);
    return (int) crc.getValue();
  }

  static int intAt(byte[] bytes, int at) {
    return (bytes[at] & 0xff) << 24
        | (bytes[at + 1] & 0xff) << 16
        | (bytes[at + 2] & 0xff) << 8
        | (bytes[at + 3] & 0xff);
  }

  /** {@link #EVENT}, {@link #EXCEPTION}, or {@code error} for a failure without a shape; empty if it does not say. */
  public String messageType() {
    return messageType;
  }

  /** Which event, exception or error it is; empty if it does not say. */
  @Override
  public String name() {
    return name;
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

  /** {@inheritDoc} A frame always is. */
  @Override
  public boolean whole() {
    return true;
  }

  @Override
  public AwsFrame kept() {
    AwsFrame copy = new AwsFrame(Arrays.copyOfRange(array, offset, offset + length), 0, length);
    copy.messageType = messageType;
    copy.name = name;
    return copy;
  }

  /** {@inheritDoc} The name of a frame says something even if its payload does not. */
  @Override
  public boolean hasData() {
    return true;
  }

  @Override
  public byte[] dataArray() {
    return array;
  }

  @Override
  public int dataOffset() {
    return offset + PRELUDE + intAt(array, offset + 4);
  }

  @Override
  public int dataLength() {
    return offset + length - CHECKSUM - dataOffset();
  }

  @Override
  public boolean isData(byte[] exactly) {
    return Arrays.equals(
        array, dataOffset(), dataOffset() + dataLength(), exactly, 0, exactly.length);
  }

  /** What is in it stays out of logs. */
  @Override
  public String toString() {
    return messageType + " " + name;
  }
}
