package io.aiproxy.protocol;

import com.fasterxml.jackson.databind.JsonNode;
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
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Reads a request of Ollama's chat. One per request. */
final class OllamaRequestReader {
  private static final String NAME = OllamaChatDialect.NAME;

  /** Calls that no result has come for yet. */
  private final List<Part.ToolCall> waiting = new ArrayList<>();

  Request read(ObjectNode body, String model, boolean stream) {
    Set<String> understood =
        new HashSet<>(Set.of("model", "stream", "messages", "tools", "options"));
    Optional<Format> format = format(body.path("format"));
    Optional<Reasoning> reasoning = reasoning(body.path("think"));
    format.ifPresent(known -> understood.add("format"));
    reasoning.ifPresent(known -> understood.add("think"));
    Map<Setting, Given> settings = settings(body.path("options"));
    Set<String> known = new HashSet<>();
    settings.keySet().forEach(setting -> known.add(OllamaRequestWriter.OPTIONS.get(setting)));
    return new Request(
        model,
        stream,
        messages(body.path("messages")),
        tools(body.path("tools")),
        Optional.empty(),
        format,
        reasoning,
        settings,
        Nesting.origin(NAME, "", body, understood, "options", known, Set.of("keep_alive")));
  }

  /** What is not of the kind that others understand too stays Ollama's own, such as a bound of -1. */
  private static Map<Setting, Given> settings(JsonNode options) {
    Map<Setting, Given> settings = new EnumMap<>(Setting.class);
    OllamaRequestWriter.OPTIONS.forEach((setting, name) -> {
      JsonNode value = options.path(name);
      boolean isGood = switch (setting) {
        case STOP -> value.isArray();
        case MAX_TOKENS, TOP_K -> value.isNumber() && value.asDouble() > 0;
        default -> value.isNumber();
      };
      if (isGood) {
        settings.put(setting, new Given("options." + name, value));
      }
    });
    return settings;
  }

  private static Optional<Format> format(JsonNode format) {
    Origin origin = Origin.of(NAME, "format", empty(), Set.of());
    if (format.isTextual() && format.asText().equals("json")) {
      return Optional.of(
          new Format(Format.Kind.OBJECT, "", "", missing(), Optional.empty(), origin));
    }
    return format.isObject()
        ? Optional.of(new Format(Format.Kind.SCHEMA, "", "", format, Optional.empty(), origin))
        : Optional.empty();
  }

  private static Optional<Reasoning> reasoning(JsonNode think) {
    if (!think.isBoolean() && !think.isTextual()) {
      return Optional.empty();
    }
    return Optional.of(new Reasoning(
        Optional.of(think.isTextual() || think.asBoolean()),
        think.isTextual() ? think.asText() : "",
        OptionalLong.empty(),
        Optional.empty(),
        Origin.of(NAME, "think", empty(), Set.of())));
  }

  private static List<Tool> tools(JsonNode tools) {
    List<Tool> read = new ArrayList<>();
    for (JsonNode tool : tools) {
      read.add(tool(tool, "tools[" + read.size() + "]"));
    }
    return read;
  }

  private static Tool tool(JsonNode tool, String path) {
    JsonNode function = tool.path("function");
    if (!(tool instanceof ObjectNode object) || !function.path("name").isTextual()) {
      return new Tool.Builtin(tool, Origin.of(NAME, path, empty(), Set.of()));
    }
    return new Tool.Function(
        function.path("name").asText(),
        function.path("description").asText(),
        function.path("parameters"),
        Optional.empty(),
        Optional.empty(),
        Nesting.origin(
            NAME,
            path,
            object,
            Set.of("type"),
            "function",
            Set.of("name", "description", "parameters")));
  }

  private List<Message> messages(JsonNode messages) {
    List<Message> read = new ArrayList<>();
    for (JsonNode message : messages) {
      String path = "messages[" + read.size() + "]";
      if (!(message instanceof ObjectNode object)) {
        throw Problem.of(Problem.Kind.INVALID_REQUEST, path + " must be an object")
            .at(path);
      }
      read.add(message(object, path));
    }
    return read;
  }

  private Message message(ObjectNode message, String path) {
    return switch (message.path("role").asText()) {
      case "system" -> said(Role.SYSTEM, message, path);
      case "user" -> said(Role.USER, message, path);
      case "assistant" -> said(Role.ASSISTANT, message, path);
      case "tool" -> result(message, path);
      default ->
        throw Problem.of(
                Problem.Kind.INVALID_REQUEST,
                path + ".role must be system, user, assistant or tool")
            .at(path + ".role");
    };
  }

  private Message said(Role role, ObjectNode message, String path) {
    List<Part> parts = new ArrayList<>();
    String thinking = message.path("thinking").asText();
    if (!thinking.isEmpty()) {
      parts.add(new Part.Thought(thinking, Optional.empty(), at(path + ".thinking")));
    }
    String content = message.path("content").asText();
    if (!content.isEmpty()) {
      parts.add(new Part.Text(content, List.of(), at(path + ".content")));
    }
    parts.addAll(images(message.path("images"), path));
    List<Part.ToolCall> calls = calls(message.path("tool_calls"), path + ".tool_calls");
    parts.addAll(calls);
    waiting.addAll(calls);
    return new Message(
        role,
        parts,
        message.path("content").isTextual(),
        "",
        Origin.of(
            NAME, path, message, Set.of("role", "content", "thinking", "images", "tool_calls")));
  }

  private static List<Part.ToolCall> calls(JsonNode calls, String path) {
    List<Part.ToolCall> read = new ArrayList<>();
    for (JsonNode call : calls) {
      String at = path + "[" + read.size() + "]";
      read.add(OllamaCalls.read(call, at, at, Set.of("name", "arguments")));
    }
    return read;
  }

  private static List<Part> images(JsonNode images, String path) {
    List<Part> read = new ArrayList<>();
    for (JsonNode image : images) {
      String data = image.asText();
      read.add(new Part.Media(
          Part.Media.Kind.IMAGE,
          ImageType.of(data),
          new Part.Source.Data(data),
          "",
          at(path + ".images[" + read.size() + "]")));
    }
    return read;
  }

  private Message result(ObjectNode message, String path) {
    String name = message.path("tool_name").asText();
    String id = message.path("tool_call_id").asText();
    Optional<Part.ToolCall> call = waiting.stream()
        .filter(made -> id.isEmpty()
            ? name.isEmpty() || made.name().equals(name)
            : made.id().equals(id))
        .findFirst();
    call.ifPresent(waiting::remove);
    List<Part> content = new ArrayList<>();
    content.add(new Part.Text(message.path("content").asText(), List.of(), at(path + ".content")));
    content.addAll(images(message.path("images"), path));
    Part.ToolResult result = new Part.ToolResult(
        id.isEmpty() ? call.map(Part.ToolCall::id).orElseGet(() -> OllamaCalls.made(path)) : id,
        name.isEmpty() ? call.map(Part.ToolCall::name).orElse("") : name,
        content,
        content.size() == 1,
        false,
        Origin.of(
            NAME, path, message, Set.of("role", "content", "images", "tool_name", "tool_call_id")));
    return new Message(Role.USER, List.of(result), false, "", at(path));
  }

  private static Origin at(String path) {
    return Origin.of(NAME, path, empty(), Set.of());
  }

  private static ObjectNode empty() {
    return Origin.NONE.rest();
  }

  private static JsonNode missing() {
    return Origin.NONE.rest().path("");
  }
}
