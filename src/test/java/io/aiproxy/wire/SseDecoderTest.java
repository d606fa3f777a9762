package io.aiproxy.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aiproxy.stream.Piece;
import io.aiproxy.wire.Cuts.Event;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SseDecoderTest {
  private static final String STREAM =
      "\ufeff: hello\n\nevent: message_start\r\ndata: {\"a\":1}\r\n\r\ndata:one\ndata: two\rdata\r\n\n"
          + "id: 7\nretry: 10\nunknown\ndata: \u4e16\u754c\n\r\ndata: x\r\r\ndata: y\n\r: ping\r\n\r\n\n\r\n\r\rdata: [DONE]\n\ndata: cut";

  @Test
  void cutsAStreamIntoEvents() {
    assertThat(Cuts.decode(STREAM.getBytes(UTF_8), 1_000, at -> 1_000))
        .containsExactly(
            new Event("\ufeff: hello\n\n", "", "none", true),
            new Event(
                "event: message_start\r\ndata: {\"a\":1}\r\n\r\n",
                "message_start",
                "{\"a\":1}",
                true),
            new Event("data:one\ndata: two\rdata\r\n\n", "", "one\ntwo\n", true),
            new Event(
                "id: 7\nretry: 10\nunknown\ndata: \u4e16\u754c\n\r\n", "", "\u4e16\u754c", true),
            new Event("data: x\r\r", "", "x", true),
            new Event("\ndata: y\n\r", "", "y", true),
            new Event(": ping\r\n\r\n", "", "none", true),
            new Event("\n", "", "none", true),
            new Event("\r\n", "", "none", true),
            new Event("\r", "", "none", true),
            new Event("\r", "", "none", true),
            new Event("data: [DONE]\n\n", "", "[DONE]", true),
            new Event("data: cut", "", "cut", false));
  }

  @Test
  void givesTheSameEventsWhereverTheBytesAreCut() {
    byte[] stream = STREAM.getBytes(UTF_8);
    for (int bound : List.of(1_000, 20, 1)) {
      List<Event> expected = Cuts.decode(stream, bound, at -> stream.length);
      for (int cut = 1; cut < stream.length; cut++) {
        int first = cut;
        assertThat(Cuts.decode(stream, bound, at -> at == 0 ? first : stream.length))
            .as("cut at %s", cut)
            .isEqualTo(expected);
        assertThat(Cuts.decode(stream, bound, at -> first))
            .as("in pieces of %s", cut)
            .isEqualTo(expected);
      }
    }
  }

  @Test
  void cutsAnyStreamAsAPlainReaderWould() {
    String[] parts = {
      "data",
      "event",
      ":",
      " ",
      "\r",
      "\n",
      "\r\n",
      "x",
      ": ",
      "data: x\n\n",
      "\ufeff",
      "\u00e9",
      "a longer run of text"
    };
    Random random = new Random(1);
    for (int i = 0; i < 5_000; i++) {
      StringBuilder stream = new StringBuilder();
      for (int n = random.nextInt(20); n > 0; n--) {
        stream.append(parts[random.nextInt(parts.length)]);
      }
      int bound = random.nextBoolean() ? 10 : 1_000;
      assertThat(Cuts.decode(stream.toString().getBytes(UTF_8), bound, at -> 1 + random.nextInt(7)))
          .as(stream.toString())
          .isEqualTo(Cuts.plainly(stream.toString(), bound));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "data: x\n\n",
        "data: x\r\n\r\n",
        "data: x\r\r",
        "data: x\r\n\n",
        "data: x\r\n\r\ndata: y\r\n"
      })
  void givesAnEventOutWithItsLastByte(String stream) {
    List<Piece> pieces = new ArrayList<>();
    new SseDecoder().next(ByteBuffer.wrap(stream.getBytes(UTF_8)), pieces::add);
    assertThat(pieces).hasSize(1);
  }

  @Test
  void waitsForALineFeedThatIsOnItsWay() {
    List<Piece> pieces = new ArrayList<>();
    SseDecoder decoder = new SseDecoder();
    decoder.next(ByteBuffer.wrap("data: x\r\n\r".getBytes(UTF_8)), pieces::add);
    assertThat(pieces).isEmpty();
    decoder.next(ByteBuffer.wrap("\n".getBytes(UTF_8)), pieces::add);
    assertThat(pieces).hasSize(1);
    assertThat(pieces.get(0).length()).isEqualTo(11);
  }

  @Test
  void givesOutRangesOfTheArrayItWasGiven() {
    byte[] stream = "xxdata: a\n\ndata: b\n\n".getBytes(UTF_8);
    List<Piece> pieces = new ArrayList<>();
    new SseDecoder().next(ByteBuffer.wrap(stream, 2, stream.length - 2), pieces::add);
    assertThat(pieces).hasSize(2).allMatch(piece -> piece.array() == stream);
    assertThat(pieces).extracting(Piece::offset).containsExactly(2, 11);
  }

  @Test
  void takesBuffersWithoutAnArray() {
    ByteBuffer direct = ByteBuffer.allocateDirect(9);
    direct.put("data: x\n\n".getBytes(UTF_8)).flip();
    ByteBuffer readOnly = ByteBuffer.wrap("data: y\n\n".getBytes(UTF_8)).asReadOnlyBuffer();
    List<String> data = new ArrayList<>();
    SseDecoder decoder = new SseDecoder();
    decoder.next(direct, piece -> data.add(Cuts.event((SseEvent) piece).data()));
    decoder.next(readOnly, piece -> data.add(Cuts.event((SseEvent) piece).data()));
    assertThat(data).containsExactly("x", "y");
    assertThat(direct.hasRemaining() || readOnly.hasRemaining()).isFalse();
  }

  @Test
  void takesBuffersThatAreSlices() {
    ByteBuffer slice =
        ByteBuffer.wrap("##data: x\n\n##".getBytes(UTF_8)).position(2).slice().limit(9);
    List<String> data = new ArrayList<>();
    new SseDecoder().next(slice, piece -> data.add(Cuts.event((SseEvent) piece).bytes()));
    assertThat(data).containsExactly("data: x\n\n");
  }

  @Test
  void letsAnEventBeyondItsBoundPassAndIsThenInStep() {
    String atBound = "data: 345678\n\n";
    String beyond = "data: 3456789\n\n";
    String stream = atBound
        + beyond
        + beyond.replace("\n\n", "\r\n\r\n")
        + beyond.replace("\n", "\r")
        + atBound;
    for (int length = 1; length < stream.length(); length++) {
      int pieces = length;
      assertThat(Cuts.decode(stream.getBytes(UTF_8), atBound.length(), at -> pieces))
          .extracting(Event::data)
          .containsExactly("345678", "too long", "too long", "too long", "345678");
    }
  }

  @Test
  void letsALongEventPassThatNeverEnds() {
    assertThat(Cuts.decode("data: 3456789".getBytes(UTF_8), 10, at -> 4))
        .containsExactly(new Event("data: 3456789", "", "too long", false));
  }

  @Test
  void holdsLittleOfAMillionLinesInOneEvent() {
    byte[] line = "data: x\n".getBytes(UTF_8);
    SseDecoder decoder = new SseDecoder(10_000);
    List<Boolean> whole = new ArrayList<>();
    for (int i = 0; i < 1_000_000; i++) {
      decoder.next(ByteBuffer.wrap(line), piece -> {
        assertThat(piece.array().length).isLessThanOrEqualTo(10_000);
        whole.add(piece.whole());
      });
    }
    assertThat(whole).hasSizeGreaterThan(900_000).doesNotContain(true);
    decoder.next(
        ByteBuffer.wrap("\ndata: y\n\n".getBytes(UTF_8)), piece -> whole.add(piece.whole()));
    assertThat(whole).endsWith(false, true, true);
  }

  @Test
  void readsTenThousandDataLines() {
    byte[] stream = ("data: x\n".repeat(10_000) + "\n").getBytes(UTF_8);
    List<Event> events = Cuts.decode(stream, SseDecoder.EVENT_BYTES, at -> 1_000);
    assertThat(events).hasSize(1);
    assertThat(events.get(0).data()).isEqualTo("x\n".repeat(10_000).strip());
  }

  @Test
  void marksTheEndOfAStreamThatBrokeOff() {
    assertThat(Cuts.decode("data: x\n".getBytes(UTF_8), 100, at -> 100))
        .containsExactly(new Event("data: x\n", "", "x", false));
    assertThat(Cuts.decode("data: x\r\n\r".getBytes(UTF_8), 100, at -> 100))
        .containsExactly(new Event("data: x\r\n\r", "", "x", true));
    assertThat(Cuts.decode("data: x\r\r\n".getBytes(UTF_8), 100, at -> 100))
        .containsExactly(
            new Event("data: x\r\r", "", "x", true), new Event("\n", "", "none", true));
    assertThat(Cuts.decode(new byte[0], 100, at -> 1)).isEmpty();
  }

  @Test
  void endsOnlyOnce() {
    SseDecoder decoder = new SseDecoder();
    List<Piece> pieces = new ArrayList<>();
    decoder.next(ByteBuffer.wrap("data: x".getBytes(UTF_8)), pieces::add);
    decoder.end(pieces::add);
    decoder.end(pieces::add);
    assertThat(pieces).hasSize(1);
  }

  @Test
  void refusesABoundThatIsNone() {
    assertThatThrownBy(() -> new SseDecoder(0)).isInstanceOf(IllegalArgumentException.class);
  }
}
