package io.aiproxy.protocol;

import static io.aiproxy.protocol.OpenAiChatDialect.PROTOCOL;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aiproxy.neutral.Origin;
import io.aiproxy.neutral.Part;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;

/** Reads which tools an answer wants called. */
final class OpenAiChatCalls {
  static final String CALLS = "tool_calls";

  private static final String FUNCTION = "function";
  private static final String CUSTOM = "custom";

  private OpenAiChatCalls() {}

  /** Calls of tools, and the one call of a function that there was before tools. */
  static void read(Place message, Set<String> understood, List<Part> parts) {
    understood.add(CALLS);
    understood.add(OpenAiChatTools.FUNCTION_CALL);
    JsonNode calls = message.member(CALLS);
    for (int i = 0; i < calls.size(); i++) {
      if (calls.get(i) instanceof ObjectNode call) {
        call(new Place(call, message.at(CALLS) + "[" + i + "]"), i, parts);
      }
    }
    if (message.member(OpenAiChatTools.FUNCTION_CALL) instanceof ObjectNode call
        && !OpenAiJson.text(call, "name").isEmpty()) {
      Place place = new Place(call, message.at(OpenAiChatTools.FUNCTION_CALL));
      parts.add(new Part.ToolCall(
          OpenAiChatMessageReader.MADE_UP + "0",
          OpenAiJson.text(call, "name"),
          OpenAiJson.text(call, "arguments"),
          false,
          place.origin(PROTOCOL, Set.of("name", "arguments"))));
    }
  }

  private static void call(Place call, int index, List<Part> parts) {
    boolean free = isFree(call.object());
    String type = free ? CUSTOM : FUNCTION;
    ObjectNode said = call.member(type) instanceof ObjectNode object ? object : OpenAiJson.object();
    Place called = new Place(said, call.at(type));
    String arguments = free ? "input" : "arguments";
    String name = OpenAiJson.text(said, "name");
    String id = OpenAiJson.text(call.object(), "id");
    if (name.isEmpty() && id.isEmpty()) {
      return; // Snowflake fills lists up with calls of nothing
    }
    Origin origin = call.origin(
        PROTOCOL, Set.of("id", "type", "index", type), called, Set.of("name", arguments));
    OpenAiChatThoughts.signed(call, origin).ifPresent(parts::add);
    parts.add(new Part.ToolCall(
        id.isEmpty() ? madeUp(0, index) : id, name, arguments(said.path(arguments)), free, origin));
  }

  static boolean isFree(ObjectNode call) {
    return !call.hasNonNull(FUNCTION) && call.hasNonNull(CUSTOM);
  }

  /** Some give an object where a string should be. */
  static String arguments(JsonNode arguments) {
    return arguments.isContainerNode()
        ? new String(OpenAiJson.bytes(arguments), StandardCharsets.UTF_8)
        : arguments.asText("");
  }

  /** The id of a call that has none. */
  static String madeUp(int candidate, int number) {
    return "call_" + candidate + "_" + number;
  }

  /** A call as it is written; one without arguments has an empty object of them. */
  static ObjectNode write(Part.ToolCall call) {
    String type = call.free() ? CUSTOM : FUNCTION;
    boolean isNothing =
        call.arguments().isEmpty() && !call.free() && !call.origin().protocol().equals(PROTOCOL);
    ObjectNode written = OpenAiJson.object().put("id", call.id()).put("type", type);
    written
        .putObject(type)
        .put("name", call.name())
        .put(call.free() ? "input" : "arguments", isNothing ? "{}" : call.arguments());
    return written;
  }

  /** The first fragment of a call in a stream. */
  static ObjectNode begin(Part.ToolCall call, int number) {
    String type = call.free() ? CUSTOM : FUNCTION;
    ObjectNode written =
        OpenAiJson.object().put("index", number).put("id", call.id()).put("type", type);
    written
        .putObject(type)
        .put("name", call.name())
        .put(call.free() ? "input" : "arguments", call.arguments());
    return written;
  }

  /** A further fragment. */
  static ObjectNode more(Part.ToolCall call, int number, String more) {
    ObjectNode written = OpenAiJson.object().put("index", number);
    written
        .putObject(call.free() ? CUSTOM : FUNCTION)
        .put(call.free() ? "input" : "arguments", more);
    return written;
  }
}
