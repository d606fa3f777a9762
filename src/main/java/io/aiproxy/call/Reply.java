package io.aiproxy.call;

import io.aiproxy.stream.Piece;
import io.aiproxy.stream.Transducer;
import io.aiproxy.wire.StreamFormat;
import java.util.Locale;

/**
 * What an upstream answered: status and headers as they came, and a body still to be read. Whoever has it last closes it;
 * closed before the body's end, it aborts the upstream's connection.
 *
 * @param format how the body is put on the wire, which its media type does not always say
 */
public record Reply(int status, Headers headers, StreamFormat format, Body body)
    implements AutoCloseable {
  /** With the format that its media type says. */
  public Reply(int status, Headers headers, Body body) {
    this(status, headers, StreamFormat.of(headers.first("content-type").orElse("")), body);
  }

  /** The media type in lower case without parameters; empty if there is none. */
  public String mediaType() {
    String type = headers.first("content-type").orElse("");
    int end = type.indexOf(';');
    return (end < 0 ? type : type.substring(0, end)).trim().toLowerCase(Locale.ROOT);
  }

  /** Whether the body comes piece by piece while it is made, and not as one document. */
  public boolean isStream() {
    return format.isStream();
  }

  /** Whether the body can be read message by message. */
  public boolean hasEvents() {
    return format.hasEvents() && isPlain();
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
    return new Reply(status, changed, format, body);
  }

  public Reply through(Transducer<? super Piece, ? extends Piece> step, boolean keepsLength) {
    return new Reply(status, headers, format, body.through(step, keepsLength));
  }

  /** The same reply with its stream cut into messages, which changes no byte. */
  public Reply inEvents() {
    return new Reply(status, headers, format, body.framed(format.decoder()));
  }

  @Override
  public void close() {
    body.close();
  }
}
