package io.aiproxy.protocol;

import static io.aiproxy.protocol.DialectJson.string;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aiproxy.call.Problem;
import io.aiproxy.neutral.Format;
import io.aiproxy.neutral.Given;
import io.aiproxy.neutral.Message;
import io.aiproxy.neutral.Message.Role;
import io.aiproxy.neutral.Origin;
import io.aiproxy.neutral.Part;
import io.aiproxy.neutral.Reasoning;
import io.aiproxy.neutral.Request;
import io.aiproxy.neutral.Setting;
import io.aiproxy.neutral.Tool;
import io.aiproxy.neutral.ToolChoice;
import io.aiproxy.neutral.ToolChoice.Mode;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Reads one request in Anthropic's Messages API, member by member: what is understood goes to its neutral place, all else
 * stays in the origin.
 */
final class AnthropicRequestReader {
  /** Members that mean alone what a setting means. */
  static final Map<Setting, String> SETTINGS = new EnumMap<>(Map.of(
      Setting.MAX_TOKENS, "max_tokens",
      Setting.TEMPERATURE, "temperature",
      Setting.TOP_P, "top_p",
      Setting.TOP_K, "top_k",
      Setting.STOP, "stop_sequences",
      Setting.SERVICE_TIER, "service_tier"));

  static final Map<String, Mode> MODES =
      Map.of("auto", Mode.AUTO, "any", Mode.ANY, "none", Mode.NONE, "tool", Mode.NAMED);

  static final String METADATA = "metadata";
  static final String USER_ID = "user_id";
  static final String OUTPUT_CONFIG = "output_config";
  static final String OUTPUT_FORMAT = "output_format";
  static final String FORMAT = "format";
  static final String EFFORT = "effort";
  static final String THINKING = "thinking";
  static final String BUDGET = "budget_tokens";
  static final String DISPLAY = "display";
  static final String TOOL_CHOICE = "tool_choice";
  static final String NOT_PARALLEL = "disable_parallel_tool_use";

  private static final String BILLING = "x-anthropic-billing-header:";

  private final ObjectNode body;
  private final Map<Setting, Given> settings = new EnumMap<>(Setting.class);
  private final ObjectNode metadata;
  private final ObjectNode outputConfig;
  private final AnthropicBlockReader blocks = new AnthropicBlockReader();
  private final Set<String> understood =
      new HashSet<>(Set.of("model", "stream", "messages", "system", "tools"));

  AnthropicRequestReader(ObjectNode body) {
    this.body = body;
    metadata = object(METADATA).map(ObjectNode::deepCopy).orElseGet(DialectJson::object);
    outputConfig = object(OUTPUT_CONFIG).map(ObjectNode::deepCopy).orElseGet(DialectJson::object);
  }

  /**
   * Reads it.
   *
   * @throws Problem naming the member that is wrong
   */
  Request read(String model, boolean stream) {
    List<Message> messages = messages();
    List<Tool> tools = tools();
    settings();
    Optional<ToolChoice> choice = toolChoice();
    Optional<Format> format = format();
    Optional<Reasoning> reasoning = reasoning();
    return new Request(
        model, stream, messages, tools, choice, format, reasoning, settings, origin());
  }

  /** The members that were understood in part are there with the rest of them. */
  private Origin origin() {
    Origin origin = Origin.of(AnthropicMessages.NAME, "", body, understood);
    keep(METADATA, metadata, origin);
    keep(OUTPUT_CONFIG, outputConfig, origin);
    return origin;
  }

  private static void keep(String name, ObjectNode leftOver, Origin origin) {
    if (!leftOver.isEmpty()) {
      origin.rest().set(name, leftOver);
    }
  }

  private static Origin origin(String path, ObjectNode object, Set<String> known) {
    return Origin.of(AnthropicMessages.NAME, path, object, known);
  }

  private Optional<ObjectNode> object(String... path) {
    JsonNode node = body;
    for (String name : path) {
      node = node.path(name);
    }
    return node instanceof ObjectNode object ? Optional.of(object) : Optional.empty();
  }

  private List<Message> messages() {
    List<Message> messages = new ArrayList<>();
    if (body.hasNonNull("system")) {
      messages.add(system());
    }
    JsonNode said = body.path("messages");
    if (!said.isArray() || said.isEmpty()) {
      throw Problem.of(Problem.Kind.INVALID_REQUEST, "missing messages").at("messages");
    }
    for (int i = 0; i < said.size(); i++) {
      messages.add(message(said.get(i), i));
    }
    return messages;
  }

  private Message system() {
    JsonNode system = body.get("system");
    if (!system.isTextual() && !system.isArray()) {
      throw Problem.of(
              Problem.Kind.INVALID_REQUEST, "system must be a string or an array of text blocks")
          .at("system");
    }
    List<Part> parts = content(system, "system").stream()
        .map(part -> part instanceof Part.Text text ? withoutBilling(text) : part)
        .toList();
    Origin origin = new Origin(AnthropicMessages.NAME, "system", DialectJson.object());
    return new Message(Role.SYSTEM, parts, system.isTextual(), "", origin);
  }

  private List<Part> content(JsonNode content, String path) {
    return content.isTextual()
        ? List.of(Part.Text.of(content.textValue()))
        : blocks.parts(content, path);
  }

  /** Claude Code's checksum of each request, which would keep everyone else from caching what follows. */
  private static Part withoutBilling(Part.Text text) {
    if (!text.text().startsWith(BILLING)) {
      return text;
    }
    String rest = text.text().replaceFirst("\\s*\\bcch=[^;]*;?", "");
    return new Part.Text(rest, text.citations(), text.origin());
  }

  private Message message(JsonNode message, int index) {
    String at = "messages[" + index + "]";
    if (!(message instanceof ObjectNode said)) {
      throw Problem.of(
              Problem.Kind.INVALID_REQUEST,
              "invalid message at index " + index + ": must be an object")
          .at(at);
    }
    JsonNode content = said.path("content");
    if (!content.isTextual() && !content.isArray()) {
      throw Problem.of(
              Problem.Kind.INVALID_REQUEST,
              "invalid content at index " + index + ": must be a string or an array of blocks")
          .at(at + ".content");
    }
    return new Message(
        role(string(said, "role"), index),
        content(content, at + ".content"),
        content.isTextual(),
        "",
        origin(at, said, Set.of("role", "content")));
  }

  private static Role role(String role, int index) {
    return switch (role) {
      case "user" -> Role.USER;
      case "assistant" -> Role.ASSISTANT;
      case "system" -> Role.SYSTEM;
      default ->
        throw Problem.of(
                Problem.Kind.INVALID_REQUEST,
                "invalid message at index " + index + ": role must be user or assistant")
            .at("messages[" + index + "].role");
    };
  }

  private List<Tool> tools() {
    List<Tool> tools = new ArrayList<>();
    JsonNode offered = body.path("tools");
    for (int i = 0; i < offered.size(); i++) {
      String at = "tools[" + i + "]";
      if (!(offered.get(i) instanceof ObjectNode tool)) {
        throw Problem.of(Problem.Kind.INVALID_REQUEST, at + " must be an object")
            .at(at);
      }
      tools.add(tool(tool, at));
    }
    return tools;
  }

  /** The client's own are of type {@code custom}, or of none. */
  private static Tool tool(ObjectNode tool, String at) {
    String type = string(tool, "type");
    if (!type.isEmpty() && !type.equals("custom")) {
      Origin nothingElse = new Origin(AnthropicMessages.NAME, at, DialectJson.object());
      return new Tool.Builtin(tool, nothingElse);
    }
    JsonNode schema = tool.path("input_schema");
    JsonNode strict = tool.path("strict");
    return new Tool.Function(
        string(tool, "name"),
        string(tool, "description"),
        schema.isNull() ? MissingNode.getInstance() : schema,
        strict.isBoolean() ? Optional.of(strict.booleanValue()) : Optional.empty(),
        tool.path(AnthropicBlockReader.CACHE_CONTROL) instanceof ObjectNode control
            ? Optional.of(string(control, "ttl"))
            : Optional.empty(),
        origin(
            at,
            tool,
            Set.of(
                "type",
                "name",
                "description",
                "input_schema",
                "strict",
                AnthropicBlockReader.CACHE_CONTROL)));
  }

  private void settings() {
    SETTINGS.forEach((setting, name) -> {
      understood.add(name);
      given(setting, name, body.path(name));
    });
    object(METADATA).ifPresent(said -> {
      understood.add(METADATA);
      given(Setting.USER, METADATA + "." + USER_ID, said.path(USER_ID));
      metadata.remove(USER_ID);
    });
  }

  private void given(Setting setting, String path, JsonNode value) {
    boolean isEmpty =
        value.isMissingNode() || value.isNull() || (value.isArray() && value.isEmpty());
    if (!isEmpty) {
      settings.put(setting, new Given(path, value));
    }
  }

  private Optional<ToolChoice> toolChoice() {
    return object(TOOL_CHOICE)
        .filter(choice -> MODES.containsKey(string(choice, "type")))
        .map(this::toolChoice);
  }

  private ToolChoice toolChoice(ObjectNode choice) {
    understood.add(TOOL_CHOICE);
    if (choice.path(NOT_PARALLEL).asBoolean()) {
      given(Setting.PARALLEL_TOOL_CALLS, TOOL_CHOICE + "." + NOT_PARALLEL, BooleanNode.FALSE);
    }
    Mode mode = MODES.getOrDefault(string(choice, "type"), Mode.AUTO);
    return new ToolChoice(
        mode,
        mode == Mode.NAMED ? string(choice, "name") : "",
        origin(TOOL_CHOICE, choice, Set.of("type", "name", NOT_PARALLEL)));
  }

  /** The newer place is within {@code output_config}; where both are filled, the older one counts. */
  private Optional<Format> format() {
    Optional<ObjectNode> older = object(OUTPUT_FORMAT).filter(AnthropicRequestReader::isSchema);
    Optional<ObjectNode> newer =
        object(OUTPUT_CONFIG, FORMAT).filter(AnthropicRequestReader::isSchema);
    if (body.path(OUTPUT_CONFIG).isObject()) {
      understood.add(OUTPUT_CONFIG);
    }
    if (older.isPresent()) {
      understood.add(OUTPUT_FORMAT);
    } else if (newer.isPresent()) {
      outputConfig.remove(FORMAT);
    }
    return older
        .map(format -> format(OUTPUT_FORMAT, format))
        .or(() -> newer.map(format -> format(OUTPUT_CONFIG + "." + FORMAT, format)));
  }

  private static boolean isSchema(ObjectNode format) {
    return string(format, "type").equals("json_schema")
        && !format.path("schema").isEmpty();
  }

  private static Format format(String at, ObjectNode format) {
    return new Format(
        Format.Kind.SCHEMA,
        "",
        "",
        format.path("schema"),
        Optional.empty(),
        origin(at, format, Set.of("type", "schema")));
  }

  /** Effort means thinking only where there is any; without, nobody else has a word for it. */
  private Optional<Reasoning> reasoning() {
    return object(THINKING).flatMap(thinking -> switch (string(thinking, "type")) {
      case "enabled" ->
        Optional.of(
            reasoning(thinking, true, OptionalLong.of(thinking.path(BUDGET).asLong())));
      case "adaptive" -> Optional.of(reasoning(thinking, true, OptionalLong.empty()));
      case "disabled" -> Optional.of(reasoning(thinking, false, OptionalLong.empty()));
      default -> Optional.<Reasoning>empty();
    });
  }

  private Reasoning reasoning(ObjectNode thinking, boolean enabled, OptionalLong budget) {
    understood.add(THINKING);
    JsonNode display = thinking.path(DISPLAY);
    return new Reasoning(
        Optional.of(enabled),
        enabled ? effort() : "",
        budget,
        display.isTextual()
            ? Optional.of(!display.textValue().equals("omitted"))
            : Optional.empty(),
        origin(THINKING, thinking, Set.of("type", BUDGET, DISPLAY)));
  }

  private String effort() {
    String effort = string(outputConfig, EFFORT);
    outputConfig.remove(EFFORT);
    return effort;
  }
}
