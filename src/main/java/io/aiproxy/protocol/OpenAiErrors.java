package io.aiproxy.protocol;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aiproxy.call.Problem;
import io.aiproxy.json.Mappers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Errors in OpenAI's shape, in which all four members are always there (OpenAI's API description, {@code Error}). */
public final class OpenAiErrors {
  private static final JsonMapper JSON = Mappers.mapper().build();

  private OpenAiErrors() {}

  /** As the body of a reply. */
  public static byte[] body(Problem problem) {
    ObjectNode error = JsonNodeFactory.instance.objectNode();
    error.put("message", problem.message());
    error.put("type", problem.kind().type());
    error.put("param", problem.param().isEmpty() ? null : problem.param());
    error.put("code", problem.kind().code());
    try {
      return JSON.writeValueAsBytes(JsonNodeFactory.instance.objectNode().set("error", error));
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  /** As an event of a stream; SDKs raise it when they see the member {@code error}. */
  static byte[] event(Problem problem) {
    return ("data: " + new String(body(problem), StandardCharsets.UTF_8) + "\n\n")
        .getBytes(StandardCharsets.UTF_8);
  }
}
