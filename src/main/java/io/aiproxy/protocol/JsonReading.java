package io.aiproxy.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.aiproxy.call.Protocol;
import io.aiproxy.json.JsonPaths;
import io.aiproxy.json.JsonValue;
import io.aiproxy.json.JsonWatch;
import io.aiproxy.json.Mappers;
import io.aiproxy.ledger.Answer;
import io.aiproxy.stream.Piece;
import io.aiproxy.wire.Event;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Watches the JSON of an answer: one text if it is a document, one in each event if it is a stream. */
final class JsonReading implements Protocol.Reading {
  private static final byte[] DONE = "[DONE]".getBytes(StandardCharsets.US_ASCII);

  /** For all protocols that are made at the start, so that no mapper is made before an answer needs it. */
  static final JsonMapper JSON = Mappers.mapper().build();

  /** What a protocol makes of the values at its places. */
  interface Words extends JsonWatch.Listener {
    /** A JSON text has ended. */
    default void textEnded() {}

    /** The answer has ended as it should. */
    void done();
  }

  private final boolean isStream;
  private final Words words;
  private final JsonWatch watch;
  private boolean over;

  JsonReading(JsonPaths paths, boolean isStream, Words words) {
    this.isStream = isStream;
    this.words = words;
    this.watch = new JsonWatch(paths, words);
  }

  @Override
  public void next(Piece piece) {
    if (!isStream) {
      watch.next(piece.array(), piece.offset(), piece.length());
    } else if (!over && piece instanceof Event event && event.hasData()) {
      event(event);
    }
  }

  private void event(Event event) {
    if (event.isData(DONE)) {
      over = true;
      words.done();
      return;
    }
    watch.reset();
    watch.next(event.dataArray(), event.dataOffset(), event.dataLength());
    watch.end();
    words.textEnded();
  }

  @Override
  public void end() {
    if (!isStream) {
      watch.end();
      words.textEnded();
      words.done();
    }
  }

  /** The text of a captured string. */
  static String text(byte[] bytes, int offset, int length) {
    return JsonValue.decode(bytes, offset, length);
  }

  /** Adds what a member with content holds: a string, or a list of parts with a text each. */
  static void content(byte[] bytes, int offset, int length, boolean whole, Answer.Text text) {
    if (bytes[offset] == '"') {
      string(bytes, offset, length, whole, text);
    } else if (whole) {
      parts(bytes, offset, length, text);
    }
  }

  /** Adds the text of an output item that is a message; other items hold thoughts and calls. */
  static void message(byte[] bytes, int offset, int length, boolean whole, Answer.Text text) {
    try {
      JsonNode item = whole ? JSON.readTree(bytes, offset, length) : JSON.missingNode();
      for (JsonNode part : item.path("type").asText().equals("message")
          ? item.path("content")
          : JSON.missingNode()) {
        byte[] decoded = part.path("text").asText().getBytes(StandardCharsets.UTF_8);
        text.append(decoded, 0, decoded.length);
      }
    } catch (IOException notJson) {
      return; // nothing to be read of it
    }
  }

  private static void string(
      byte[] bytes, int offset, int length, boolean whole, Answer.Text text) {
    int end = offset + length - (whole ? 1 : 0);
    for (int i = offset + 1; i < end; i++) {
      if (bytes[i] == '\\') {
        byte[] decoded = text(bytes, offset, length).getBytes(StandardCharsets.UTF_8);
        text.append(decoded, 0, decoded.length);
        return;
      }
    }
    text.append(bytes, offset + 1, Math.max(0, end - offset - 1));
  }

  private static void parts(byte[] bytes, int offset, int length, Answer.Text text) {
    try {
      for (JsonNode part : JSON.readTree(bytes, offset, length)) {
        byte[] decoded = part.path("text").asText().getBytes(StandardCharsets.UTF_8);
        text.append(decoded, 0, decoded.length);
      }
    } catch (IOException notJson) {
      text.append(bytes, offset, length); // something was written, whatever it is
    }
  }
}
