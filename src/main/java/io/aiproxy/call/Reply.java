package io.aiproxy.call;

import io.aiproxy.stream.Piece;
import io.aiproxy.stream.Transducer;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.Set;

/**
 * What an upstream answered: status and headers as they came, and a body still to be read. Whoever has it last closes it;
 * closed before the body's end, it aborts the upstream's connection.
 */
public record Reply(int status, Headers headers, Body body) implements AutoCloseable {
  private static final String EVENTS = "text/event-stream";
  private static final Set<String> STREAMS =
      Set.of(EVENTS, "application/vnd.amazon.eventstream", "application/x-ndjson");

  /** The media type in lower case without parameters; empty if there is none. */
  public String mediaType() {
    return mediaType(headers);
  }

  private static String mediaType(Headers headers) {
    String type = headers.first("content-type").orElse("");
    int end = type.indexOf(';');
    return (end < 0 ? type : type.substring(0, end)).trim().toLowerCase(Locale.ROOT);
  }

  /** Whether the body comes piece by piece while it is made, and not as one document. */
  public boolean isStream() {
    return isStream(headers);
  }

  /** Whether a body with that head comes piece by piece while it is made. */
  public static boolean isStream(Headers headers) {
    return STREAMS.contains(mediaType(headers));
  }

  /** Whether it is a stream of server-sent events in plain text, the one kind in which the gateway can say something itself. */
  public boolean hasEvents() {
    return mediaType().equals(EVENTS) && isPlain();
  }

  /** Whether the body is what its type says; else somebody compressed it, and nothing can be read or put in. */
  public boolean isPlain() {
    return headers
        .first("content-encoding")
        .filter(coding -> !coding.isBlank() && !coding.trim().equalsIgnoreCase("identity"))
        .isEmpty();
  }

  public boolean succeeded() {
    return status >= 200 && status < 300;
  }

  public Reply with(Headers changed) {
    return new Reply(status, changed, body);
  }

  public Reply through(Transducer<? super Piece, ? extends Piece> step, boolean keepsLength) {
    return new Reply(status, headers, body.through(step, keepsLength));
  }

  public Reply framed(Transducer<ByteBuffer, Piece> framing) {
    return new Reply(status, headers, body.framed(framing));
  }

  @Override
  public void close() {
    body.close();
  }
}
