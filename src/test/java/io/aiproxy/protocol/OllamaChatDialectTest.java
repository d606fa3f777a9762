package io.aiproxy.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aiproxy.neutral.Chat;
import io.aiproxy.testing.DialectContract;

class OllamaChatDialectTest extends DialectContract {
  @Override
  protected Chat dialect() {
    return new OllamaChatDialect();
  }

  /** To stream is what happens if nothing is said, and an empty format or no options are none. */
  @Override
  protected JsonNode comparableRequest(ObjectNode request) {
    if (!request.has("stream")) {
      request.put("stream", true);
    }
    if (request.path("format").asText("x").isEmpty()) {
      request.remove("format");
    }
    if (request.path("options").isEmpty()) {
      request.remove("options");
    }
    return request;
  }

  /** Times are kept to the second. */
  @Override
  protected JsonNode comparableAnswer(ObjectNode answer) {
    return answer.put(
        "created_at", answer.path("created_at").asText().replaceFirst("\\..*|Z$", ""));
  }
}
