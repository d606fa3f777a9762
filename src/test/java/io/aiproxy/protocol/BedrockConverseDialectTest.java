package io.aiproxy.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aiproxy.neutral.Chat;
import io.aiproxy.testing.DialectContract;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;

class BedrockConverseDialectTest extends DialectContract {
  @Override
  protected Chat dialect() {
    return new BedrockConverseDialect();
  }

  /** Nothing is said as well by a list that is empty as by none, JSON in a result as well by its text, success by no word. */
  @Override
  protected JsonNode comparableRequest(ObjectNode request) {
    for (String name : List.of("system", "inferenceConfig")) {
      if (request.path("inferenceConfig").path("stopSequences").isEmpty()) {
        ((ObjectNode) request.withObject("/inferenceConfig")).remove("stopSequences");
      }
      if (request.path(name).isEmpty()) {
        request.remove(name);
      }
    }
    request.findValues("toolResult").forEach(BedrockConverseDialectTest::plain);
    schemaAsJson(
        request.path("outputConfig").path("textFormat").path("structure").path("jsonSchema"));
    return request;
  }

  private static void schemaAsJson(JsonNode schema) {
    if (schema instanceof ObjectNode object) {
      object.set("schema", tree(object.path("schema").asText().getBytes(StandardCharsets.UTF_8)));
    }
  }

  private static void plain(JsonNode result) {
    if (result.path("status").asText().equals("success")) {
      ((ObjectNode) result).remove("status");
    }
    for (JsonNode block : result.path("content")) {
      if (block.has("json")) {
        JsonNode json = ((ObjectNode) block).remove("json");
        ((ObjectNode) block).put("text", json.toString());
      }
    }
  }

  /** How long it took is not told, and of usage what can be counted. */
  @Override
  protected JsonNode comparableAnswer(ObjectNode answer) {
    answer.remove("metrics");
    ObjectNode usage = answer.withObject("/usage");
    usage.retain(Set.of(
        "inputTokens",
        "outputTokens",
        "totalTokens",
        "cacheReadInputTokens",
        "cacheWriteInputTokens"));
    for (JsonNode result : answer.findValues("toolResult")) {
      plain(result);
    }
    return answer;
  }
}
