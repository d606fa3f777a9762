package io.aiproxy.protocol;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aiproxy.call.Failure;
import io.aiproxy.json.JsonValue;
import io.aiproxy.json.JsonValue.Kind;
import io.aiproxy.json.Mappers;
import io.aiproxy.json.WellFormed;
import io.aiproxy.wire.StreamFormat;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Errors in Google's shape (its API design guide, "Errors"): the status of HTTP, a word for it, a message, and details. */
final class GeminiErrors {
  private static final JsonMapper JSON = Mappers.mapper().build();
  private static final String TYPES = "type.googleapis.com/google.rpc.";

  private GeminiErrors() {}

  static byte[] body(Failure failure) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    ObjectNode error = body.putObject("error");
    error.put("code", failure.status());
    error.put("message", failure.message());
    error.put("status", word(failure.status()));
    ArrayNode details = JsonNodeFactory.instance.arrayNode();
    if (!failure.code().isEmpty()) {
      details
          .addObject()
          .put("@type", TYPES + "ErrorInfo")
          .put("reason", failure.code().toUpperCase(Locale.ROOT));
    }
    if (!failure.param().isEmpty()) {
      details
          .addObject()
          .put("@type", TYPES + "BadRequest")
          .putArray("fieldViolations")
          .addObject()
          .put("field", failure.param());
    }
    if (!details.isEmpty()) {
      error.set("details", details);
    }
    return WellFormed.bytes(JSON, body);
  }

  /** As what follows a message of a stream; an array ends with it, so that whoever reads all of it finds good JSON. */
  static byte[] event(Failure failure, StreamFormat format) {
    String error = new String(body(failure), StandardCharsets.UTF_8);
    String event = switch (format) {
      case SSE -> "data: " + error + "\r\n\r\n";
      case JSON_ARRAY -> ",\r\n" + error + "]";
      default -> "";
    };
    return event.getBytes(StandardCharsets.UTF_8);
  }

  /** What an error says; if a stream was asked for as an array it is the only element of one. */
  static Failure read(int status, JsonValue body) {
    JsonValue object =
        body.kind() == Kind.ARRAY && !body.isEmpty() ? body.elements().get(0) : body;
    JsonValue error = object.member("error").orElse(object);
    if (error.kind() == Kind.STRING) {
      return new Failure(status, "", "", error.text(), "");
    }
    return new Failure(
        status, Members.string(error, "status"), "", Members.string(error, "message"), "");
  }

  /** Google's word for a status of HTTP, after its {@code google.rpc.Code}. */
  private static String word(int status) {
    return switch (status) {
      case 401 -> "UNAUTHENTICATED";
      case 403 -> "PERMISSION_DENIED";
      case 404 -> "NOT_FOUND";
      case 408, 504 -> "DEADLINE_EXCEEDED";
      case 409 -> "ABORTED";
      case 402, 429 -> "RESOURCE_EXHAUSTED";
      case 499 -> "CANCELLED";
      case 405, 501 -> "UNIMPLEMENTED";
      case 502, 503, 529 -> "UNAVAILABLE";
      default -> status < 500 ? "INVALID_ARGUMENT" : "INTERNAL";
    };
  }
}
