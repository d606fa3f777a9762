package io.aiproxy.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aiproxy.call.Failure;
import io.aiproxy.call.Problem;
import io.aiproxy.json.JsonValue;
import io.aiproxy.json.JsonValue.Kind;
import io.aiproxy.json.Mappers;
import io.aiproxy.json.WellFormed;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Errors in OpenAI's shape, in which all four members are always there (OpenAI's API description, {@code Error}). */
public final class OpenAiErrors {
  private static final JsonMapper JSON = Mappers.mapper().build();

  private OpenAiErrors() {}

  /** As the body of a reply. */
  public static byte[] body(Problem problem) {
    return body(Failure.of(problem));
  }

  static byte[] body(Failure failure) {
    return bytes(JsonNodeFactory.instance.objectNode().set("error", error(failure)));
  }

  private static ObjectNode error(Failure failure) {
    ObjectNode error = JsonNodeFactory.instance.objectNode();
    error.put("message", failure.message());
    error.put("type", failure.type());
    error.put("param", failure.param().isEmpty() ? null : failure.param());
    error.put("code", failure.code().isEmpty() ? null : failure.code());
    return error;
  }

  private static byte[] bytes(JsonNode body) {
    return WellFormed.bytes(JSON, body);
  }

  /** As an event of a stream; SDKs raise it when they see the member {@code error}. */
  static byte[] event(Failure failure) {
    return ("data: " + new String(body(failure), StandardCharsets.UTF_8) + "\n\n")
        .getBytes(StandardCharsets.UTF_8);
  }

  /** As an event of a stream whose events have types and numbers; which number is due is not known here. */
  static byte[] typedEvent(Failure failure) {
    ObjectNode error = error(failure);
    ObjectNode event = error.deepCopy().put("type", "error").put("sequence_number", 0);
    event.set("error", error);
    return ("event: error\ndata: " + new String(bytes(event), StandardCharsets.UTF_8) + "\n\n")
        .getBytes(StandardCharsets.UTF_8);
  }

  /** What an error says; {@code error} may also be a mere text. */
  static Failure read(int status, JsonValue body) {
    Optional<JsonValue> error = body.member("error");
    JsonValue said = error.filter(value -> value.kind() == Kind.OBJECT).orElse(body);
    String message = error
        .filter(value -> value.kind() == Kind.STRING)
        .map(JsonValue::text)
        .orElseGet(() -> Members.string(said, "message"));
    return new Failure(
        status,
        Members.string(said, "type"),
        Members.string(said, "code"),
        message,
        Members.string(said, "param"));
  }
}
