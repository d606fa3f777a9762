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

/** What a decoder makes of a stream that comes in pieces. */
final class Cuts {
  private Cuts() {}

  /** One event as it can be told from outside; that of a longer one than the bound has no data. */
  record Event(String bytes, String name, String data, boolean terminated) {}

  static List<Event> decode(byte[] stream, int bound, IntUnaryOperator lengthAt) {
    SseDecoder decoder = new SseDecoder(bound);
    List<Event> events = new ArrayList<>();
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    ByteArrayOutputStream parts = new ByteArrayOutputStream();
    for (int at = 0; at < stream.length; ) {
      int length = Math.min(lengthAt.applyAsInt(at), stream.length - at);
      byte[] piece = new byte[length + 4];
      System.arraycopy(stream, at, piece, 2, length);
      ByteBuffer chunk = ByteBuffer.wrap(piece, 2, length);
      decoder.next(chunk, out -> take(out, events, all, parts));
      assertThat(chunk.hasRemaining()).isFalse();
      Arrays.fill(piece, (byte) '#');
      at += length;
    }
    decoder.end(out -> take(out, events, all, parts));
    if (parts.size() > 0) {
      events.add(new Event(parts.toString(UTF_8), "", "too long", false));
    }
    assertThat(all.toByteArray()).isEqualTo(stream);
    return events;
  }

  private static void take(
      Piece piece, List<Event> events, ByteArrayOutputStream all, ByteArrayOutputStream parts) {
    assertThat(piece.length()).isPositive();
    all.write(piece.array(), piece.offset(), piece.length());
    if (piece instanceof SseEvent event) {
      assertThat(parts.size()).isZero();
      assertThat(event.whole()).isEqualTo(event.terminated());
      events.add(event(event));
      return;
    }
    parts.write(piece.array(), piece.offset(), piece.length());
    if (piece.whole()) {
      events.add(new Event(parts.toString(UTF_8), "", "too long", true));
      parts.reset();
    }
  }

  static Event event(SseEvent event) {
    String bytes = new String(event.array(), event.offset(), event.length(), UTF_8);
    String data = new String(event.dataArray(), event.dataOffset(), event.dataLength(), UTF_8);
    assertThat(data.isEmpty() || event.hasData()).isTrue();
    return new Event(bytes, event.name(), event.hasData() ? data : "none", event.terminated());
  }

  /** The same in a plain way: character by character, with the whole stream at hand. */
  static List<Event> plainly(String stream, int bound) {
    List<Event> events = new ArrayList<>();
    StringBuilder event = new StringBuilder();
    StringBuilder line = new StringBuilder();
    List<String> lines = new ArrayList<>();
    String endingBefore = "";
    for (int at = 0; at < stream.length(); ) {
      String ending = endingAt(stream, at);
      if (ending.isEmpty()) {
        line.append(stream.charAt(at));
        event.append(stream.charAt(at));
        at++;
        continue;
      }
      boolean ends = line.isEmpty();
      if (ends && endingBefore.equals("\r") && ending.equals("\r\n")) {
        // goes out at the CR; the LF leads the next
        events.add(plain(event.append("\r").toString(), lines, events.isEmpty(), bound, true));
        event = new StringBuilder("\n");
      } else {
        event.append(ending);
        lines.add(line.toString());
        if (ends) {
          events.add(plain(event.toString(), lines, events.isEmpty(), bound, true));
          event = new StringBuilder();
        }
      }
      if (ends) {
        lines.clear();
      }
      line = new StringBuilder();
      endingBefore = ending;
      at += ending.length();
    }
    if (!event.isEmpty()) {
      lines.add(line.toString());
      events.add(plain(
          event.toString(), lines, events.isEmpty(), bound, event.toString().equals("\n")));
    }
    return events;
  }

  private static String endingAt(String stream, int at) {
    return List.of("\r\n", "\r", "\n").stream()
        .filter(ending -> stream.startsWith(ending, at))
        .findFirst()
        .orElse("");
  }

  private static Event plain(
      String bytes, List<String> lines, boolean first, int bound, boolean terminated) {
    if (bytes.getBytes(UTF_8).length > bound) {
      return new Event(bytes, "", "too long", terminated);
    }
    String name = "";
    List<String> data = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      String line = first && i == 0 && lines.get(0).startsWith("\ufeff")
          ? lines.get(0).substring(1)
          : lines.get(i);
      String[] field = line.split(":", 2);
      String value =
          field.length < 2 ? "" : field[1].startsWith(" ") ? field[1].substring(1) : field[1];
      if (field[0].equals("event")) {
        name = value;
      } else if (field[0].equals("data")) {
        data.add(value);
      }
    }
    return new Event(bytes, name, data.isEmpty() ? "none" : String.join("\n", data), terminated);
  }
}
