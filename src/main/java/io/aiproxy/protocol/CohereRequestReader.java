package io.aiproxy.protocol;

import com.fasterxml.jackson.databind.JsonNode;
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
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Reads a request of Cohere's chat. */
final class CohereRequestReader {
  private static final String NAME = CohereChatDialect.NAME;

  private CohereRequestReader() {}

  static Request read(ObjectNode body, String model, boolean stream) {
    List<Tool> tools = tools(body);
    Optional<ToolChoice> choice = choice(body.path("tool_choice"));
    Optional<Format> format = format(body.path("response_format"));
    Optional<Reasoning> reasoning = reasoning(body.path("thinking"));
    Map<Setting, Given> settings = settings(body);
    Set<String> understood = new HashSet<>(Set.of("model", "stream", "messages", "tools"));
    settings.values().forEach(given -> understood.add(given.path()));
    choice.ifPresent(known -> understood.add("tool_choice"));
    format.ifPresent(known -> understood.add("response_format"));
    reasoning.ifPresent(known -> understood.add("thinking"));
    if (!tools.isEmpty()) {
      understood.add("strict_tools");
    }
    return new Request(
        model,
        stream,
        messages(body.path("messages")),
        tools,
        choice,
        format,
        reasoning,
        settings,
        Origin.of(NAME, "", body, understood));
  }

  private static Map<Setting, Given> settings(ObjectNode body) {
    Map<Setting, Given> settings = new EnumMap<>(Setting.class);
    CohereRequestWriter.SETTINGS.forEach((setting, name) -> {
      JsonNode value = body.path(name);
      boolean isGood = switch (setting) {
        case STOP -> value.isArray();
        case LOGPROBS -> value.isBoolean();
        default -> value.isNumber();
      };
      if (isGood) {
        settings.put(setting, new Given(name, value));
      }
    });
    return settings;
  }

  private static Optional<ToolChoice> choice(JsonNode choice) {
    Origin origin = CohereParts.at("tool_choice");
    return switch (choice.asText()) {
      case "REQUIRED" -> Optional.of(new ToolChoice(ToolChoice.Mode.ANY, "", origin));
      case "NONE" -> Optional.of(new ToolChoice(ToolChoice.Mode.NONE, "", origin));
      default -> Optional.empty();
    };
  }

  private static Optional<Format> format(JsonNode format) {
    if (!(format instanceof ObjectNode object)) {
      return Optional.empty();
    }
    boolean hasSchema = format.path("json_schema").isObject();
    Optional<Format.Kind> kind = switch (format.path("type").asText()) {
      case "text" -> Optional.of(Format.Kind.TEXT);
      case "json_object" -> Optional.of(hasSchema ? Format.Kind.SCHEMA : Format.Kind.OBJECT);
      default -> Optional.empty();
    };
    Set<String> understood = hasSchema ? Set.of("type", "json_schema") : Set.of("type");
    return kind.map(known -> new Format(
        known,
        "",
        "",
        hasSchema ? format.path("json_schema") : MissingNode.getInstance(),
        Optional.empty(),
        Origin.of(NAME, "response_format", object, understood)));
  }

  private static Optional<Reasoning> reasoning(JsonNode thinking) {
    if (!(thinking instanceof ObjectNode object)) {
      return Optional.empty();
    }
    JsonNode budget = thinking.path("token_budget");
    return Optional.of(new Reasoning(
        thinking.has("type")
            ? Optional.of(!thinking.path("type").asText().equals("disabled"))
            : Optional.empty(),
        "",
        budget.isIntegralNumber() ? OptionalLong.of(budget.asLong()) : OptionalLong.empty(),
        Optional.empty(),
        Origin.of(NAME, "thinking", object, Set.of("type", "token_budget"))));
  }

  private static List<Tool> tools(ObjectNode body) {
    JsonNode strict = body.path("strict_tools");
    Optional<Boolean> isStrict =
        strict.isBoolean() ? Optional.of(strict.asBoolean()) : Optional.empty();
    List<Tool> tools = new ArrayList<>();
    body.path("tools")
        .forEach(tool -> tools.add(tool(tool, isStrict, "tools[" + tools.size() + "]")));
    return tools;
  }

  private static Tool tool(JsonNode tool, Optional<Boolean> isStrict, String path) {
    JsonNode function = tool.path("function");
    if (!(tool instanceof ObjectNode object) || !function.path("name").isTextual()) {
      return new Tool.Builtin(tool, CohereParts.at(path));
    }
    return new Tool.Function(
        function.path("name").asText(),
        function.path("description").asText(),
        function.path("parameters"),
        isStrict,
        Optional.empty(),
        Nesting.origin(
            NAME,
            path,
            object,
            Set.of("type"),
            "function",
            Set.of("name", "description", "parameters")));
  }

  private static List<Message> messages(JsonNode messages) {
    Map<String, String> tools = new HashMap<>();
    List<Message> read = new ArrayList<>();
    for (JsonNode message : messages) {
      String path = "messages[" + read.size() + "]";
      if (!(message instanceof ObjectNode object)) {
        throw Problem.of(Problem.Kind.INVALID_REQUEST, path + " must be an object")
            .at(path);
      }
      Message next = message(object, path, tools);
      next.parts().forEach(part -> {
        if (part instanceof Part.ToolCall call) {
          tools.put(call.id(), call.name());
        }
      });
      read.add(next);
    }
    return read;
  }

  private static Message message(ObjectNode message, String path, Map<String, String> tools) {
    return switch (message.path("role").asText()) {
      case "system" -> said(Role.SYSTEM, message, path);
      case "user" -> said(Role.USER, message, path);
      case "assistant" -> said(Role.ASSISTANT, message, path);
      case "tool" -> result(message, path, tools);
      default ->
        throw Problem.of(
                Problem.Kind.INVALID_REQUEST,
                path + ".role must be system, user, assistant or tool")
            .at(path + ".role");
    };
  }

  private static Message said(Role role, ObjectNode message, String path) {
    return new Message(
        role,
        CohereParts.said(message, path),
        message.path("content").isTextual(),
        "",
        Origin.of(
            NAME,
            path,
            message,
            Set.of("role", "content", "tool_plan", "tool_calls", "citations")));
  }

  private static Message result(ObjectNode message, String path, Map<String, String> tools) {
    String id = message.path("tool_call_id").asText();
    Part.ToolResult result = new Part.ToolResult(
        id,
        tools.getOrDefault(id, ""),
        CohereParts.content(message.path("content"), path + ".content"),
        message.path("content").isTextual(),
        false,
        Origin.of(NAME, path, message, Set.of("role", "content", "tool_call_id")));
    return new Message(Role.USER, List.of(result), false, "", CohereParts.at(path));
  }
}
