package io.aiproxy.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aiproxy.stream.Piece;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Test;

class LineDecoderTest {
  private static final String STREAM =
      "{\"a\":1}\n{\"b\":\"\u4e16\"}\r\n\n \r\n{\"c\":\r3}\n{\"d\":\"much longer than the others\"}\n{\"e\":5}";

  private record Line(String bytes, String data, boolean whole) {}

  @Test
  void cutsAStreamIntoLines() {
    assertThat(decode(1_000, at -> 1_000))
        .containsExactly(
            new Line("{\"a\":1}\n", "{\"a\":1}", true),
            new Line("{\"b\":\"\u4e16\"}\r\n", "{\"b\":\"\u4e16\"}", true),
            new Line("\n", "none", true),
            new Line(" \r\n", "none", true),
            new Line("{\"c\":\r3}\n", "{\"c\":\r3}", true),
            new Line(
                "{\"d\":\"much longer than the others\"}\n",
                "{\"d\":\"much longer than the others\"}",
                true),
            new Line("{\"e\":5}", "{\"e\":5}", false));
  }

  @Test
  void givesTheSameLinesWhereverTheBytesAreCut() {
    int length = STREAM.getBytes(UTF_8).length;
    for (int bound : List.of(1_000, 20, 1)) {
      List<Line> expected = decode(bound, at -> length);
      for (int cut = 1; cut < length; cut++) {
        int first = cut;
        assertThat(decode(bound, at -> at == 0 ? first : length))
            .as("cut at %s", cut)
            .isEqualTo(expected);
        assertThat(decode(bound, at -> first)).as("in pieces of %s", cut).isEqualTo(expected);
      }
    }
  }

  @Test
  void letsALineBeyondItsBoundThroughUnread() {
    assertThat(decode(20, at -> 1_000))
        .contains(new Line("{\"d\":\"much longer than the others\"}\n", "too long", true));
  }

  @Test
  void holdsNoMoreThanItsBound() {
    LineDecoder decoder = new LineDecoder(4);
    List<String> out = new ArrayList<>();
    for (String part : List.of("123", "4", "5", "67\n", "8")) {
      decoder.next(
          ByteBuffer.wrap(part.getBytes(UTF_8)),
          piece -> out.add(new String(piece.array(), piece.offset(), piece.length(), UTF_8)));
    }

    assertThat(out).containsExactly("1234", "5", "67\n");
  }

  @Test
  void keepsALineThatShallStay() {
    byte[] bytes = "{}\n".getBytes(UTF_8);
    List<Piece> kept = new ArrayList<>();
    new LineDecoder().next(ByteBuffer.wrap(bytes), piece -> kept.add(piece.kept()));
    Arrays.fill(bytes, (byte) '#');

    assertThat(kept.get(0))
        .isInstanceOfSatisfying(
            JsonLine.class,
            line -> assertThat(line.isData("{}".getBytes(UTF_8))).isTrue());
  }

  @Test
  void readsBuffersThatHaveNoArray() {
    ByteBuffer direct = ByteBuffer.allocateDirect(3).put("{}\n".getBytes(UTF_8)).flip();
    List<Piece> pieces = new ArrayList<>();
    new LineDecoder().next(direct, pieces::add);

    assertThat(pieces).hasSize(1);
    assertThat(direct.hasRemaining()).isFalse();
  }

  @Test
  void wantsRoomForAByte() {
    assertThatThrownBy(() -> new LineDecoder(0)).isInstanceOf(IllegalArgumentException.class);
  }

  private static List<Line> decode(int bound, IntUnaryOperator lengthAt) {
    byte[] stream = STREAM.getBytes(UTF_8);
    LineDecoder decoder = new LineDecoder(bound);
    List<Line> lines = new ArrayList<>();
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    ByteArrayOutputStream parts = new ByteArrayOutputStream();
    for (int at = 0; at < stream.length; ) {
      int length = Math.min(lengthAt.applyAsInt(at), stream.length - at);
      byte[] piece = new byte[length + 4];
      System.arraycopy(stream, at, piece, 2, length);
      decoder.next(ByteBuffer.wrap(piece, 2, length), out -> take(out, lines, all, parts));
      Arrays.fill(piece, (byte) '#');
      at += length;
    }
    decoder.end(out -> take(out, lines, all, parts));
    if (parts.size() > 0) {
      lines.add(new Line(parts.toString(UTF_8), "too long", false));
    }
    assertThat(all.toByteArray()).isEqualTo(stream);
    return lines;
  }

  private static void take(
      Piece piece, List<Line> lines, ByteArrayOutputStream all, ByteArrayOutputStream parts) {
    assertThat(piece.length()).isPositive();
    all.write(piece.array(), piece.offset(), piece.length());
    if (piece instanceof JsonLine line) {
      String bytes = new String(line.array(), line.offset(), line.length(), UTF_8);
      String data = new String(line.dataArray(), line.dataOffset(), line.dataLength(), UTF_8);
      lines.add(new Line(bytes, line.hasData() ? data : "none", line.whole()));
      return;
    }
    parts.write(piece.array(), piece.offset(), piece.length());
    if (piece.whole()) {
      lines.add(new Line(parts.toString(UTF_8), "too long", true));
      parts.reset();
    }
  }
}
