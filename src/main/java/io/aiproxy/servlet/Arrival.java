package io.aiproxy.servlet;

import io.aiproxy.call.Call;
import io.aiproxy.call.Exchange;
import io.aiproxy.call.Headers;
import io.aiproxy.call.Payload;
import io.aiproxy.call.Problem;
import io.aiproxy.call.Protocol;
import io.aiproxy.call.Target;
import io.aiproxy.config.AiProxy;
import io.aiproxy.json.BadJson;
import io.aiproxy.json.JsonLimits;
import io.aiproxy.json.JsonValue;
import io.aiproxy.ledger.Ledger;
import io.aiproxy.ledger.Ticker;
import io.aiproxy.protocol.Protocols;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.util.Arrays;
import java.util.Collections;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;

/** The client's request: refused, or read whole, checked once, and made a call. */
final class Arrival {
  private static final int FIRST_BUFFER = 16 * 1024;
  private static final Pattern JSON_TYPE =
      Pattern.compile("application/(json|[a-z0-9!#$&^_.+-]+\\+json)");
  private static final Pattern UTF8 = Pattern.compile("\"?(utf-?8|us-ascii)\"?");

  private static final Pattern CLIMBING = Pattern.compile("(^|[/\\\\])\\.\\.?([/\\\\]|$)");

  private final HttpServletRequest request;
  private final AiProxy settings;
  private final Ticker ticker;

  Arrival(HttpServletRequest request, AiProxy settings, Ticker ticker) {
    this.request = request;
    this.settings = settings;
    this.ticker = ticker;
  }

  /** The path within the web application, decoded and normalised by the container. */
  static String path(HttpServletRequest request) {
    String path = Optional.ofNullable(request.getServletPath()).orElse("")
        + Optional.ofNullable(request.getPathInfo()).orElse("");
    return path.isEmpty() ? "/" : path;
  }

  /**
   * Reads the request to its end.
   *
   * @throws Problem if the request is not one
   * @throws ClientGone if it did not come to its end
   */
  Call call(Exchange exchange) {
    String path = path(request);
    checkPath(path);
    checkMethod(path);
    checkType();
    byte[] body = body();
    JsonValue json = parsed(body);
    Protocol protocol = Protocols.of(path, json);
    String query = Optional.ofNullable(request.getQueryString()).orElse("");
    Protocol.Asked asked = json.kind() == JsonValue.Kind.OBJECT
        ? protocol.asked(path, query, json)
        : Protocol.Asked.NOTHING;
    Ledger ledger = exchange.ledger();
    ledger.asked(protocol.name(), asked.model(), asked.stream(), asked.endUser(), asked.tools());
    Target target = new Target(
        request.getScheme(),
        request.getServerName(),
        request.getServerPort(),
        encodedPath(path),
        query);
    return new Call(
        exchange,
        protocol,
        asked,
        request.getMethod(),
        path,
        target,
        headers(),
        json,
        Payload.of(body));
  }

  /** A slash that was encoded is none when the container looks for the way, and one when the path is read. */
  private static void checkPath(String path) {
    if (CLIMBING.matcher(path).find()) {
      throw Problem.of(Problem.Kind.INVALID_REQUEST, "the path of the request must be normalised");
    }
  }

  /** The path as it stands in the request line, within the web application. */
  private String encodedPath(String decoded) {
    String uri = Optional.ofNullable(request.getRequestURI()).orElse("");
    String context = Optional.ofNullable(request.getContextPath()).orElse("");
    return uri.startsWith(context + "/") ? uri.substring(context.length()) : decoded;
  }

  private void checkMethod(String path) {
    String method = request.getMethod();
    boolean posted = method.equals("POST");
    if (method.equals("TRACE")
        || method.equals("CONNECT")
        || (!posted && Protocols.at(path).isPresent())) {
      throw Problem.of(Problem.Kind.METHOD_NOT_ALLOWED, "use POST here")
          .with("Allow", "POST, OPTIONS");
    }
  }

  private void checkType() {
    String type =
        Optional.ofNullable(request.getContentType()).orElse("").trim().toLowerCase(Locale.ROOT);
    String[] parts = type.split(";", -1);
    if (!type.isEmpty() && !JSON_TYPE.matcher(parts[0].trim()).matches()) {
      throw unsupported("unsupported content-type, only application/json is supported");
    }
    for (int i = 1; i < parts.length; i++) {
      checkParameter(parts[i].trim());
    }
    String coding = Optional.ofNullable(request.getHeader("Content-Encoding"))
        .orElse("identity")
        .trim();
    if (!coding.equalsIgnoreCase("identity")) {
      throw unsupported("a request with a content-encoding is not supported, send it plain");
    }
  }

  private static void checkParameter(String parameter) {
    int equals = parameter.indexOf('=');
    if (equals <= 0) {
      throw unsupported("the content-type has a parameter that is none");
    }
    if (parameter.startsWith("charset")
        && !UTF8.matcher(parameter.substring(equals + 1).trim()).matches()) {
      throw unsupported("the body must be in UTF-8");
    }
  }

  private static Problem unsupported(String message) {
    return Problem.of(Problem.Kind.UNSUPPORTED_MEDIA_TYPE, message);
  }

  private byte[] body() {
    long announced = request.getContentLengthLong();
    if (announced > settings.limits().maxRequestBytes()) {
      throw tooLarge(announced);
    }
    try {
      byte[] body = read(request.getInputStream(), announced);
      if (body.length == 0) {
        throw Problem.of(Problem.Kind.INVALID_REQUEST, "could not get body: request body is empty");
      }
      return body;
    } catch (IOException broken) {
      if (isTimeout(broken)) {
        throw slow();
      }
      throw new ClientGone(broken);
    }
  }

  private byte[] read(InputStream in, long announced) throws IOException {
    long deadline = ticker.nanos() + settings.timeouts().body().toNanos();
    int most = (int) Math.min(settings.limits().maxRequestBytes(), Integer.MAX_VALUE - 8);
    int expected = announced < 0 ? most : (int) announced;
    byte[] bytes = new byte[Math.min(FIRST_BUFFER, Math.max(1, expected))];
    int length = 0;
    while (true) {
      if (length == bytes.length) {
        if (length == announced) {
          return bytes;
        }
        bytes = Arrays.copyOf(bytes, (int) Math.min(Math.max(expected, length + 1L), 2L * length));
      }
      int count = in.read(bytes, length, bytes.length - length);
      if (count < 0) {
        return length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
      }
      length += count;
      if (length > most) {
        throw tooLarge(length);
      }
      if (ticker.nanos() - deadline > 0) {
        throw slow();
      }
    }
  }

  private Problem tooLarge(long size) {
    return Problem.of(
        Problem.Kind.REQUEST_TOO_LARGE,
        "could not get body: request size " + size + " is greater than the maximum size "
            + settings.limits().maxRequestBytes() + " allowed");
  }

  private static Problem slow() {
    return Problem.of(Problem.Kind.REQUEST_TIMEOUT, "the request body took too long to arrive");
  }

  /** Jetty and Tomcat each have a way of their own to say that a client was silent for too long. */
  private static boolean isTimeout(IOException failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SocketTimeoutException || cause instanceof TimeoutException) {
        return true;
      }
    }
    return false;
  }

  private static JsonValue parsed(byte[] body) {
    try {
      return JsonValue.parse(body, 0, body.length, JsonLimits.REQUEST);
    } catch (BadJson bad) {
      throw Problem.of(
          Problem.Kind.INVALID_JSON, "could not parse JSON request body: " + bad.message());
    }
  }

  private Headers headers() {
    Headers.Builder headers = Headers.builder();
    for (String name : Collections.list(request.getHeaderNames())) {
      for (String value : Collections.list(request.getHeaders(name))) {
        headers.add(name, value);
      }
    }
    return headers.build();
  }
}
