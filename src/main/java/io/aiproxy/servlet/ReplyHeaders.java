package io.aiproxy.servlet;

import io.aiproxy.call.Headers;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Which headers of an upstream the client gets: those that say something of the answer, and of when to try again; with a file
 * come its name and which part of it this is. Not more of them than any container has room for, since one that is asked for more answers with nothing at all.
 */
final class ReplyHeaders {
  /** The longest field that passes, and what all together may take, in characters; containers have room for 8 KiB. */
  private static final int MOST_FIELD = 1024;

  private static final int MOST = 4 * 1024;

  private static final Set<String> ALLOWED = Set.of(
      "content-type",
      "content-encoding",
      "content-language",
      "content-disposition",
      "content-range",
      "accept-ranges",
      "retry-after",
      "retry-after-ms",
      "x-should-retry",
      "x-ai-dropped",
      "x-ai-semantic-scores",
      "x-ai-semantic-picked-instance",
      "x-request-id",
      "request-id",
      "apim-request-id",
      "x-ms-region",
      "x-envoy-upstream-service-time",
      "server-timing",
      "deprecation",
      "sunset");

  private static final List<String> ALLOWED_BEGINNINGS =
      List.of("x-ratelimit-", "ratelimit-", "anthropic-", "openai-", "x-groq-", "x-amzn-");

  private ReplyHeaders() {}

  static Headers of(Headers upstream) {
    Headers.Builder passed = Headers.builder();
    boolean typed = false;
    int left = MOST;
    for (Headers.Field field : upstream) {
      boolean isType = field.is("content-type");
      int size = field.name().length() + field.value().length();
      if (passes(field.name().toLowerCase(Locale.ROOT))
          && !(isType && typed)
          && size <= MOST_FIELD
          && (size <= left || describesBody(field))) {
        passed.add(field.name(), clean(field.value()));
        typed |= isType;
        left -= size;
      }
    }
    return passed.build();
  }

  /** Without it the body could not be read. */
  private static boolean describesBody(Headers.Field field) {
    return field.is("content-type") || field.is("content-encoding");
  }

  private static boolean passes(String name) {
    return ALLOWED.contains(name) || beginsAsAllowed(name);
  }

  private static boolean beginsAsAllowed(String name) {
    for (String beginning : ALLOWED_BEGINNINGS) {
      if (name.startsWith(beginning)) {
        return true;
      }
    }
    return false;
  }

  /** An upstream could try to write a header of its own into ours. */
  private static String clean(String value) {
    for (int i = 0; i < value.length(); i++) {
      if (!isText(value.charAt(i))) {
        return value.replaceAll("[\\p{Cntrl}&&[^\t]]", "");
      }
    }
    return value;
  }

  private static boolean isText(char c) {
    return (c >= ' ' && c != 0x7f) || c == '\t';
  }
}
