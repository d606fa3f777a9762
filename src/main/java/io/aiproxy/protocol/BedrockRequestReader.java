package io.aiproxy.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aiproxy.neutral.Format;
import io.aiproxy.neutral.Given;
import io.aiproxy.neutral.Message;
import io.aiproxy.neutral.Origin;
import io.aiproxy.neutral.Reasoning;
import io.aiproxy.neutral.Request;
import io.aiproxy.neutral.Setting;
import io.aiproxy.neutral.Tool;
import io.aiproxy.neutral.ToolChoice;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Reads one request of Converse. What is understood of an inner object is left out of the rest, member by member. */
final class BedrockRequestReader {
  private static final String NAME = BedrockConverse.NAME;

  /** The members of {@code inferenceConfig} that others know. */
  static final Map<String, Setting> INFERENCE = Map.of(
      "maxTokens", Setting.MAX_TOKENS,
      "temperature", Setting.TEMPERATURE,
      "topP", Setting.TOP_P,
      "stopSequences", Setting.STOP);

  private final ObjectNode body;
  private final ObjectNode rest;
  private final Map<Setting, Given> settings = new EnumMap<>(Setting.class);

  BedrockRequestReader(ObjectNode body) {
    this.body = body;
    this.rest = body.deepCopy();
    rest.remove(List.of("messages", "system", "model", "stream"));
  }

  Request read(String model, boolean stream) {
    List<Message> messages = messages();
    inference();
    metadata();
    tier();
    Optional<ToolChoice> choice = toolChoice();
    List<Tool> tools = tools();
    Optional<Format> format = format();
    Optional<Reasoning> reasoning = reasoning();
    return new Request(
        model,
        stream,
        messages,
        tools,
        choice,
        format,
        reasoning,
        settings,
        new Origin(NAME, "", rest));
  }

  private List<Message> messages() {
    BedrockBlocks blocks = new BedrockBlocks();
    List<Message> messages = new ArrayList<>();
    JsonNode system = BedrockJson.array(body.path("system"), "system");
    if (!system.isEmpty()) {
      messages.add(new Message(
          Message.Role.SYSTEM,
          blocks.read(system, "system"),
          false,
          "",
          new Origin(NAME, "system", BedrockJson.object())));
    }
    JsonNode said = BedrockJson.array(body.path("messages"), "messages");
    for (int i = 0; i < said.size(); i++) {
      String path = "messages[" + i + "]";
      ObjectNode message = BedrockJson.object(said.get(i), path);
      messages.add(new Message(
          message.path("role").asText().equals("assistant")
              ? Message.Role.ASSISTANT
              : Message.Role.USER,
          blocks.read(message.path("content"), path + ".content"),
          false,
          "",
          Origin.of(NAME, path, message, Set.of("role", "content"))));
    }
    return messages;
  }

  private void inference() {
    ObjectNode left = inner(rest, "inferenceConfig");
    INFERENCE.forEach((member, setting) -> take(left, "inferenceConfig", member)
        .filter(value -> !(value.isArray() && value.isEmpty()))
        .ifPresent(value -> settings.put(setting, new Given("inferenceConfig." + member, value))));
    leave("inferenceConfig", left);
  }

  private void metadata() {
    JsonNode metadata = rest.path("requestMetadata");
    if (metadata.isObject()) {
      rest.remove("requestMetadata");
      settings.put(Setting.METADATA, new Given("requestMetadata", metadata));
    }
  }

  private void tier() {
    JsonNode tier = rest.path("serviceTier");
    if (tier.size() == 1 && tier.path("type").isTextual()) {
      rest.remove("serviceTier");
      settings.put(Setting.SERVICE_TIER, new Given("serviceTier.type", tier.get("type")));
    }
  }

  private Optional<ToolChoice> toolChoice() {
    JsonNode choice = body.path("toolConfig").path("toolChoice");
    String word = choice.size() == 1 ? choice.fieldNames().next() : "";
    Optional<ToolChoice.Mode> mode = switch (word) {
      case "auto" -> Optional.of(ToolChoice.Mode.AUTO);
      case "any" -> Optional.of(ToolChoice.Mode.ANY);
      case "tool" -> Optional.of(ToolChoice.Mode.NAMED);
      default -> Optional.empty();
    };
    String path = "toolConfig.toolChoice";
    mode.ifPresent(known -> {
      ObjectNode left = inner(rest, "toolConfig");
      left.remove("toolChoice");
      leave("toolConfig", left);
    });
    return mode.map(known -> new ToolChoice(
        known,
        choice.path("tool").path("name").asText(),
        new Origin(NAME, path, BedrockJson.object())));
  }

  private List<Tool> tools() {
    JsonNode offered = BedrockJson.array(body.path("toolConfig").path("tools"), "toolConfig.tools");
    List<Tool> tools = new ArrayList<>();
    for (int i = 0; i < offered.size(); i++) {
      String path = "toolConfig.tools[" + i + "]";
      ObjectNode tool = BedrockJson.object(offered.get(i), path);
      int last = tools.size() - 1;
      if (tool.get("toolSpec") instanceof ObjectNode spec) {
        tools.add(function(spec, path + ".toolSpec"));
      } else if (last >= 0
          && tools.get(last) instanceof Tool.Function before
          && before.cache().isEmpty()
          && tool.has("cachePoint")) {
        tools.set(last, cached(before, tool.path("cachePoint").path("ttl").asText()));
      } else {
        tools.add(new Tool.Builtin(tool, new Origin(NAME, path, BedrockJson.object())));
      }
    }
    ObjectNode left = inner(rest, "toolConfig");
    left.remove("tools");
    leave("toolConfig", left);
    return tools;
  }

  private static Tool function(ObjectNode spec, String path) {
    JsonNode strict = spec.path("strict");
    Set<String> understood = new LinkedHashSet<>(Set.of("name", "description", "inputSchema"));
    if (strict.isBoolean()) {
      understood.add("strict");
    }
    return new Tool.Function(
        spec.path("name").asText(),
        spec.path("description").asText(),
        spec.path("inputSchema").path("json"),
        strict.isBoolean() ? Optional.of(strict.booleanValue()) : Optional.empty(),
        Optional.empty(),
        Origin.of(NAME, path, spec, understood));
  }

  private static Tool cached(Tool.Function it, String lifetime) {
    return new Tool.Function(
        it.name(),
        it.description(),
        it.parameters(),
        it.strict(),
        Optional.of(lifetime),
        it.origin());
  }

  private Optional<Format> format() {
    JsonNode text = body.path("outputConfig").path("textFormat");
    JsonNode wanted = text.path("structure").path("jsonSchema");
    JsonNode schema = BedrockJson.parsed(wanted.path("schema").asText());
    if (!text.path("type").asText().equals("json_schema") || !schema.isObject()) {
      return Optional.empty();
    }
    ObjectNode left = inner(rest, "outputConfig");
    left.remove("textFormat");
    leave("outputConfig", left);
    return Optional.of(new Format(
        Format.Kind.SCHEMA,
        wanted.path("name").asText(),
        wanted.path("description").asText(),
        schema,
        Optional.empty(),
        new Origin(NAME, "outputConfig.textFormat", BedrockJson.object())));
  }

  private Optional<Reasoning> reasoning() {
    ObjectNode left = inner(rest, "outputConfig");
    Optional<JsonNode> effort = take(left, "outputConfig", "effort").filter(JsonNode::isTextual);
    leave("outputConfig", left);
    return effort.map(word -> new Reasoning(
        Optional.empty(),
        word.asText(),
        OptionalLong.empty(),
        Optional.empty(),
        new Origin(NAME, "outputConfig.effort", BedrockJson.object())));
  }

  private static ObjectNode inner(ObjectNode object, String name) {
    return object.get(name) instanceof ObjectNode inner
        ? inner
        : JsonNodeFactory.instance.objectNode();
  }

  /** Takes a member out of what is left; a null says nothing. */
  private Optional<JsonNode> take(ObjectNode left, String where, String member) {
    Optional<JsonNode> value =
        Optional.ofNullable(body.path(where).get(member)).filter(given -> !given.isNull());
    value.ifPresent(taken -> left.remove(member));
    return value;
  }

  private void leave(String name, ObjectNode left) {
    if (left.isEmpty() && rest.path(name).isObject()) {
      rest.remove(name);
    }
  }
}
