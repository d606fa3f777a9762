package io.aiproxy.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aiproxy.neutral.Message;
import io.aiproxy.neutral.Message.Role;
import io.aiproxy.neutral.Origin;
import io.aiproxy.neutral.Part;
import io.aiproxy.neutral.Signature;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads items, which the responses API has where others have messages: what a model says in several of them, one behind the
 * other, is one message. One per list.
 *
 * <p>A message keeps, among what is its own, the members of each item it was made of by the item's place: the parts of such
 * an item have that place at the beginning of their own.
 */
final class ResponsesItems {
  private static final String NAME = OpenAiResponsesDialect.NAME;
  private static final Set<String> OWN = Set.of("id", "type", "status");
  private static final Set<String> MESSAGE = Set.of("id", "type", "status", "role", "phase");
  private static final Set<String> USERS = Set.of("mcp_approval_response");

  private final List<Message> messages = new ArrayList<>();
  private final Map<String, String> tools = new HashMap<>();
  private final List<Part> parts = new ArrayList<>();
  private ObjectNode rest = JsonNodeFactory.instance.objectNode();
  private ObjectNode own = JsonNodeFactory.instance.objectNode();
  private Role role = Role.ASSISTANT;
  private boolean plain;
  private boolean open;

  private ResponsesItems() {}

  /** What was said, by {@code input}. */
  static List<Message> messages(JsonNode items) {
    ResponsesItems reader = new ResponsesItems();
    reader.all(items, "input");
    reader.close();
    return reader.messages;
  }

  /** What a model says, by {@code output}: always one message. */
  static Message said(JsonNode items) {
    ResponsesItems reader = new ResponsesItems();
    for (int i = 0; i < items.size(); i++) {
      reader.item(object(items.get(i), "output[" + i + "]"), "output[" + i + "]");
    }
    return reader.message();
  }

  /** The part that an item is which is no message. */
  static Part part(ObjectNode item, String path) {
    return new ResponsesItems().other(item, path);
  }

  private void all(JsonNode items, String place) {
    for (int i = 0; i < items.size(); i++) {
      String path = place + "[" + i + "]";
      ObjectNode item = object(items.get(i), path);
      Role speaker = role(item, path);
      boolean goesOn = open && role == speaker && (speaker == Role.ASSISTANT || !isMessage(item));
      if (!goesOn) {
        close();
        role = speaker;
      }
      open = speaker == Role.ASSISTANT || !isMessage(item);
      item(item, path);
    }
  }

  private static ObjectNode object(JsonNode item, String path) {
    if (item instanceof ObjectNode object) {
      return object;
    }
    throw OpenAiResponsesDialect.bad(path, "must be an object");
  }

  private static boolean isMessage(ObjectNode item) {
    String type = item.path("type").asText("");
    return type.equals("message") || (type.isEmpty() && item.has("role"));
  }

  private static Role role(ObjectNode item, String path) {
    if (!isMessage(item)) {
      String type = item.path("type").asText();
      return type.endsWith("_output") || USERS.contains(type) ? Role.USER : Role.ASSISTANT;
    }
    String role = item.path("role").asText();
    return switch (role) {
      case "user" -> Role.USER;
      case "assistant" -> Role.ASSISTANT;
      case "system" -> Role.SYSTEM;
      case "developer" -> Role.DEVELOPER;
      default ->
        throw OpenAiResponsesDialect.bad(
            path + ".role", "must be user, assistant, system or developer");
    };
  }

  private void close() {
    if (!parts.isEmpty() || !own.isEmpty()) {
      messages.add(message());
    }
    parts.clear();
    rest = JsonNodeFactory.instance.objectNode();
    own = JsonNodeFactory.instance.objectNode();
    plain = false;
    open = false;
  }

  private Message message() {
    return new Message(role, parts, plain, "", new Origin(NAME, "", rest, own));
  }

  private void item(ObjectNode item, String path) {
    if (isMessage(item)) {
      said(item, path);
    } else {
      parts.add(other(item, path));
    }
  }

  private void said(ObjectNode item, String path) {
    Origin members = Origin.of(NAME, path, item, Set.of("content"), MESSAGE);
    own.set(path, members.own());
    members
        .rest()
        .properties()
        .forEach(member -> rest.set(members.at(member.getKey()), member.getValue()));
    JsonNode content = item.path("content");
    if (content.isTextual()) {
      plain = true;
      parts.add(
          new Part.Text(content.asText(), List.of(), new Origin(NAME, path, Origin.NONE.rest())));
      return;
    }
    for (int i = 0; i < content.size(); i++) {
      parts.add(ResponsesContent.read(content.get(i), path + ".content[" + i + "]"));
    }
  }

  private Part other(ObjectNode item, String path) {
    return switch (item.path("type").asText()) {
      case "function_call" -> call(item, path, "arguments", false);
      case "custom_tool_call" -> call(item, path, "input", true);
      case "function_call_output", "custom_tool_call_output" -> result(item, path);
      case "reasoning" -> thought(item, path);
      default -> new Part.Other(item, new Origin(NAME, path, Origin.NONE.rest()));
    };
  }

  private Part call(ObjectNode item, String path, String arguments, boolean free) {
    String id = item.path("call_id").asText("");
    String name = item.path("name").asText("");
    tools.put(id, name);
    return new Part.ToolCall(
        id,
        name,
        item.path(arguments).asText(""),
        free,
        Origin.of(NAME, path, item, Set.of("call_id", "name", arguments), OWN));
  }

  private Part result(ObjectNode item, String path) {
    String id = item.path("call_id").asText("");
    JsonNode output = item.path("output");
    List<Part> content = new ArrayList<>();
    if (output.isArray()) {
      for (int i = 0; i < output.size(); i++) {
        content.add(ResponsesContent.read(output.get(i), path + ".output[" + i + "]"));
      }
    } else {
      content.add(Part.Text.of(output.asText("")));
    }
    return new Part.ToolResult(
        id,
        tools.getOrDefault(id, ""),
        content,
        !output.isArray(),
        false,
        Origin.of(NAME, path, item, Set.of("call_id", "output"), OWN));
  }

  /** Some providers show the thoughts themselves as content, OpenAI only what sums them up. */
  private static Part thought(ObjectNode item, String path) {
    List<String> texts = new ArrayList<>();
    JsonNode shown = item.path("content").isEmpty() ? item.path("summary") : item.path("content");
    shown.forEach(part -> texts.add(part.path("text").asText()));
    String signature = item.path("encrypted_content").asText("");
    return new Part.Thought(
        String.join("\n\n", texts),
        Optional.of(signature)
            .filter(found -> !found.isEmpty())
            .map(found -> Signature.from(found, NAME)),
        Origin.of(
            NAME,
            path,
            item,
            Set.of("encrypted_content"),
            Set.of("id", "type", "status", "summary", "content", "format")));
  }
}
