package io.aiproxy.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aiproxy.neutral.Format;
import io.aiproxy.neutral.Given;
import io.aiproxy.neutral.Losses;
import io.aiproxy.neutral.Message;
import io.aiproxy.neutral.Part;
import io.aiproxy.neutral.Reasoning;
import io.aiproxy.neutral.Request;
import io.aiproxy.neutral.Setting;
import io.aiproxy.neutral.Tool;
import io.aiproxy.neutral.ToolChoice;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;

/**
 * Writes one request of Converse. The service takes a conversation in which the sides take turns, so what one side says in
 * several messages becomes one; the system's words, wherever they stood, come before all.
 */
final class BedrockRequestWriter {
  private static final String NAME = BedrockConverse.NAME;
  private static final Set<String> TIERS = Set.of("default", "priority", "flex", "reserved");
  private static final Set<String> EFFORTS = Set.of("low", "medium", "high", "max");

  private static final Map<Setting, String> INFERENCE = inference();

  private final Request request;
  private final Losses losses;
  private final BedrockBlockWriter blocks;
  private final ObjectNode body = BedrockJson.object();

  BedrockRequestWriter(Request request, Losses losses) {
    this.request = request;
    this.losses = losses;
    this.blocks = new BedrockBlockWriter(losses);
  }

  private static Map<Setting, String> inference() {
    Map<Setting, String> members = new EnumMap<>(Setting.class);
    BedrockRequestReader.INFERENCE.forEach((member, setting) -> members.put(setting, member));
    return members;
  }

  ObjectNode write() {
    request.origin().into(body, NAME, losses);
    system();
    messages();
    request.settings().forEach(this::setting);
    tools();
    request.format().ifPresent(this::format);
    request.reasoning().ifPresent(this::reasoning);
    return body;
  }

  private void system() {
    ArrayNode system = body.arrayNode();
    request.messages().stream()
        .filter(BedrockRequestWriter::isSystem)
        .forEach(message -> say(message, system));
    if (!system.isEmpty()) {
      body.set("system", system);
    }
  }

  private static boolean isSystem(Message message) {
    return message.role() == Message.Role.SYSTEM || message.role() == Message.Role.DEVELOPER;
  }

  private void messages() {
    ArrayNode written = body.putArray("messages");
    for (Message message : request.messages()) {
      if (isSystem(message)) {
        continue;
      }
      String role = message.role() == Message.Role.ASSISTANT ? "assistant" : "user";
      ObjectNode last = written.get(written.size() - 1) instanceof ObjectNode before
          ? before
          : BedrockJson.object();
      boolean goesOn = last.path("role").asText().equals(role);
      ObjectNode turn = goesOn ? last : BedrockJson.object("role", role);
      ArrayNode content = turn.withArray("/content");
      say(message, content);
      if (!goesOn && !content.isEmpty()) {
        written.add(turn);
      }
      message.origin().into(turn, NAME, losses);
    }
  }

  /** A text of nothing but blanks is refused by the service, and says nothing. */
  private void say(Message message, ArrayNode content) {
    blocks.write(
        message.parts().stream()
            .filter(part -> !(part instanceof Part.Text text
                && text.text().isBlank()
                && !text.origin().protocol().equals(NAME)))
            .toList(),
        content);
    if (!message.name().isEmpty()) {
      losses.drop(message.origin().at("name"));
    }
  }

  private void setting(Setting setting, Given given) {
    JsonNode value = given.value();
    if (value.isNull()) {
      return;
    }
    if (INFERENCE.containsKey(setting)) {
      inner("inferenceConfig").set(INFERENCE.get(setting), value);
    } else if (setting == Setting.METADATA) {
      body.set("requestMetadata", value);
    } else if (setting == Setting.SERVICE_TIER && TIERS.contains(value.asText())) {
      body.set("serviceTier", BedrockJson.object("type", value));
    } else if (setting == Setting.TOP_K && isClaude()) {
      inner("additionalModelRequestFields").set("top_k", value);
    } else if (!isUsual(setting, value)) {
      losses.drop(given.path());
    }
  }

  /** Whether Converse does this anyway. */
  private static boolean isUsual(Setting setting, JsonNode value) {
    return switch (setting) {
      case CANDIDATES -> value.asInt() == 1;
      case LOGPROBS, STORE -> value.isBoolean() && !value.booleanValue();
      case PARALLEL_TOOL_CALLS -> value.isBoolean() && value.booleanValue();
      case SERVICE_TIER -> value.asText().equals("auto");
      case FREQUENCY_PENALTY, PRESENCE_PENALTY -> value.isNumber() && value.doubleValue() == 0;
      default -> false;
    };
  }

  private boolean isClaude() {
    return request.model().contains("anthropic.");
  }

  private void tools() {
    boolean none = request
        .toolChoice()
        .filter(choice -> choice.mode() == ToolChoice.Mode.NONE)
        .isPresent();
    if (none && !hasCalls()) {
      return; // who is offered no tools calls none
    }
    ArrayNode tools = body.arrayNode();
    request.tools().forEach(tool -> tool(tool, tools));
    if (!tools.isEmpty()) {
      inner("toolConfig").set("tools", tools);
      request.toolChoice().ifPresent(this::toolChoice);
    }
  }

  private boolean hasCalls() {
    return request.messages().stream()
        .flatMap(message -> message.parts().stream())
        .anyMatch(part -> part instanceof Part.ToolCall || part instanceof Part.ToolResult);
  }

  private void tool(Tool tool, ArrayNode into) {
    if (tool instanceof Tool.Function function) {
      ObjectNode spec = BedrockJson.object("name", function.name());
      if (!function.description().isEmpty()) {
        spec.put("description", function.description());
      }
      spec.set("inputSchema", BedrockJson.object("json", schema(function.parameters())));
      function.strict().ifPresent(strict -> spec.put("strict", strict));
      function.origin().into(spec, NAME, losses);
      into.add(BedrockJson.object("toolSpec", spec));
      function
          .cache()
          .ifPresent(lifetime ->
              into.add(BedrockJson.object("cachePoint", BedrockBlockWriter.cachePoint(lifetime))));
    } else if (tool instanceof Tool.Builtin own && own.origin().protocol().equals(NAME)) {
      into.add(own.json());
    } else {
      losses.drop(tool.origin().path());
    }
  }

  private static JsonNode schema(JsonNode parameters) {
    return parameters.isObject() ? parameters : BedrockJson.object("type", "object");
  }

  /** There is no word for none: where earlier calls need their tools, the wish is lost. */
  private void toolChoice(ToolChoice choice) {
    ObjectNode config = inner("toolConfig");
    switch (choice.mode()) {
      case AUTO -> config.putObject("toolChoice").putObject("auto");
      case ANY -> config.putObject("toolChoice").putObject("any");
      case NAMED -> config.putObject("toolChoice").putObject("tool").put("name", choice.name());
      case NONE -> losses.drop(choice.origin().path());
    }
    choice.origin().into(config, NAME, losses);
  }

  private void format(Format format) {
    if (format.kind() == Format.Kind.SCHEMA) {
      ObjectNode text = inner("outputConfig").putObject("textFormat").put("type", "json_schema");
      ObjectNode schema = text.putObject("structure").putObject("jsonSchema");
      schema.put("schema", format.schema().toString());
      if (!format.name().isEmpty()) {
        schema.put("name", format.name());
      }
      if (!format.description().isEmpty()) {
        schema.put("description", format.description());
      }
    } else if (format.kind() == Format.Kind.OBJECT) {
      losses.drop(format.origin().path());
    }
    format.origin().into(BedrockJson.object(), NAME, losses);
  }

  /** Claude takes a budget for its thoughts beside what Converse knows; an effort is Converse's own. */
  private void reasoning(Reasoning reasoning) {
    boolean isOff = reasoning.enabled().filter(enabled -> !enabled).isPresent();
    if (reasoning.budget().isPresent() && isClaude()) {
      inner("additionalModelRequestFields")
          .putObject("thinking")
          .put("type", "enabled")
          .put("budget_tokens", reasoning.budget().getAsLong());
    } else if (EFFORTS.contains(reasoning.effort()) && !isOff) {
      inner("outputConfig").put("effort", reasoning.effort());
    } else if (!isOff) {
      losses.drop(reasoning.origin().path());
    }
    Usual.dropShown(reasoning, losses);
    reasoning.origin().into(BedrockJson.object(), NAME, losses);
  }

  /** An inner object to write into, which may have come with the rest and must not be changed there. */
  private ObjectNode inner(String name) {
    ObjectNode copy =
        body.get(name) instanceof ObjectNode given ? given.deepCopy() : BedrockJson.object();
    body.set(name, copy);
    return copy;
  }
}
