package io.aiproxy.call;

import java.util.Optional;

/**
 * The gateway's own bad news, rendered for the client in one place and in its protocol. The message is for the client: it
 * says what to do, and names no host, version, credential or part of a body. What an upstream said is a {@link Reply}.
 */
public final class Problem extends RuntimeException {
  /** What kind of bad news, with the status, type and code that the client sees. */
  public enum Kind {
    INVALID_REQUEST(400, "invalid_request_error", "invalid_request"),
    INVALID_JSON(400, "invalid_request_error", "invalid_json"),
    UNKNOWN_PROTOCOL(400, "invalid_request_error", "unknown_protocol"),
    UNSUPPORTED_PROTOCOL(400, "invalid_request_error", "unsupported_protocol"),
    NOT_FOUND(404, "invalid_request_error", "not_found"),
    MODEL_NOT_FOUND(404, "invalid_request_error", "model_not_found"),
    METHOD_NOT_ALLOWED(405, "invalid_request_error", "method_not_allowed"),
    REQUEST_TIMEOUT(408, "invalid_request_error", "request_timeout"),
    REQUEST_TOO_LARGE(413, "invalid_request_error", "request_too_large"),
    UNSUPPORTED_MEDIA_TYPE(415, "invalid_request_error", "unsupported_media_type"),
    INTERNAL(500, "server_error", "internal_error"),
    UPSTREAM_UNREACHABLE(502, "upstream_error", "upstream_unreachable"),
    UPSTREAM_INSECURE(502, "upstream_error", "upstream_tls_failed"),
    NO_CREDENTIAL(502, "upstream_error", "no_credential"),
    UPSTREAM_ERROR(502, "upstream_error", "upstream_error"),
    UPSTREAM_BROKEN(502, "upstream_error", "upstream_broken"),
    RESPONSE_TOO_LARGE(502, "upstream_error", "response_too_large"),
    SATURATED(503, "overloaded_error", "saturated"),
    DRAINING(503, "overloaded_error", "draining"),
    UPSTREAM_TIMEOUT(504, "timeout_error", "upstream_timeout"),
    DEADLINE(504, "timeout_error", "deadline_exceeded");

    private final int status;
    private final String type;
    private final String code;

    Kind(int status, String type, String code) {
      this.status = status;
      this.type = type;
      this.code = code;
    }

    public int status() {
      return status;
    }

    public String type() {
      return type;
    }

    public String code() {
      return code;
    }
  }

  private final Kind kind;
  private final String param;
  private final Headers headers;

  private Problem(Kind kind, String message, String param, Headers headers, Throwable... cause) {
    super(message, cause.length > 0 ? cause[0] : null, false, false);
    this.kind = kind;
    this.param = param;
    this.headers = headers;
  }

  public static Problem of(Kind kind, String message) {
    return new Problem(kind, message, "", Headers.NONE);
  }

  /** With what brought it about, for the log. */
  public static Problem of(Kind kind, String message, Throwable cause) {
    return new Problem(kind, message, "", Headers.NONE, cause);
  }

  /** The request's member that is wrong. */
  public Problem at(String param) {
    return new Problem(kind, message(), param, headers);
  }

  /** With a header field for the client, such as {@code Retry-After} or {@code Allow}. */
  public Problem with(String header, String value) {
    return new Problem(
        kind, message(), param, Headers.builder().add(header, value).build());
  }

  public Kind kind() {
    return kind;
  }

  public String message() {
    return Optional.ofNullable(getMessage()).orElse("");
  }

  /** Empty if no member is to blame. */
  public String param() {
    return param;
  }

  public Headers headers() {
    return headers;
  }
}
