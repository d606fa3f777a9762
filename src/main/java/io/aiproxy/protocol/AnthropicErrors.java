package io.aiproxy.protocol;

import io.aiproxy.call.Failure;
import io.aiproxy.json.WellFormed;
import java.util.Map;

/** Errors as Anthropic tells them. The types and their statuses are those of its API reference. */
final class AnthropicErrors {
  private static final String API_ERROR = "api_error";

  private static final Map<String, Integer> STATUSES = Map.ofEntries(
      Map.entry("invalid_request_error", 400),
      Map.entry("authentication_error", 401),
      Map.entry("billing_error", 402),
      Map.entry("permission_error", 403),
      Map.entry("not_found_error", 404),
      Map.entry("conflict_error", 409),
      Map.entry("request_too_large", 413),
      Map.entry("rate_limit_error", 429),
      Map.entry(API_ERROR, 500),
      Map.entry("timeout_error", 504),
      Map.entry("overloaded_error", 529));

  private AnthropicErrors() {}

  /** The status that goes with a type. */
  static int status(String type) {
    return STATUSES.getOrDefault(type, 500);
  }

  /** As a body. */
  static byte[] body(Failure failure) {
    return WellFormed.utf8(text(failure));
  }

  /** As an event of a stream. */
  static byte[] event(Failure failure) {
    return WellFormed.utf8("event: error\ndata: " + text(failure) + "\n\n");
  }

  private static String text(Failure failure) {
    return DialectJson.text(DialectJson.typed("error")
        .set("error", DialectJson.typed(type(failure)).put("message", failure.message())));
  }

  /**
   * What an upstream said is said again, as Apache APISIX does, unless the status has a type that says better what a client is
   * to do about it.
   */
  private static String type(Failure failure) {
    boolean isOwn = failure.isOwn();
    if (!isOwn && STATUSES.containsKey(failure.type())) {
      return failure.type();
    }
    if (isOwn || failure.status() == 429 || failure.status() >= 500) {
      return type(failure.status());
    }
    String said = failure.type().isEmpty() ? failure.code() : failure.type();
    return said.isEmpty() ? API_ERROR : said;
  }

  private static String type(int status) {
    return switch (status) {
      case 401 -> "authentication_error";
      case 402 -> "billing_error";
      case 403 -> "permission_error";
      case 404 -> "not_found_error";
      case 413 -> "request_too_large";
      case 429 -> "rate_limit_error";
      case 503, 529 -> "overloaded_error";
      case 504 -> "timeout_error";
      default -> status < 500 ? "invalid_request_error" : API_ERROR;
    };
  }
}
