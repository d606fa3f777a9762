package io.aiproxy.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aiproxy.neutral.Chat;
import io.aiproxy.testing.DialectContract;
import io.aiproxy.testing.Recording;
import io.aiproxy.usage.Usage;
import java.util.List;
import java.util.Locale;

class GeminiGenerateDialectTest extends DialectContract {
  @Override
  protected Chat dialect() {
    return new GeminiGenerateDialect();
  }

  /** Both ways to write a name, a schema, or a list of functions are one; some members say nothing. */
  @Override
  protected JsonNode comparableRequest(ObjectNode request) {
    ObjectNode usual = (ObjectNode) usual(request);
    usual.remove("model");
    usual.properties().removeIf(member -> member.getValue().isNull()); // says nothing
    if (usual.path("systemInstruction") instanceof ObjectNode system) {
      system.remove("role");
      system.path("parts").forEach(GeminiGenerateDialectTest::withoutFalse);
    }
    if (usual.path("generationConfig") instanceof ObjectNode config) {
      asJsonSchema(config, "responseSchema", "responseJsonSchema");
      if (config.path("thinkingConfig") instanceof ObjectNode thinking
          && thinking.has("thinkingLevel")) {
        // the case of such words does not count
        thinking.put(
            "thinkingLevel", thinking.path("thinkingLevel").asText().toUpperCase(Locale.ROOT));
      }
      if (config.isEmpty()) {
        usual.remove("generationConfig");
      }
    }
    usual.path("contents").forEach(content -> {
      if (!content.has("role")) {
        ((ObjectNode) content).put("role", "user");
      }
      content.path("parts").forEach(GeminiGenerateDialectTest::withoutFalse);
    });
    tools(usual);
    return usual;
  }

  private static void withoutFalse(JsonNode part) {
    if (!part.path("thought").asBoolean()) {
      ((ObjectNode) part).remove("thought");
    }
  }

  private static void tools(ObjectNode request) {
    ArrayNode functions = JsonNodeFactory.instance.arrayNode();
    ArrayNode others = JsonNodeFactory.instance.arrayNode();
    request
        .path("tools")
        .forEach(tool -> tool.properties().forEach(member -> {
          if (member.getKey().equals("functionDeclarations")) {
            member.getValue().forEach(functions::add);
          } else {
            others.addObject().set(member.getKey(), member.getValue());
          }
        }));
    functions.forEach(
        function -> asJsonSchema((ObjectNode) function, "parameters", "parametersJsonSchema"));
    request.remove("tools");
    request.set("functions", functions);
    request.set("otherTools", others);
  }

  private static void asJsonSchema(ObjectNode at, String google, String json) {
    if (at.has(google)) {
      at.set(json, GeminiSchema.toJson(at.remove(google)));
    }
  }

  private static JsonNode usual(JsonNode json) {
    if (json.isArray()) {
      ArrayNode array = JsonNodeFactory.instance.arrayNode();
      json.forEach(element -> array.add(usual(element)));
      return array;
    }
    if (!json.isObject()) {
      return json;
    }
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    GeminiJson.usual(json)
        .properties()
        .forEach(member -> object.set(member.getKey(), usual(member.getValue())));
    return object;
  }

  /** An empty content and the first index may be left out, and times are whole seconds. */
  @Override
  protected JsonNode comparableAnswer(ObjectNode answer) {
    answer.remove("createTime");
    for (JsonNode candidate : answer.path("candidates")) {
      ObjectNode content = ((ObjectNode) candidate).withObjectProperty("content");
      content.withArrayProperty("parts");
      content.put("role", "model");
      if (!candidate.has("index")) {
        ((ObjectNode) candidate).put("index", 0);
      }
    }
    return answer;
  }

  @Override
  protected List<String> expectedStops(Recording recording) {
    return super.expectedStops(recording).stream()
        .map(stop -> stop.replace("PROMPT_BLOCKED:", ""))
        .toList();
  }

  /** Google counts thoughts, and what tools gave, apart. */
  @Override
  protected Usage expectedUsage(Recording recording) {
    Usage usage = recording.usage();
    JsonNode tools = recording.expected().path("usage_raw").path("toolUsePromptTokenCount");
    return new Usage(
        usage.prompt() == Usage.ABSENT ? Usage.ABSENT : usage.prompt() + tools.asLong(0),
        usage.completion() == Usage.ABSENT && usage.reasoning() == Usage.ABSENT
            ? Usage.ABSENT
            : Usage.orZero(usage.completion()) + Usage.orZero(usage.reasoning()),
        usage.total(),
        usage.cacheRead(),
        usage.cacheWrite(),
        usage.reasoning(),
        true);
  }
}
