package io.aiproxy.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aiproxy.neutral.Chat;
import io.aiproxy.testing.DialectContract;
import io.aiproxy.testing.Recording;
import io.aiproxy.usage.Usage;
import java.util.List;

/** What is recorded of providers that speak chat completions, read and written again. */
class OpenAiChatDialectTest extends DialectContract {
  @Override
  protected Chat dialect() {
    return new OpenAiChatDialect();
  }

  /** Not to stream goes without saying, one stop sequence is a list of one, and no tools or words are none. */
  @Override
  protected JsonNode comparableRequest(ObjectNode request) {
    if (!request.path("stream").asBoolean()) {
      request.remove("stream");
    }
    if (request.path("stop").isTextual()) {
      request.set("stop", request.arrayNode().add(request.get("stop")));
    }
    if (request.path("tools").isArray() && request.path("tools").isEmpty()) {
      request.remove("tools");
    }
    for (JsonNode tool : request.path("tools")) {
      if (tool.path("function").path("description").asText("some").isEmpty()) {
        ((ObjectNode) tool.path("function")).remove("description");
      }
    }
    if (!request.path("stream_options").path("include_usage").asBoolean(true)) {
      request.remove("stream_options");
    }
    return request;
  }

  /** Members without a value say nothing; what a provider may leave out is compared in neutral terms. */
  @Override
  protected JsonNode comparableAnswer(ObjectNode answer) {
    answer.remove(List.of("id", "model", "usage"));
    for (JsonNode choice : answer.path("choices")) {
      ((ObjectNode) choice).remove(List.of("usage", "finish_reason"));
      ((ObjectNode) choice).withObject("/message").put("role", "assistant");
      choice
          .findParents("bytes")
          .forEach(token -> ((ObjectNode) token).remove(List.of("bytes", "id")));
      for (JsonNode call : choice.path("message").path("tool_calls")) {
        ((ObjectNode) call).remove("index");
        if (call.path("id").asText().startsWith("call_0_")) {
          ((ObjectNode) call).remove("id"); // made up
        }
      }
      if (choice.path("message").path("audio").path("data").asText().isEmpty()
          && choice.path("message") instanceof ObjectNode message) {
        message.remove("audio");
      }
    }
    prune(answer);
    return answer;
  }

  private static boolean prune(JsonNode node) {
    if (node instanceof ObjectNode object) {
      object.properties().removeIf(member -> prune(member.getValue()));
    } else if (node instanceof ArrayNode array) {
      for (int i = array.size() - 1; i >= 0; i--) {
        if (prune(array.get(i))) {
          array.remove(i);
        }
      }
    }
    return node.isNull()
        || node.isContainerNode() && node.isEmpty()
        || node.isTextual() && node.textValue().isEmpty();
  }

  @Override
  protected ObjectNode asked(Recording recording) {
    ObjectNode asked = super.asked(recording);
    asked.withObject("/stream_options").put("include_usage", true);
    return asked;
  }

  /** Thoughts that are counted apart become part of what was written. */
  @Override
  protected Usage comparableUsage(Usage usage) {
    return usage.isAbsent()
        ? Usage.NONE
        : new Usage(
            usage.promptWithCache(),
            usage.completionWithReasoning(),
            Math.max(usage.total(), usage.promptWithCache() + usage.completionWithReasoning()),
            usage.cacheRead(),
            usage.cacheWrite(),
            usage.reasoning(),
            true);
  }
}
