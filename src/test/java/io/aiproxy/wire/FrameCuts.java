package io.aiproxy.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.aiproxy.stream.Piece;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntUnaryOperator;

/** What a decoder makes of a stream of frames that comes in pieces. */
final class FrameCuts {
  private FrameCuts() {}

  /** A frame as it can be told from outside, or what passed without being read. */
  record Frame(String messageType, String name, String data, String bytes) {
    static Frame unread(byte[] bytes, boolean whole) {
      return new Frame(whole ? "too long" : "broken", "", "", new String(bytes, ISO_8859_1));
    }
  }

  static List<Frame> decode(byte[] stream, int bound, IntUnaryOperator lengthAt) {
    EventStreamDecoder decoder = new EventStreamDecoder(bound);
    List<Frame> frames = new ArrayList<>();
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    ByteArrayOutputStream unread = new ByteArrayOutputStream();
    for (int at = 0; at < stream.length; ) {
      int length = Math.min(lengthAt.applyAsInt(at), stream.length - at);
      byte[] piece = new byte[length + 4];
      System.arraycopy(stream, at, piece, 2, length);
      ByteBuffer chunk = ByteBuffer.wrap(piece, 2, length);
      decoder.next(chunk, out -> take(out, frames, all, unread));
      assertThat(chunk.hasRemaining()).isFalse();
      Arrays.fill(piece, (byte) '#');
      at += length;
    }
    decoder.end(out -> take(out, frames, all, unread));
    if (unread.size() > 0) {
      frames.add(Frame.unread(unread.toByteArray(), false));
    }
    assertThat(all.toByteArray()).isEqualTo(stream);
    return frames;
  }

  private static void take(
      Piece piece, List<Frame> frames, ByteArrayOutputStream all, ByteArrayOutputStream unread) {
    assertThat(piece.length()).isPositive();
    all.write(piece.array(), piece.offset(), piece.length());
    if (piece instanceof AwsFrame frame) {
      assertThat(unread.size()).isZero();
      frames.add(frame(frame));
      return;
    }
    unread.write(piece.array(), piece.offset(), piece.length());
    if (piece.whole()) {
      frames.add(Frame.unread(unread.toByteArray(), true));
      unread.reset();
    }
  }

  static Frame frame(AwsFrame frame) {
    return new Frame(
        frame.messageType(),
        frame.name(),
        new String(frame.dataArray(), frame.dataOffset(), frame.dataLength(), UTF_8),
        new String(frame.array(), frame.offset(), frame.length(), ISO_8859_1));
  }
}
