package io.aiproxy.upstream;

import io.aiproxy.call.Call;
import io.aiproxy.call.Headers;
import io.aiproxy.config.Transport;
import io.aiproxy.wire.StreamFormat;
import java.time.Duration;
import java.util.Iterator;
import java.util.Optional;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.FormattedHeader;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HeaderElement;
import org.apache.hc.core5.http.HttpVersion;
import org.apache.hc.core5.http.ProtocolException;
import org.apache.hc.core5.http.impl.DefaultConnectionReuseStrategy;
import org.apache.hc.core5.http.message.MessageSupport;
import org.apache.hc.core5.http.protocol.HttpCoreContext;

/** What the head of an answer says of the bytes behind it. */
record Incoming(
    int status, Headers headers, Framing framing, StreamFormat format, Optional<Duration> keep) {
  static Incoming of(
      Call call, ClassicHttpRequest request, ClassicHttpResponse response, Transport transport)
      throws ProtocolException {
    Headers headers = headers(response);
    return new Incoming(
        response.getCode(),
        headers,
        framing(request, response),
        call.protocol()
            .format(response.getCode(), headers.first("content-type").orElse(""), call.asked()),
        keep(request, response, transport));
  }

  private static Headers headers(ClassicHttpResponse response) throws ProtocolException {
    Headers.Builder headers = Headers.builder();
    for (Header header : response.getHeaders()) {
      // the line as it came: the library gives blanks in the place of line breaks
      if (header instanceof FormattedHeader field
          && (field.getBuffer().indexOf('\r') >= 0 || field.getBuffer().indexOf(0) >= 0)) {
        throw new ProtocolException("a header field with a line break or a NUL");
      }
      headers.add(header.getName(), header.getValue() == null ? "" : header.getValue());
    }
    return headers.build();
  }

  private static Framing framing(ClassicHttpRequest request, ClassicHttpResponse response) {
    if (!MessageSupport.canResponseHaveBody(request.getMethod(), response)) {
      return new Framing.Sized(0);
    }
    if (response.containsHeader("Transfer-Encoding")) {
      return new Chunked(); // any other coding was refused with the head
    }
    long length = response.getEntity().getContentLength();
    return length >= 0 ? new Framing.Sized(length) : new Framing.UntilClose();
  }

  /** How long the connection may be kept; empty if not at all. */
  private static Optional<Duration> keep(
      ClassicHttpRequest request, ClassicHttpResponse response, Transport transport) {
    HttpCoreContext context = HttpCoreContext.create();
    context.setProtocolVersion(
        response.getVersion() == null ? HttpVersion.HTTP_1_1 : response.getVersion());
    if (!transport.keepalive()
        || ambiguous(request, response)
        || !DefaultConnectionReuseStrategy.INSTANCE.keepAlive(request, response, context)) {
      return Optional.empty();
    }
    Duration hint = hint(response).orElse(transport.keepaliveTimeout());
    Duration shorter =
        hint.compareTo(transport.keepaliveTimeout()) < 0 ? hint : transport.keepaliveTimeout();
    return Optional.of(shorter).filter(time -> !time.isZero());
  }

  /** Two lengths, or a length for what cannot have a body: the upstream may count otherwise than we do. */
  private static boolean ambiguous(ClassicHttpRequest request, ClassicHttpResponse response) {
    boolean coded = response.containsHeader("Transfer-Encoding");
    boolean sized = response.containsHeader("Content-Length");
    boolean bodiless = !MessageSupport.canResponseHaveBody(request.getMethod(), response)
        && !request.getMethod().equals("HEAD");
    return (coded && sized) || (bodiless && (coded || sized));
  }

  private static Optional<Duration> hint(ClassicHttpResponse response) {
    Iterator<HeaderElement> elements = MessageSupport.iterate(response, "Keep-Alive");
    while (elements.hasNext()) {
      HeaderElement element = elements.next();
      String value = element.getValue() == null ? "" : element.getValue();
      if (element.getName().equalsIgnoreCase("timeout") && value.matches("[0-9]{1,9}")) {
        return Optional.of(Duration.ofSeconds(Long.parseLong(value)));
      }
    }
    return Optional.empty();
  }
}
