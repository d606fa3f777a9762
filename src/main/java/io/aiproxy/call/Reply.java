package io.aiproxy.call;

import io.aiproxy.stream.Piece;
import io.aiproxy.stream.Transducer;
import java.nio.ByteBuffer;
import java.util.Locale;

/**
 * What an upstream answered: status and headers as they came, and a body still to be read. Whoever has it last closes it;
 * closed before the body's end, it aborts the upstream's connection.
 */
public record Reply(int status, Headers headers, Body body) implements AutoCloseable {
  /** The media type in lower case without parameters; empty if there is none. */
  public String mediaType() {
    String type = headers.first("content-type").orElse("");
    int end = type.indexOf(';');
    return (end < 0 ? type : type.substring(0, end)).trim().toLowerCase(Locale.ROOT);
  }

  /** Whether the body comes as events while it is made, and not as one document. */
  public boolean isStream() {
    return mediaType().equals("text/event-stream");
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
