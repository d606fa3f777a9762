package io.aiproxy.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aiproxy.neutral.Losses;
import io.aiproxy.neutral.Message;
import io.aiproxy.neutral.Message.Role;
import io.aiproxy.neutral.Origin;
import io.aiproxy.neutral.Part;
import io.aiproxy.neutral.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Reads and writes requests. The system's instructions stand apart from the conversation, the results of tools are the
 * user's, and all results of one turn must be in one content.
 */
final class GeminiRequests {
  private static final String SYSTEM = "systemInstruction";
  private static final String CONFIG = "generationConfig";
  private static final String TOOL_CONFIG = "toolConfig";
  private static final Set<String> BODY =
      Set.of("model", "contents", SYSTEM, "tools", TOOL_CONFIG, CONFIG);
  private static final Set<String> CONTENT = Set.of("role", "parts");

  /** What Google takes for the signature that another's call cannot have (its guide "Thought signatures"). */
  private static final String NO_SIGNATURE = "skip_thought_signature_validator";

  private GeminiRequests() {}

  static Request read(ObjectNode request, String model, boolean stream) {
    ObjectNode body = GeminiJson.usual(request);
    ObjectNode config = GeminiJson.usual(body.path(CONFIG));
    ObjectNode toolConfig = GeminiJson.usual(body.path(TOOL_CONFIG));
    Origin origin = GeminiJson.origin("", body, BODY);
    Origin withConfig = GeminiJson.and(origin, CONFIG, config, GeminiSettings.understood(config));
    Origin all =
        GeminiJson.and(withConfig, TOOL_CONFIG, toolConfig, Set.of("functionCallingConfig"));
    return new Request(
        model,
        stream,
        messages(body),
        GeminiTools.read(body.path("tools")),
        GeminiTools.choice(toolConfig),
        GeminiSettings.format(config),
        GeminiSettings.reasoning(config),
        GeminiSettings.settings(config),
        all);
  }

  private static List<Message> messages(ObjectNode body) {
    GeminiPartReader parts = new GeminiPartReader(new GeminiCalls(""));
    List<Message> messages = new ArrayList<>();
    JsonNode system = body.path(SYSTEM);
    if (system.isTextual()) {
      messages.add(message(Role.SYSTEM, List.of(Part.Text.of(system.asText())), SYSTEM));
    } else if (system.isObject()) {
      List<Part> read = parts.list(list(system.path("parts")), SYSTEM + ".parts");
      messages.add(message(Role.SYSTEM, read, SYSTEM));
    }
    List<ObjectNode> contents = GeminiJson.objects(body.path("contents"));
    for (int i = 0; i < contents.size(); i++) {
      ObjectNode content = contents.get(i);
      String path = "contents[" + i + "]";
      boolean isModel = GeminiJson.text(content, "role").equals("model");
      messages.add(new Message(
          isModel ? Role.ASSISTANT : Role.USER,
          parts.list(list(content.path("parts")), path + ".parts"),
          false,
          "",
          GeminiJson.origin(path, content, CONTENT)));
    }
    return messages;
  }

  /** A single part may stand alone. */
  private static JsonNode list(JsonNode parts) {
    return parts.isObject() ? JsonNodeFactory.instance.arrayNode().add(parts) : parts;
  }

  private static Message message(Role role, List<Part> parts, String path) {
    Origin origin = new Origin(GeminiJson.PROTOCOL, path, GeminiJson.object());
    return new Message(role, parts, false, "", origin);
  }

  static ObjectNode written(Request request, Losses losses) {
    ObjectNode body = GeminiJson.object();
    system(request, body, losses);
    ArrayNode contents = body.putArray("contents");
    for (Message message : request.messages()) {
      if (!isSystem(message)) {
        add(content(message, request.model(), losses), message, contents);
      }
    }
    GeminiTools.write(request, body, losses);
    ObjectNode config = GeminiSettings.written(request, losses);
    if (!config.isEmpty()) {
      body.set(CONFIG, config);
    }
    GeminiJson.restore(request.origin(), body, losses);
    return body;
  }

  private static boolean isSystem(Message message) {
    return message.role() == Role.SYSTEM || message.role() == Role.DEVELOPER;
  }

  private static void system(Request request, ObjectNode body, Losses losses) {
    List<Part> instructions = new ArrayList<>();
    for (Message message : request.messages()) {
      if (isSystem(message)) {
        lost(message, losses);
        instructions.addAll(message.parts());
      }
    }
    ArrayNode parts = new GeminiPartWriter(losses, true).written(instructions);
    if (!parts.isEmpty()) {
      body.putObject(SYSTEM).set("parts", parts);
    }
  }

  private static void lost(Message message, Losses losses) {
    if (!message.name().isEmpty()) {
      losses.drop(message.origin().at("name"));
    }
    if (!GeminiJson.isOwn(message.origin())) {
      message.origin().into(GeminiJson.object(), GeminiJson.PROTOCOL, losses);
    }
  }

  private static ObjectNode content(Message message, String model, Losses losses) {
    boolean isModel = message.role() == Role.ASSISTANT;
    lost(message, losses);
    ObjectNode content = GeminiJson.object().put("role", isModel ? "model" : "user");
    ArrayNode parts = new GeminiPartWriter(losses, true).written(message.parts());
    if (isModel && !GeminiJson.isOwn(message.origin()) && requiresSignatures(model)) {
      signFirstCall(parts);
    }
    content.set("parts", parts);
    if (GeminiJson.isOwn(message.origin())) {
      GeminiJson.restore(message.origin(), content, losses);
    }
    return content;
  }

  private static boolean requiresSignatures(String model) {
    return !model.startsWith("gemini-1") && !model.startsWith("gemini-2");
  }

  /** Of calls made at once the first alone is signed. */
  private static void signFirstCall(ArrayNode parts) {
    for (JsonNode part : parts) {
      if (part.has("functionCall") && part instanceof ObjectNode call) {
        if (!call.has("thoughtSignature")) {
          call.put("thoughtSignature", NO_SIGNATURE);
        }
        return;
      }
    }
  }

  private static void add(ObjectNode content, Message message, ArrayNode contents) {
    JsonNode before = contents.path(contents.size() - 1);
    if (!GeminiJson.isOwn(message.origin())
        && isResults(content)
        && isResults(before)
        && before.get("parts") instanceof ArrayNode parts) {
      parts.addAll((ArrayNode) content.get("parts"));
    } else if (!content.path("parts").isEmpty() || GeminiJson.isOwn(message.origin())) {
      contents.add(content);
    }
  }

  private static boolean isResults(JsonNode content) {
    boolean any = false;
    for (JsonNode part : content.path("parts")) {
      if (!part.has("functionResponse")) {
        return false;
      }
      any = true;
    }
    return any;
  }
}
