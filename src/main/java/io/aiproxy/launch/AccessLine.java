package io.aiproxy.launch;

import io.aiproxy.ledger.Attribute;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.jspecify.annotations.Nullable;

/**
 * The line of a request. Its fields are those of the access log that Apache APISIX documents for ai-proxy, in its order. What
 * a client chose is cut to 256 characters and can end neither its field nor its line. For one thread.
 */
final class AccessLine {
  private static final String UNKNOWN = "-";
  private static final String MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec";
  private static final int MONTH_LENGTH = 3;
  private static final int MOST = 256;
  private static final int USUAL = 512;
  private static final int TEN = 10;

  private final Request request;
  private final StringBuilder text = new StringBuilder(USUAL);

  private AccessLine(Request request) {
    this.request = request;
  }

  /** With its line break. */
  static String of(Request request, Response response) {
    AccessLine line = new AccessLine(request);
    line.client(response);
    line.upstream();
    line.model();
    return line.text.append('\n').toString();
  }

  private void client(Response response) {
    text.append(Request.getRemoteAddr(request)).append(" - - [");
    time(LocalDateTime.ofEpochSecond(
        Math.floorDiv(Request.getTimeStamp(request), 1_000L), 0, ZoneOffset.UTC));
    text.append("] ");
    clean(request.getHeaders().get(HttpHeader.HOST));
    text.append(" \"");
    clean(requestLine());
    text.append("\" ").append(response.getStatus()).append(' ');
    text.append(Response.getContentBytesWritten(response)).append(' ');
    attribute(Attribute.REQUEST_TIME);
    text.append(" \"");
    clean(request.getHeaders().get(HttpHeader.REFERER));
    text.append("\" \"");
    clean(request.getHeaders().get(HttpHeader.USER_AGENT));
    text.append("\" ");
  }

  private void upstream() {
    attribute(Attribute.UPSTREAM_ADDR);
    text.append(' ');
    attribute(Attribute.UPSTREAM_STATUS);
    text.append(' ');
    attribute(Attribute.UPSTREAM_RESPONSE_TIME);
    text.append(" \"");
    attribute(Attribute.UPSTREAM_SCHEME);
    text.append("://");
    attribute(Attribute.UPSTREAM_HOST);
    attribute(Attribute.UPSTREAM_URI);
    text.append('"');
  }

  private void model() {
    quoted(Attribute.AI_REQUEST_ID);
    quoted(Attribute.REQUEST_TYPE);
    quoted(Attribute.LLM_TIME_TO_FIRST_TOKEN);
    quoted(Attribute.LLM_MODEL);
    quoted(Attribute.REQUEST_LLM_MODEL);
    quoted(Attribute.LLM_PROMPT_TOKENS);
    quoted(Attribute.LLM_COMPLETION_TOKENS);
  }

  /** As in 22/Nov/2026:16:55:42 +0000. */
  private void time(LocalDateTime time) {
    int month = (time.getMonthValue() - 1) * MONTH_LENGTH;
    twoDigits(time.getDayOfMonth(), '/');
    text.append(MONTHS, month, month + MONTH_LENGTH).append('/');
    text.append(time.getYear()).append(':');
    twoDigits(time.getHour(), ':');
    twoDigits(time.getMinute(), ':');
    twoDigits(time.getSecond(), ' ');
    text.append("+0000");
  }

  private void twoDigits(int number, char after) {
    text.append((char) ('0' + number / TEN)).append((char) ('0' + number % TEN)).append(after);
  }

  private String requestLine() {
    HttpURI uri = request.getHttpURI();
    String path = uri.getPath() == null ? "" : uri.getPath();
    String query =
        uri.getQuery() == null ? "" : "?" + LoggedRequest.withoutCredentials(uri.getQuery());
    return request.getMethod() + " " + path + query + " "
        + request.getConnectionMetaData().getProtocol();
  }

  private void quoted(Attribute attribute) {
    text.append(" \"");
    attribute(attribute);
    text.append('"');
  }

  private void attribute(Attribute attribute) {
    Object value = request.getAttribute(attribute.key());
    clean(value == null ? null : value.toString());
  }

  private void clean(@Nullable String value) {
    if (value == null) {
      text.append(UNKNOWN);
      return;
    }
    int end = Math.min(MOST, value.length());
    for (int i = 0; i < end; i++) {
      char c = value.charAt(i);
      boolean ends = c == '"' || c == '\\' || LoggedRequest.breaksLines(c);
      text.append(ends ? LoggedRequest.NEUTRAL : c);
    }
  }
}
