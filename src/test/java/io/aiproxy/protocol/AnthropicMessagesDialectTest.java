package io.aiproxy.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aiproxy.neutral.Chat;
import io.aiproxy.testing.DialectContract;

/** What holds for each dialect, of Anthropic's. */
class AnthropicMessagesDialectTest extends DialectContract {
  @Override
  protected Chat dialect() {
    return new AnthropicMessagesDialect();
  }

  /** A tool of no type is the client's own, as is one of type custom; what is empty or false is as if it were not there. */
  @Override
  protected JsonNode comparableRequest(ObjectNode request) {
    withoutNulls(request);
    request.path("tools").forEach(tool -> {
      without(tool, "type", "custom");
      without(tool, "description", "");
    });
    request.findParents("is_error").forEach(result -> without(result, "is_error", "false"));
    without(request, "stream", "false");
    return request;
  }

  /** Anthropic writes out what there is none of. */
  @Override
  protected JsonNode comparableAnswer(ObjectNode answer) {
    withoutNulls(answer);
    return answer;
  }

  private static void without(JsonNode object, String name, String value) {
    if (object.path(name).asText("absent").equals(value)) {
      ((ObjectNode) object).remove(name);
    }
  }

  private static void withoutNulls(JsonNode node) {
    if (node instanceof ObjectNode object) {
      object.properties().removeIf(member -> member.getValue().isNull());
    }
    node.forEach(AnthropicMessagesDialectTest::withoutNulls);
  }
}
