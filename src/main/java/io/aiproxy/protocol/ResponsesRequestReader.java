package io.aiproxy.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
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
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Reads a request of the responses API. One per request. */
final class ResponsesRequestReader {
  /** The members that are a setting by another name. */
  static final Map<String, Setting> SETTINGS = Map.ofEntries(
      Map.entry("max_output_tokens", Setting.MAX_TOKENS),
      Map.entry("temperature", Setting.TEMPERATURE),
      Map.entry("top_p", Setting.TOP_P),
      Map.entry("top_logprobs", Setting.TOP_LOGPROBS),
      Map.entry("parallel_tool_calls", Setting.PARALLEL_TOOL_CALLS),
      Map.entry("metadata", Setting.METADATA),
      Map.entry("service_tier", Setting.SERVICE_TIER),
      Map.entry("prompt_cache_key", Setting.CACHE_KEY),
      Map.entry("store", Setting.STORE),
      Map.entry("presence_penalty", Setting.PRESENCE_PENALTY),
      Map.entry("frequency_penalty", Setting.FREQUENCY_PENALTY));

  static final String LOGPROBS = "message.output_text.logprobs";
  static final String SIGNATURES = "reasoning.encrypted_content";

  private static final String NAME = OpenAiResponsesDialect.NAME;
  private static final Set<String> READ = Set.of(
      "model", "stream", "input", "instructions", "tools", "text", "tool_choice", "reasoning");

  private final ObjectNode body;
  private final Map<Setting, Given> settings = new EnumMap<>(Setting.class);
  private final Set<String> understood = new HashSet<>(READ);
  private final Set<String> own = new HashSet<>(Set.of("stream_options"));

  ResponsesRequestReader(ObjectNode body) {
    this.body = body;
  }

  Request request(String model, boolean stream) {
    List<Message> messages = messages();
    settings();
    include();
    silence("truncation", "disabled");
    silence("background", "false");
    return new Request(
        model, stream, messages, tools(), toolChoice(), format(), reasoning(), settings, origin());
  }

  /** Members of {@code text} but the format have no place of their own. */
  private Origin origin() {
    Origin origin = Origin.of(NAME, "", body, understood, own);
    body.path("text").properties().stream()
        .filter(member -> !member.getKey().equals("format"))
        .forEach(member -> origin.rest().set("text." + member.getKey(), member.getValue()));
    if (body.has("stream")) {
      origin.own().set("stream", body.get("stream"));
    }
    return origin;
  }

  /** That value says what is so without it. */
  private void silence(String member, String value) {
    if (body.path(member).asText().equals(value)) {
      own.add(member);
    }
  }

  private List<Message> messages() {
    List<Message> messages = new ArrayList<>();
    JsonNode instructions = body.path("instructions");
    if (instructions.isTextual()) {
      messages.add(plain(Role.SYSTEM, instructions.asText(), "instructions"));
    } else if (!instructions.isMissingNode() && !instructions.isNull()) {
      throw OpenAiResponsesDialect.bad("instructions", "must be a string");
    }
    JsonNode input = body.path("input");
    if (input.isTextual()) {
      messages.add(plain(Role.USER, input.asText(), "input"));
    } else if (input.isArray()) {
      messages.addAll(ResponsesItems.messages(input));
    } else if (!input.isMissingNode() && !input.isNull()) {
      throw OpenAiResponsesDialect.bad("input", "must be a string or an array of items");
    }
    return messages;
  }

  private static Message plain(Role role, String text, String path) {
    Origin origin = new Origin(NAME, path, Origin.NONE.rest());
    return new Message(role, List.of(new Part.Text(text, List.of(), origin)), true, "", origin);
  }

  private void settings() {
    SETTINGS.forEach((member, setting) -> setting(member, setting));
    setting("user", Setting.USER);
    if (body.path("safety_identifier").isTextual()) {
      if (settings.containsKey(Setting.USER)) {
        understood.remove("user"); // there is but one, and the newer member is the one that counts
      }
      setting("safety_identifier", Setting.USER);
    }
  }

  private void setting(String member, Setting setting) {
    understood.add(member);
    if (body.hasNonNull(member)) {
      settings.put(setting, new Given(member, body.get(member)));
    }
  }

  /** That thoughts come signed goes without saying elsewhere. */
  private void include() {
    boolean allKnown = true;
    JsonNode include = body.path("include");
    for (int i = 0; i < include.size(); i++) {
      String wanted = include.get(i).asText();
      if (wanted.equals(LOGPROBS)) {
        settings.put(Setting.LOGPROBS, new Given("include[" + i + "]", BooleanNode.TRUE));
      }
      allKnown &= wanted.equals(LOGPROBS) || wanted.equals(SIGNATURES);
    }
    if (allKnown) {
      own.add("include");
    }
  }

  private List<Tool> tools() {
    List<Tool> tools = new ArrayList<>();
    JsonNode given = body.path("tools");
    for (int i = 0; i < given.size(); i++) {
      tools.add(tool(given.get(i), "tools[" + i + "]"));
    }
    if (given.isArray() && given.isEmpty()) {
      own.add("tools");
    }
    return tools;
  }

  private static Tool tool(JsonNode json, String path) {
    if (!(json instanceof ObjectNode tool)) {
      throw OpenAiResponsesDialect.bad(path, "must be an object");
    }
    if (!tool.path("type").asText("function").equals("function")) {
      return new Tool.Builtin(tool, new Origin(NAME, path, Origin.NONE.rest()));
    }
    return new Tool.Function(
        tool.path("name").asText(""),
        tool.path("description").asText(""),
        tool.hasNonNull("parameters") ? tool.get("parameters") : tool.path("?"),
        tool.path("strict").isBoolean()
            ? Optional.of(tool.path("strict").asBoolean())
            : Optional.empty(),
        Optional.empty(),
        Origin.of(NAME, path, tool, Set.of("type", "name", "description", "parameters", "strict")));
  }

  private Optional<ToolChoice> toolChoice() {
    JsonNode choice = body.path("tool_choice");
    if (choice instanceof ObjectNode object) {
      return Optional.of(toolChoice(object));
    }
    return switch (choice.asText("")) {
      case "" -> Optional.empty();
      case "auto" -> Optional.of(mode(ToolChoice.Mode.AUTO));
      case "none" -> Optional.of(mode(ToolChoice.Mode.NONE));
      case "required" -> Optional.of(mode(ToolChoice.Mode.ANY));
      default ->
        throw OpenAiResponsesDialect.bad(
            "tool_choice", "must be none, auto, required or an object");
    };
  }

  private static ToolChoice mode(ToolChoice.Mode mode) {
    return new ToolChoice(mode, "", new Origin(NAME, "tool_choice", Origin.NONE.rest()));
  }

  /** Which of the provider's own tools, or which of several, no other protocol says. */
  private static ToolChoice toolChoice(ObjectNode choice) {
    String type = choice.path("type").asText();
    if (type.equals("function") || type.equals("custom")) {
      return new ToolChoice(
          ToolChoice.Mode.NAMED,
          choice.path("name").asText(),
          Origin.of(NAME, "tool_choice", choice, Set.of("name"), Set.of("type")));
    }
    if (type.equals("allowed_tools")) {
      boolean any = choice.path("mode").asText().equals("required");
      return new ToolChoice(
          any ? ToolChoice.Mode.ANY : ToolChoice.Mode.AUTO,
          "",
          Origin.of(NAME, "tool_choice", choice, Set.of(), Set.of("type", "mode")));
    }
    return new ToolChoice(
        ToolChoice.Mode.AUTO, "", Origin.of(NAME, "tool_choice", choice, Set.of()));
  }

  private Optional<Format> format() {
    if (!(body.path("text").path("format") instanceof ObjectNode format)) {
      return Optional.empty();
    }
    Format.Kind kind = switch (format.path("type").asText("text")) {
      case "json_schema" -> Format.Kind.SCHEMA;
      case "json_object" -> Format.Kind.OBJECT;
      default -> Format.Kind.TEXT;
    };
    return Optional.of(new Format(
        kind,
        format.path("name").asText(""),
        format.path("description").asText(""),
        format.hasNonNull("schema") ? format.get("schema") : format.path("?"),
        format.path("strict").isBoolean()
            ? Optional.of(format.path("strict").asBoolean())
            : Optional.empty(),
        Origin.of(
            NAME,
            "text.format",
            format,
            Set.of("type", "name", "description", "schema", "strict"))));
  }

  private Optional<Reasoning> reasoning() {
    if (!(body.path("reasoning") instanceof ObjectNode reasoning)) {
      return Optional.empty();
    }
    String effort = reasoning.path("effort").asText("");
    boolean shown = reasoning.hasNonNull("summary") || reasoning.hasNonNull("generate_summary");
    return Optional.of(new Reasoning(
        effort.isEmpty() ? Optional.empty() : Optional.of(!effort.equals("none")),
        effort,
        OptionalLong.empty(),
        shown ? Optional.of(true) : Optional.empty(),
        Origin.of(
            NAME,
            "reasoning",
            reasoning,
            Set.of("effort"),
            Set.of("summary", "generate_summary"))));
  }
}
