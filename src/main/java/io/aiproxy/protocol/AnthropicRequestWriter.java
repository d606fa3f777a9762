package io.aiproxy.protocol;

import static io.aiproxy.protocol.AnthropicRequestReader.EFFORT;
import static io.aiproxy.protocol.AnthropicRequestReader.FORMAT;
import static io.aiproxy.protocol.AnthropicRequestReader.METADATA;
import static io.aiproxy.protocol.AnthropicRequestReader.MODES;
import static io.aiproxy.protocol.AnthropicRequestReader.NOT_PARALLEL;
import static io.aiproxy.protocol.AnthropicRequestReader.OUTPUT_CONFIG;
import static io.aiproxy.protocol.AnthropicRequestReader.OUTPUT_FORMAT;
import static io.aiproxy.protocol.AnthropicRequestReader.SETTINGS;
import static io.aiproxy.protocol.AnthropicRequestReader.TOOL_CHOICE;
import static io.aiproxy.protocol.AnthropicRequestReader.USER_ID;
import static io.aiproxy.protocol.DialectJson.typed;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aiproxy.neutral.Format;
import io.aiproxy.neutral.Given;
import io.aiproxy.neutral.Losses;
import io.aiproxy.neutral.Message;
import io.aiproxy.neutral.Origin;
import io.aiproxy.neutral.Part;
import io.aiproxy.neutral.Request;
import io.aiproxy.neutral.Setting;
import io.aiproxy.neutral.Tool;
import io.aiproxy.neutral.ToolChoice;
import io.aiproxy.neutral.ToolChoice.Mode;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Writes one request in Anthropic's Messages API. Tools come first and messages last, as Anthropic reads them to find what it
 * has cached.
 */
final class AnthropicRequestWriter {
  private static final Map<String, String> TIERS =
      Map.of("auto", "auto", "default", "standard_only", "standard_only", "standard_only");

  private final Request request;
  private final Losses losses;
  private final AnthropicBlockWriter blocks;
  private final ObjectNode body = DialectJson.object();
  private final boolean isOurs;

  AnthropicRequestWriter(Request request, Losses losses) {
    this.request = request;
    this.losses = losses;
    blocks = new AnthropicBlockWriter(false, losses);
    isOurs = request.origin().protocol().equals(AnthropicMessages.NAME);
  }

  ObjectNode write() {
    request.origin().into(body, AnthropicMessages.NAME, losses);
    if (!request.model().isEmpty()) {
      body.put("model", request.model());
    }
    if (request.stream()) {
      body.put("stream", true);
    }
    tools();
    system();
    body.set("messages", new AnthropicTurns(blocks, losses).of(request.messages()));
    toolChoice();
    request.settings().forEach(this::setting);
    request.format().ifPresent(this::format);
    request
        .reasoning()
        .filter(reasoning -> !reasoning.effort().isEmpty())
        .filter(reasoning -> reasoning.origin().protocol().equals(AnthropicMessages.NAME))
        .ifPresent(reasoning -> within(OUTPUT_CONFIG).put(EFFORT, reasoning.effort()));
    new AnthropicThinking(request, body, losses).write();
    return body;
  }

  /** A member that is an object, to be filled: what is there may be what was read. */
  private ObjectNode within(String name) {
    ObjectNode copy =
        body.path(name) instanceof ObjectNode object ? object.deepCopy() : DialectJson.object();
    body.set(name, copy);
    return copy;
  }

  private void tools() {
    ArrayNode tools = body.arrayNode();
    for (Tool tool : request.tools()) {
      if (tool instanceof Tool.Function function) {
        tools.add(function(function));
      } else if (tool instanceof Tool.Builtin builtin
          && builtin.origin().protocol().equals(AnthropicMessages.NAME)) {
        tools.add(builtin.json());
      } else {
        losses.drop(tool.origin().path());
      }
    }
    if (!tools.isEmpty()) {
      body.set("tools", tools);
    }
  }

  private ObjectNode function(Tool.Function function) {
    ObjectNode tool = DialectJson.object().put("name", function.name());
    if (!function.description().isEmpty()) {
      tool.put("description", function.description());
    }
    tool.set("input_schema", schema(function));
    function
        .strict()
        .filter(strict -> strict || isOurs)
        .ifPresent(strict -> tool.put("strict", strict));
    function
        .cache()
        .map(lifetime -> new Part.CachePoint(lifetime, cache(function.origin())))
        .ifPresent(point -> blocks.cache(point, tool));
    function.origin().into(tool, AnthropicMessages.NAME, losses);
    return tool;
  }

  private static Origin cache(Origin tool) {
    return new Origin(
        tool.protocol(), tool.at(AnthropicBlockReader.CACHE_CONTROL), DialectJson.object());
  }

  /** Anthropic insists on an object. */
  private JsonNode schema(Tool.Function function) {
    if (isOurs
        || !(function.parameters() instanceof ObjectNode)
        || function.parameters().has("type")) {
      return function.parameters().isMissingNode() ? typed("object") : function.parameters();
    }
    return ((ObjectNode) function.parameters()).deepCopy().put("type", "object");
  }

  private void system() {
    List<Message> system = request.messages().stream()
        .filter(message -> AnthropicTurns.isSystem(message.role()))
        .toList();
    ArrayNode said = body.arrayNode();
    for (Message message : system) {
      AnthropicTurns.lose(message, losses);
      message.parts().forEach(part -> {
        if (part instanceof Part.Text || part instanceof Part.CachePoint) {
          blocks.add(List.of(part), said);
        } else {
          losses.drop(part.origin().path());
        }
      });
    }
    boolean isPlain = system.size() == 1 && system.get(0).plain() && said.size() == 1;
    if (isPlain) {
      body.set("system", said.get(0).path("text"));
    } else if (!said.isEmpty()) {
      body.set("system", said);
    }
  }

  /** Without tools there is nothing to choose. */
  private void toolChoice() {
    boolean oneByOne = Optional.ofNullable(request.settings().get(Setting.PARALLEL_TOOL_CALLS))
        .filter(given -> given.value().isBoolean() && !given.value().booleanValue())
        .isPresent();
    if (!body.has("tools")) {
      request
          .toolChoice()
          .filter(choice -> choice.mode() == Mode.ANY || choice.mode() == Mode.NAMED)
          .ifPresent(choice -> losses.drop(choice.origin().path()));
    } else if (oneByOne || request.toolChoice().isPresent()) {
      ObjectNode written = request.toolChoice().map(this::choice).orElseGet(() -> typed("auto"));
      if (oneByOne && !written.path("type").asText().equals("none")) {
        written.put(NOT_PARALLEL, true);
      }
      body.set(TOOL_CHOICE, written);
    }
  }

  private ObjectNode choice(ToolChoice choice) {
    String type = MODES.entrySet().stream()
        .filter(mode -> mode.getValue() == choice.mode())
        .map(Map.Entry::getKey)
        .findFirst()
        .orElse("auto");
    ObjectNode written = typed(type);
    if (choice.mode() == Mode.NAMED) {
      written.put("name", choice.name());
    }
    choice.origin().into(written, AnthropicMessages.NAME, losses);
    return written;
  }

  private void setting(Setting setting, Given given) {
    JsonNode value = given.value();
    switch (setting) {
      case MAX_TOKENS, TOP_P, TOP_K, STOP -> body.set(name(setting), value);
      case TEMPERATURE -> temperature(given);
      case SERVICE_TIER -> tier(given);
      case USER -> within(METADATA).set(USER_ID, value);
      case PARALLEL_TOOL_CALLS -> {} // went with the choice of tools
      default -> {
        if (!saysNothing(setting, value)) {
          losses.drop(given.path());
        }
      }
    }
  }

  private static String name(Setting setting) {
    return SETTINGS.getOrDefault(setting, "");
  }

  /** Anthropic's ends at 1. */
  private void temperature(Given given) {
    boolean isHigh = !isOurs && given.value().asDouble() > 1;
    if (isHigh) {
      losses.drop(given.path());
      body.put(name(Setting.TEMPERATURE), 1);
    } else {
      body.set(name(Setting.TEMPERATURE), given.value());
    }
  }

  private void tier(Given given) {
    String tier = given.value().asText();
    if (isOurs) {
      body.set(name(Setting.SERVICE_TIER), given.value());
    } else if (TIERS.containsKey(tier)) {
      body.put(name(Setting.SERVICE_TIER), TIERS.get(tier));
    } else {
      losses.drop(given.path());
    }
  }

  /** Whether it asks for what Anthropic does anyway. */
  private static boolean saysNothing(Setting setting, JsonNode value) {
    return switch (setting) {
      case CANDIDATES -> value.asInt() == 1;
      case LOGPROBS, STORE -> value.isBoolean() && !value.booleanValue();
      case FREQUENCY_PENALTY, PRESENCE_PENALTY, TOP_LOGPROBS, MIN_P ->
        value.isNumber() && value.asDouble() == 0;
      case METADATA -> value.isEmpty();
      default -> false;
    };
  }

  /** The name of a schema is a mere label, which other protocols insist on. */
  private void format(Format format) {
    if (format.kind() == Format.Kind.OBJECT) {
      losses.drop(format.origin().path());
    }
    if (format.kind() != Format.Kind.SCHEMA) {
      return;
    }
    boolean wasOurs = format.origin().protocol().equals(AnthropicMessages.NAME);
    ObjectNode written = typed("json_schema");
    written.set("schema", wasOurs ? format.schema() : closed(format.schema()));
    if (!format.description().isEmpty()) {
      losses.drop(Term.DESCRIPTION.at(format.origin()));
    }
    format.origin().into(written, AnthropicMessages.NAME, losses);
    if (wasOurs && format.origin().path().equals(OUTPUT_FORMAT)) {
      body.set(OUTPUT_FORMAT, written);
    } else {
      within(OUTPUT_CONFIG).set(FORMAT, written);
    }
  }

  /** Anthropic takes only objects that say that they have no further members. */
  private static JsonNode closed(JsonNode schema) {
    JsonNode copy = schema.deepCopy();
    close(copy);
    return copy;
  }

  private static void close(JsonNode schema) {
    schema.forEach(AnthropicRequestWriter::close);
    if (schema instanceof ObjectNode object
        && object.path("type").asText().equals("object")
        && !object.has("additionalProperties")) {
      object.put("additionalProperties", false);
    }
  }
}
