package io.aiproxy.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.aiproxy.stream.Piece;
import io.aiproxy.wire.FrameCuts.Frame;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import software.amazon.eventstream.HeaderValue;
import software.amazon.eventstream.Message;
import software.amazon.eventstream.MessageDecoder;

/** Amazon's own coder is the judge of what a frame is. */
class EventStreamDecoderTest {
  private static final int BOUND = 1_000;

  private static byte[] message(String type, String name, String payload) {
    Map<String, HeaderValue> headers = new LinkedHashMap<>();
    headers.put(":" + type + "-type", HeaderValue.fromString(name));
    headers.put(":content-type", HeaderValue.fromString("application/json"));
    headers.put(":message-type", HeaderValue.fromString(type));
    return bytes(new Message(headers, payload.getBytes(UTF_8)));
  }

  private static byte[] bytes(Message message) {
    ByteBuffer buffer = message.toByteBuffer();
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    return bytes;
  }

  private static byte[] joined(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  private static final byte[] START = message("event", "messageStart", "{\"role\":\"assistant\"}");
  private static final byte[] DELTA = message("event", "contentBlockDelta", "{\"a\":\"\u4e16\"}");
  private static final byte[] LONG = message("event", "metadata", "x".repeat(BOUND));
  private static final byte[] FAILURE = message("exception", "throttlingException", "{}");

  private static List<Frame> decode(byte[] stream) {
    return FrameCuts.decode(stream, BOUND, at -> stream.length);
  }

  private static void assertSameWhereverCut(byte[] stream) {
    List<Frame> expected = decode(stream);
    for (int cut = 1; cut < stream.length; cut++) {
      int first = cut;
      assertThat(FrameCuts.decode(stream, BOUND, at -> at == 0 ? first : stream.length))
          .as("cut at %s", cut)
          .isEqualTo(expected);
      assertThat(FrameCuts.decode(stream, BOUND, at -> first))
          .as("in pieces of %s", cut)
          .isEqualTo(expected);
    }
  }

  @Test
  void cutsAStreamIntoFrames() {
    assertThat(decode(joined(START, DELTA, FAILURE)))
        .extracting(Frame::messageType, Frame::name, Frame::data)
        .containsExactly(
            tuple("event", "messageStart", "{\"role\":\"assistant\"}"),
            tuple("event", "contentBlockDelta", "{\"a\":\"\u4e16\"}"),
            tuple("exception", "throttlingException", "{}"));
  }

  @Test
  void givesTheSameFramesWhereverTheBytesAreCut() {
    assertSameWhereverCut(joined(START, DELTA, LONG, FAILURE));
  }

  @Test
  void letsAFrameBeyondTheBoundPassAndReadsOnBehindIt() {
    assertThat(decode(joined(START, LONG, DELTA)))
        .extracting(Frame::messageType)
        .containsExactly("event", "too long", "event");
  }

  @Test
  void takesAFrameOfExactlyTheBound() {
    assertThat(FrameCuts.decode(START, START.length, at -> 7))
        .extracting(Frame::name)
        .containsExactly("messageStart");
    assertThat(FrameCuts.decode(START, START.length - 1, at -> 7))
        .extracting(Frame::messageType)
        .containsExactly("too long");
  }

  @Test
  void readsNothingFromABrokenFrameOn() {
    for (int at = 0; at < DELTA.length; at++) {
      byte[] broken = DELTA.clone();
      broken[at] ^= 0x10;
      assertThat(decode(joined(START, broken, FAILURE)))
          .as("a flipped bit in byte %s", at)
          .extracting(Frame::messageType)
          .containsExactly("event", "broken");
    }
  }

  @Test
  void passesABrokenStreamWhereverItIsCut() {
    byte[] broken = DELTA.clone();
    broken[DELTA.length - 1] ^= 1;
    assertSameWhereverCut(joined(START, broken, FAILURE));
    byte[] wrongLength = DELTA.clone();
    wrongLength[3]++;
    assertSameWhereverCut(joined(START, wrongLength, FAILURE));
  }

  @Test
  void doesNotReadAFrameThatDidNotComeWhole() {
    for (int length = 1; length < DELTA.length; length++) {
      byte[] beginning = Arrays.copyOf(DELTA, length);
      assertThat(decode(joined(START, beginning)))
          .extracting(Frame::messageType)
          .containsExactly("event", "broken");
    }
  }

  @Test
  void refusesHeadersThatEndInTheMiddle() {
    Map<String, HeaderValue> headers = Map.of("name", HeaderValue.fromString("value"));
    byte[] frame = bytes(new Message(headers, new byte[0]));
    frame[AwsFrame.PRELUDE]++; // the length of the name
    ByteBuffer.wrap(frame).putInt(frame.length - 4, AwsFrame.checksum(frame, 0, frame.length - 4));

    assertThat(decode(frame)).extracting(Frame::messageType).containsExactly("broken");
  }

  @Test
  void givesAFrameOutWithItsLastByte() {
    List<Piece> pieces = new ArrayList<>();
    EventStreamDecoder decoder = new EventStreamDecoder();
    for (byte b : joined(START, DELTA)) {
      decoder.next(ByteBuffer.wrap(new byte[] {b}), piece -> pieces.add(piece.kept()));
      if (pieces.size() == 1) {
        assertThat(pieces.get(0).length()).isEqualTo(START.length);
      }
    }
    assertThat(pieces).hasSize(2);
  }

  @Test
  void keepsWhatAFrameSaysInACopy() {
    List<Piece> pieces = new ArrayList<>();
    byte[] stream = START.clone();
    new EventStreamDecoder().next(ByteBuffer.wrap(stream), piece -> pieces.add(piece.kept()));
    Arrays.fill(stream, (byte) 0);

    assertThat(FrameCuts.frame((AwsFrame) pieces.get(0)))
        .isEqualTo(decode(START).get(0));
  }

  @Test
  void writesFramesAsAmazonDoes() {
    AwsFrame made =
        AwsFrame.of("event", "messageStart", "{\"role\":\"assistant\"}".getBytes(UTF_8));

    assertThat(made.array()).isEqualTo(START);
    assertThat(FrameCuts.frame(made)).isEqualTo(decode(START).get(0));
  }

  @Test
  void readsWhatAmazonReadsOfAnyMessage() {
    Random random = new Random(1);
    for (int i = 0; i < 300; i++) {
      List<Message> messages = new ArrayList<>();
      for (int n = random.nextInt(5); n >= 0; n--) {
        messages.add(any(random));
      }
      byte[] stream =
          joined(messages.stream().map(EventStreamDecoderTest::bytes).toArray(byte[][]::new));
      MessageDecoder judge = new MessageDecoder();
      judge.feed(stream);

      assertThat(FrameCuts.decode(stream, 1 << 20, at -> 1 + random.nextInt(100)))
          .extracting(Frame::name, Frame::data)
          .isEqualTo(judge.getDecodedMessages().stream()
              .map(message -> tuple(
                  message.getHeaders().get(":event-type").getString(),
                  new String(message.getPayload(), UTF_8)))
              .toList());
    }
  }

  /** Without bytes and shorts, which Amazon's coder writes and cannot read. */
  private static Message any(Random random) {
    byte[] bytes = new byte[1 + random.nextInt(300)];
    random.nextBytes(bytes);
    List<HeaderValue> values = List.of(
        HeaderValue.fromBoolean(random.nextBoolean()),
        HeaderValue.fromInteger(random.nextInt()),
        HeaderValue.fromLong(random.nextLong()),
        HeaderValue.fromByteArray(bytes),
        HeaderValue.fromString("x".repeat(1 + random.nextInt(300))),
        HeaderValue.fromTimestamp(Instant.ofEpochMilli(random.nextInt())),
        HeaderValue.fromUuid(new UUID(random.nextLong(), random.nextLong())));
    Map<String, HeaderValue> headers = new LinkedHashMap<>();
    for (int n = random.nextInt(6); n > 0; n--) {
      headers.put("header" + n, values.get(random.nextInt(values.size())));
    }
    headers.put(":event-type", HeaderValue.fromString("event" + random.nextInt(100)));
    return new Message(headers, bytes);
  }

  @Test
  void needsABoundThatAFrameFitsIn() {
    assertThatThrownBy(() -> new EventStreamDecoder(15))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
