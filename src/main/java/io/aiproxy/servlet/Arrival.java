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
import java.nio.charset.StandardCharsets;
import java.util.Enumeration;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** The client's request: refused or made a call. JSON is read whole and checked once, other bodies are left to be streamed. */
final class Arrival {
  private static final JsonValue NO_JSON = parsed("null".getBytes(StandardCharsets.US_ASCII));
  private static final String[] NONE = {};
  private static final String JSON = "application/json";
  private static final Pattern JSON_TYPE =
      Pattern.compile("application/(json|[a-z0-9!#$&^_.+-]+\\+json)");
  private static final Pattern UTF8 = Pattern.compile("\"?(utf-?8|us-ascii)\"?");

  /** What decoders put in the place of bytes that they cannot read. */
  private static final char UNREADABLE = '\uFFFD';

  private static final Pattern CLIMBING = Pattern.compile("(^|[/\\\\])\\.\\.?([/\\\\]|$)");

  /** Segments that a container takes out of a path. */
  private static final Pattern TAKEN_OUT =
      Pattern.compile("/((\\.|%2e){1,2}(;[^/]*)?|;[^/]*)(/|$)", Pattern.CASE_INSENSITIVE);

  private final HttpServletRequest request;
  private final Intake intake;
  private boolean streams;

  Arrival(HttpServletRequest request, AiProxy settings, Ticker ticker) {
    this.request = request;
    this.intake = new Intake(request, settings, ticker);
  }

  /** The path within the web application, decoded and normalised by the container. */
  static String path(HttpServletRequest request) {
    String path = Optional.ofNullable(request.getServletPath()).orElse("")
        + Optional.ofNullable(request.getPathInfo()).orElse("");
    return path.isEmpty() ? "/" : path;
  }

  /**
   * Reads the request, to its end if it is JSON.
   *
   * @throws Problem if the request is not one
   * @throws ClientGone if it did not come to its end
   */
  Call call(Exchange exchange) {
    String path = path(request);
    checkPath(path);
    checkMethod(path);
    if (isBodiless(path)) {
      return call(exchange, Protocols.bodiless(), NO_JSON, Payload.NONE);
    }
    if (!isJson() && Protocols.isOther(path)) {
      checkCoding();
      intake.check();
      streams = true;
      return call(exchange, Protocols.opaque(), NO_JSON, new Upload(intake, contentType()));
    }
    checkType();
    checkCoding();
    byte[] body = intake.whole();
    if (body.length == 0) {
      throw Problem.of(Problem.Kind.INVALID_REQUEST, "could not get body: request body is empty");
    }
    JsonValue json = parsed(body);
    return call(exchange, Protocols.of(path, json), json, Payload.of(body));
  }

  private Call call(Exchange exchange, Protocol protocol, JsonValue json, Payload payload) {
    String path = path(request);
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
        exchange, protocol, asked, request.getMethod(), path, target, headers(), json, payload);
  }

  /** Whether some of the body is still on its way, which would be taken for the next request. */
  boolean isUnread() {
    return !intake.isEmpty() && !intake.ended();
  }

  /**
   * Takes what a client still sends that was answered before its body was whole, within the bounds of the body: a connection
   * that is closed on unread bytes is reset, and its client may never see the answer.
   */
  void drain() {
    if (!streams || !isUnread()) {
      return;
    }
    byte[] ignored = new byte[8 * 1024];
    try {
      while (isUnread() && intake.isWelcome()) {
        intake.read(ignored, 0, ignored.length);
      }
    } catch (Problem | ClientGone over) {
      return; // it was answered already
    }
  }

  /** A POST has no body by mistake, but where a provider takes it so. */
  private boolean isBodiless(String path) {
    return intake.isEmpty()
        && switch (request.getMethod()) {
          case "POST", "PUT", "PATCH" -> Protocols.isOther(path);
          default -> true;
        };
  }

  /**
   * A slash that was encoded is none when the container looks for the way, and one when the path is read. What the container
   * takes out was still there for whoever stands before it and guards some of the paths. What is no UTF-8, such as a dot of two
   * bytes, may be something for whoever stands behind us.
   */
  private void checkPath(String path) {
    if (path.indexOf(UNREADABLE) >= 0) {
      throw Problem.of(Problem.Kind.INVALID_REQUEST, "the path of the request must be in UTF-8");
    }
    String sent = Optional.ofNullable(request.getRequestURI()).orElse("");
    boolean isPlain = isPlain(path) && isPlain(sent);
    if (!isPlain && (CLIMBING.matcher(path).find() || TAKEN_OUT.matcher(sent).find())) {
      throw Problem.of(Problem.Kind.INVALID_REQUEST, "the path of the request must be normalised");
    }
  }

  /** Whether a path has none of the characters that could make it another one. */
  private static boolean isPlain(String path) {
    for (int i = 0; i < path.length(); i++) {
      char c = path.charAt(i);
      if (c == '.' || c == ';' || c == '%' || c == '\\') {
        return false;
      }
    }
    return true;
  }

  /** The path as it stands in the request line, within the web application. */
  private String encodedPath(String decoded) {
    String uri = Optional.ofNullable(request.getRequestURI()).orElse("");
    String context = Optional.ofNullable(request.getContextPath()).orElse("");
    return uri.startsWith(context + "/") ? uri.substring(context.length()) : decoded;
  }

  private void checkMethod(String path) {
    String method = request.getMethod();
    Optional<Protocol> endpoint = Protocols.at(path);
    boolean lists = endpoint.filter(Protocol::lists).isPresent();
    boolean isList = lists && method.equals("GET") && intake.isEmpty();
    if (method.equals("TRACE")
        || method.equals("CONNECT")
        || (endpoint.isPresent() && !method.equals("POST") && !isList)) {
      throw Problem.of(Problem.Kind.METHOD_NOT_ALLOWED, "use POST here")
          .with("Allow", lists ? "GET, POST, OPTIONS" : "POST, OPTIONS");
    }
  }

  private String contentType() {
    return Optional.ofNullable(request.getContentType()).orElse("").trim();
  }

  private boolean isJson() {
    String type = contentType().toLowerCase(Locale.ROOT);
    int end = type.indexOf(';');
    String media = end < 0 ? type : type.substring(0, end).trim();
    return media.isEmpty() || media.equals(JSON) || JSON_TYPE.matcher(media).matches();
  }

  private void checkType() {
    if (!isJson()) {
      throw unsupported("unsupported content-type, only application/json is supported");
    }
    String type = contentType();
    String[] parts =
        type.indexOf(';') < 0 ? NONE : type.toLowerCase(Locale.ROOT).split(";", -1);
    for (int i = 1; i < parts.length; i++) {
      checkParameter(parts[i].trim());
    }
  }

  private void checkCoding() {
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
    Enumeration<String> names = request.getHeaderNames();
    while (names.hasMoreElements()) {
      String name = names.nextElement();
      Enumeration<String> values = request.getHeaders(name);
      while (values.hasMoreElements()) {
        headers.add(name, values.nextElement());
      }
    }
    return headers.build();
  }
}
