package io.aiproxy.launch;

import ch.qos.logback.access.jetty.RequestWrapper;
import jakarta.servlet.http.Cookie;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/**
 * A request as an access log may show it: without characters that could begin a line, without the values of query parameters
 * that hold credentials, and with nothing in it that keeps its line from being written.
 */
final class LoggedRequest extends RequestWrapper {
  private static final Set<String> CREDENTIALS =
      Set.of("key", "api_key", "apikey", "token", "access_token", "secret", "password");
  private static final String HIDDEN = "***";
  static final char NEUTRAL = '_';
  private static final char LINE_SEPARATOR = '\u2028';
  private static final char PARAGRAPH_SEPARATOR = '\u2029';

  LoggedRequest(Request request) {
    super(request);
  }

  @Override
  public String getRequestURI() {
    String path = super.getRequestURI();
    return path == null ? "" : printable(path);
  }

  @Override
  public @Nullable String getQueryString() {
    String query = super.getQueryString();
    return query == null ? null : printable(withoutCredentials(query));
  }

  @Override
  public String getMethod() {
    return printable(super.getMethod());
  }

  @Override
  public @Nullable Object getAttribute(String name) {
    Object value = super.getAttribute(name);
    return value instanceof String text ? printable(text) : value;
  }

  @Override
  public Map<String, String> buildRequestHeaderMap() {
    Map<String, String> fields = super.buildRequestHeaderMap();
    fields.replaceAll((name, value) -> printable(value));
    return fields;
  }

  @Override
  public Map<String, String[]> buildRequestParameterMap() {
    try {
      return super.buildRequestParameterMap();
    } catch (RuntimeException e) {
      return Map.of(); // a query that cannot be decoded
    }
  }

  @Override
  public Cookie[] getCookies() {
    try {
      return super.getCookies();
    } catch (RuntimeException e) {
      return new Cookie[0]; // a name that no cookie may have
    }
  }

  static String withoutCredentials(String query) {
    return Arrays.stream(query.split("&", -1))
        .map(LoggedRequest::withoutCredential)
        .collect(Collectors.joining("&"));
  }

  private static String withoutCredential(String parameter) {
    int equals = parameter.indexOf('=');
    return equals >= 0 && CREDENTIALS.contains(decoded(parameter.substring(0, equals)))
        ? parameter.substring(0, equals + 1) + HIDDEN
        : parameter;
  }

  private static String decoded(String name) {
    try {
      return URLDecoder.decode(name, StandardCharsets.UTF_8)
          .toLowerCase(Locale.ROOT)
          .replace('-', '_');
    } catch (IllegalArgumentException e) {
      return name;
    }
  }

  static String printable(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (breaksLines(text.charAt(i))) {
        return neutral(text);
      }
    }
    return text;
  }

  private static String neutral(String text) {
    StringBuilder neutral = new StringBuilder(text);
    for (int i = 0; i < neutral.length(); i++) {
      if (breaksLines(neutral.charAt(i))) {
        neutral.setCharAt(i, NEUTRAL);
      }
    }
    return neutral.toString();
  }

  static boolean breaksLines(int c) {
    return Character.isISOControl(c) || c == LINE_SEPARATOR || c == PARAGRAPH_SEPARATOR;
  }
}
