package io.aiproxy.protocol;

import static io.aiproxy.protocol.OpenAiChatDialect.PROTOCOL;

import com.fasterxml.jackson.databind.JsonNode;
import io.aiproxy.neutral.Message;
import io.aiproxy.neutral.Message.Role;
import io.aiproxy.neutral.Origin;
import io.aiproxy.neutral.Part;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads the conversation. One per request: it remembers which tools were called. */
final class OpenAiChatMessageReader {
  /** How ids begin that are made up for calls of functions, which have none. */
  static final String MADE_UP = "function_call_";

  private static final String CONTENT = "content";
  private static final Set<String> SPOKEN = Set.of("role", CONTENT, "name");

  private final Map<String, String> names = new HashMap<>();
  private final Map<String, String> functions = new HashMap<>();

  List<Message> read(List<Place> messages) {
    return messages.stream().map(this::message).toList();
  }

  private Message message(Place message) {
    return switch (message.needed("role")) {
      case "system" -> spoken(Role.SYSTEM, message);
      case "developer" -> spoken(Role.DEVELOPER, message);
      case "user" -> spoken(Role.USER, message);
      case "assistant" -> answer(message);
      case "tool" -> result(message);
      case "function" -> functionResult(message);
      default ->
        throw Place.bad(
            message.at("role"), "must be system, developer, user, assistant, tool or function");
    };
  }

  private static Message spoken(Role role, Place message) {
    return new Message(
        role,
        content(message),
        message.member(CONTENT).isTextual(),
        message.text("name"),
        message.origin(PROTOCOL, SPOKEN));
  }

  /** A string that is empty is no part. */
  private static List<Part> content(Place message) {
    JsonNode content = message.member(CONTENT);
    String path = message.at(CONTENT);
    if (content.isTextual()) {
      return content.textValue().isEmpty()
          ? List.of()
          : List.of(new Part.Text(
              content.textValue(), List.of(), new Origin(PROTOCOL, path, OpenAiJson.object())));
    }
    if (!content.isArray()) {
      throw Place.bad(path, "must be a string or an array of parts");
    }
    List<Part> parts = new ArrayList<>();
    message.objects(CONTENT).forEach(part -> OpenAiChatParts.read(part, parts::add));
    return parts;
  }

  private Message answer(Place message) {
    Set<String> understood = new HashSet<>(
        Set.of("role", "name", "refusal", "tool_calls", OpenAiChatTools.FUNCTION_CALL));
    List<Part> parts = new ArrayList<>(OpenAiChatThoughts.read(message, understood));
    if (message.has(CONTENT)) {
      understood.add(CONTENT);
      parts.addAll(content(message));
    }
    if (message.has("refusal")) {
      parts.add(new Part.Refusal(
          message.text("refusal"),
          new Origin(PROTOCOL, message.at("refusal"), OpenAiJson.object())));
    }
    message.objects("tool_calls").forEach(call -> call(call, parts));
    if (message.has(OpenAiChatTools.FUNCTION_CALL)) {
      parts.add(functionCall(message.object(OpenAiChatTools.FUNCTION_CALL)));
    }
    return new Message(
        Role.ASSISTANT,
        parts,
        message.member(CONTENT).isTextual(),
        message.text("name"),
        message.origin(PROTOCOL, understood));
  }

  private void call(Place call, List<Part> parts) {
    boolean free = !call.has("function") && call.has("custom");
    Place called = call.object(free ? "custom" : "function");
    String arguments = free ? "input" : "arguments";
    Origin origin = call.origin(
        PROTOCOL,
        Set.of("id", "type", free ? "custom" : "function"),
        called,
        Set.of("name", arguments));
    OpenAiChatThoughts.signed(call, origin).ifPresent(parts::add);
    String id = call.needed("id");
    names.put(id, called.needed("name"));
    parts.add(new Part.ToolCall(id, called.needed("name"), called.text(arguments), free, origin));
  }

  private Part functionCall(Place call) {
    String name = call.needed("name");
    String id = MADE_UP + names.size();
    functions.put(name, id);
    names.put(id, name);
    return new Part.ToolCall(
        id,
        name,
        call.text("arguments"),
        false,
        call.origin(PROTOCOL, Set.of("name", "arguments")));
  }

  private Message result(Place message) {
    String id = message.needed("tool_call_id");
    return result(message, id, names.getOrDefault(id, ""), Set.of("role", CONTENT, "tool_call_id"));
  }

  private Message functionResult(Place message) {
    String name = message.needed("name");
    return result(message, functions.getOrDefault(name, MADE_UP + name), name, SPOKEN);
  }

  private static Message result(Place message, String id, String name, Set<String> understood) {
    Part result = new Part.ToolResult(
        id,
        name,
        content(message),
        message.member(CONTENT).isTextual(),
        false,
        message.origin(PROTOCOL, understood));
    return new Message(
        Role.USER,
        List.of(result),
        false,
        "",
        new Origin(PROTOCOL, message.path(), OpenAiJson.object()));
  }
}
