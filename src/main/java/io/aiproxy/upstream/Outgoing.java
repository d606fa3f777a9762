package io.aiproxy.upstream;

import io.aiproxy.call.Call;
import io.aiproxy.call.Headers;
import io.aiproxy.call.Payload;
import io.aiproxy.call.Target;
import io.aiproxy.config.Transport;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Set;
import java.util.function.IntPredicate;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.io.entity.AbstractHttpEntity;
import org.apache.hc.core5.http.message.BasicClassicHttpRequest;
import org.apache.hc.core5.http.message.BasicHeader;

/** A call as it goes on the wire. */
final class Outgoing {
  private static final String TOKEN_SIGNS = "!#$%&'*+-.^_`|~";
  private static final Set<String> WITHOUT_BODY =
      Set.of("GET", "HEAD", "DELETE", "OPTIONS", "TRACE");

  private Outgoing() {}

  /**
   * @throws IllegalArgumentException if something would not be what it says on the wire
   */
  static ClassicHttpRequest of(Call call, Transport transport) {
    Target target = call.target();
    boolean toProxy = transport.proxy().isPresent() && !target.scheme().equals("https");
    ClassicHttpRequest request =
        request(token(call.method()), visible(toProxy ? absolute(target) : target.pathAndQuery()));
    if (!call.headers().has("Host")) {
      request.addHeader("Host", visible(authority(target)));
    }
    for (Headers.Field field : call.headers()) {
      if (!framing(field)) {
        request.addHeader(new BasicHeader(token(field.name()), text(field.value())));
      }
    }
    if (!transport.keepalive()) {
      request.addHeader("Connection", "close");
    }
    body(request, call.payload());
    return request;
  }

  /** A request without fields, with that target to the letter. */
  static ClassicHttpRequest request(String method, String target) {
    // the shorter constructor takes a target apart and leaves out what it thinks is the host
    return new BasicClassicHttpRequest(method, null, null, target);
  }

  /** What this end alone decides; two opinions on it are how requests get smuggled. */
  private static boolean framing(Headers.Field field) {
    return field.is("Content-Length") || field.is("Transfer-Encoding") || field.is("Connection");
  }

  private static void body(ClassicHttpRequest request, Payload payload) {
    if (payload.length() == 0 && WITHOUT_BODY.contains(request.getMethod())) {
      return;
    }
    if (payload.length() < 0) {
      request.addHeader("Transfer-Encoding", "chunked");
    } else {
      request.addHeader("Content-Length", Long.toString(payload.length()));
    }
    request.setEntity(new Entity(payload));
  }

  private static String absolute(Target target) {
    return target.scheme() + "://" + authority(target) + target.pathAndQuery();
  }

  private static String authority(Target target) {
    int usual = target.scheme().equals("https") ? 443 : 80;
    return target.port() == usual ? target.host() : target.address();
  }

  private static String token(String text) {
    boolean good = !text.isEmpty()
        && all(text, c -> c < 128 && (Character.isLetterOrDigit(c) || TOKEN_SIGNS.indexOf(c) >= 0));
    return require(good, text, "a method or the name of a header field");
  }

  private static String visible(String text) {
    return require(all(text, c -> c > ' ' && c < 127), text, "a target");
  }

  private static String text(String value) {
    boolean good = all(value, c -> c < 256 && c != '\r' && c != '\n' && c != 0);
    return require(good, value, "the value of a header field");
  }

  private static boolean all(String text, IntPredicate good) {
    for (int i = 0; i < text.length(); i++) {
      if (!good.test(text.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  private static String require(boolean good, String text, String what) {
    if (!good) {
      throw new IllegalArgumentException(what + " holds characters that it must not have");
    }
    return text;
  }

  /** Writes the payload as it is. */
  private static final class Entity extends AbstractHttpEntity {
    private final Payload payload;

    Entity(Payload payload) {
      super((String) null, null);
      this.payload = payload;
    }

    @Override
    public long getContentLength() {
      return payload.length();
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
      payload.writeTo(out);
      if (out instanceof Sending sending) {
        sending.whole();
      }
    }

    @Override
    public InputStream getContent() {
      throw new UnsupportedOperationException(); // a payload writes itself
    }

    @Override
    public boolean isStreaming() {
      return payload.streams();
    }

    @Override
    public boolean isRepeatable() {
      return !payload.spent();
    }

    @Override
    public void close() {}
  }
}
