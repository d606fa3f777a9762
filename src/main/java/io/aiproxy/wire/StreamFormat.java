package io.aiproxy.wire;

import io.aiproxy.stream.Piece;
import io.aiproxy.stream.Transducer;
import java.nio.ByteBuffer;
import java.util.Locale;

/** How an answer is put on the wire: as one document, or as messages one behind the other while it is made. */
public enum StreamFormat {
  /** No stream. */
  DOCUMENT(""),
  /** Server-sent events. */
  SSE("text/event-stream"),
  /** One JSON text a line, as Ollama sends them. */
  NDJSON("application/x-ndjson"),
  /** Amazon's binary frames. */
  EVENT_STREAM("application/vnd.amazon.eventstream"),
  /** The elements of one JSON array, as Gemini sends them unless asked for events. */
  JSON_ARRAY("");

  private final String mediaType;

  StreamFormat(String mediaType) {
    this.mediaType = mediaType;
  }

  /** What a body of that media type is; parameters and case do not count. */
  public static StreamFormat of(String mediaType) {
    int end = mediaType.indexOf(';');
    String plain =
        (end < 0 ? mediaType : mediaType.substring(0, end)).trim().toLowerCase(Locale.ROOT);
    for (StreamFormat format : values()) {
      if (!format.mediaType.isEmpty() && format.mediaType.equals(plain)) {
        return format;
      }
    }
    return DOCUMENT;
  }

  /** The media type of a body that is sent so. */
  public String mediaType() {
    return mediaType.isEmpty() ? "application/json" : mediaType;
  }

  public boolean isStream() {
    return this != DOCUMENT;
  }

  /**
   * Cuts a body into {@link Event}s and changes none of its bytes. One per body.
   *
   * @throws IllegalStateException if there is nothing to cut
   */
  public Transducer<ByteBuffer, Piece> decoder() {
    return switch (this) {
      case SSE -> new SseDecoder();
      case NDJSON -> new LineDecoder();
      case EVENT_STREAM -> new EventStreamDecoder();
      case JSON_ARRAY -> new JsonArrayDecoder();
      case DOCUMENT -> throw new IllegalStateException("no messages in a " + this);
    };
  }

  /** Whether {@link #decoder} can cut it. */
  public boolean hasEvents() {
    return this != DOCUMENT;
  }
}
