package io.aiproxy.container;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A line of the access log, taken apart into the fields of APISIX's {@code access_log_format}, in its order. */
record LogLine(
    String remoteAddr,
    String remoteUser,
    String timeLocal,
    String httpHost,
    String request,
    String status,
    String bodyBytesSent,
    String requestTime,
    String httpReferer,
    String httpUserAgent,
    String upstreamAddr,
    String upstreamStatus,
    String upstreamResponseTime,
    String upstream,
    String requestId,
    String requestType,
    String timeToFirstToken,
    String model,
    String requestModel,
    String promptTokens,
    String completionTokens) {
  private static final String WORD = "(\\S+)";
  private static final String QUOTED = "\"([^\"]*)\"";
  private static final Pattern FORM = Pattern.compile(String.join(
      " ",
      WORD,
      "-",
      WORD,
      "\\[([^\\]]+)\\]",
      WORD,
      QUOTED,
      WORD,
      WORD,
      WORD,
      QUOTED,
      QUOTED,
      WORD,
      WORD,
      WORD,
      QUOTED,
      QUOTED,
      QUOTED,
      QUOTED,
      QUOTED,
      QUOTED,
      QUOTED,
      QUOTED));

  static LogLine parse(String line) {
    Matcher m = FORM.matcher(line);
    if (!m.matches()) {
      throw new AssertionError("not of the documented form: " + line);
    }
    return new LogLine(
        m.group(1),
        m.group(2),
        m.group(3),
        m.group(4),
        m.group(5),
        m.group(6),
        m.group(7),
        m.group(8),
        m.group(9),
        m.group(10),
        m.group(11),
        m.group(12),
        m.group(13),
        m.group(14),
        m.group(15),
        m.group(16),
        m.group(17),
        m.group(18),
        m.group(19),
        m.group(20),
        m.group(21));
  }
}
