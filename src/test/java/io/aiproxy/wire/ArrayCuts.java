package io.aiproxy.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.aiproxy.stream.Piece;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntUnaryOperator;

/** What a decoder makes of an array that comes in pieces. */
final class ArrayCuts {
  private final List<Element> elements = new ArrayList<>();
  private final ByteArrayOutputStream all = new ByteArrayOutputStream();
  private final ByteArrayOutputStream behind = new ByteArrayOutputStream();
  private final ByteArrayOutputStream parts = new ByteArrayOutputStream();

  private ArrayCuts() {}

  /** One element as it can be told from outside; that of a longer one than the bound has no data. */
  record Element(String bytes, String data, boolean whole) {}

  static List<Element> decode(byte[] stream, int bound, IntUnaryOperator lengthAt) {
    ArrayCuts cuts = new ArrayCuts();
    JsonArrayDecoder decoder = new JsonArrayDecoder(bound);
    for (int at = 0; at < stream.length; ) {
      int length = Math.min(lengthAt.applyAsInt(at), stream.length - at);
      byte[] piece = new byte[length + 4];
      System.arraycopy(stream, at, piece, 2, length);
      ByteBuffer chunk = ByteBuffer.wrap(piece, 2, length);
      decoder.next(chunk, cuts::take);
      assertThat(chunk.hasRemaining()).isFalse();
      Arrays.fill(piece, (byte) '#');
      at += length;
    }
    decoder.end(cuts::take);
    assertThat(cuts.all.toByteArray()).isEqualTo(stream);
    return cuts.elements();
  }

  private void take(Piece piece) {
    assertThat(piece.length()).isPositive();
    all.write(piece.array(), piece.offset(), piece.length());
    if (!(piece instanceof Event event)) {
      parts.write(piece.array(), piece.offset(), piece.length());
      if (piece.whole()) {
        elements.add(new Element(parts.toString(UTF_8), "too long", true));
        parts.reset();
      }
    } else if (event.hasData()) {
      String bytes = new String(piece.array(), piece.offset(), piece.length(), UTF_8);
      String data = new String(event.dataArray(), event.dataOffset(), event.dataLength(), UTF_8);
      elements.add(new Element(bytes, data, piece.whole()));
    } else {
      assertThat(piece.whole()).isFalse();
      behind.write(piece.array(), piece.offset(), piece.length());
    }
  }

  private List<Element> elements() {
    if (parts.size() > 0) {
      elements.add(new Element(parts.toString(UTF_8), "too long", false));
    }
    if (behind.size() > 0) {
      elements.add(new Element(behind.toString(UTF_8), "none", false));
    }
    return elements;
  }
}
