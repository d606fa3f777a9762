package io.aiproxy.translate;

import io.aiproxy.neutral.Message;
import io.aiproxy.neutral.Message.Role;
import io.aiproxy.neutral.Part;
import io.aiproxy.neutral.PortableName;
import io.aiproxy.neutral.Request;
import java.util.List;
import java.util.stream.Stream;

/**
 * Turns of a conversation as all providers take them: results of tools come before all else that the user says with them, calls
 * without arguments have an empty object, ids are not too long, and an assistant who said nothing does not speak.
 */
final class ToolTurns {
  /** Within every bound that is known of a provider; Bedrock's is 64. */
  private static final int LONGEST_ID = 40;

  private static final int KEPT_OF_ID = 31;

  private ToolTurns() {}

  static Request portable(Request asked) {
    List<Message> messages = asked.messages().stream()
        .filter(message -> message.role() != Role.ASSISTANT || !message.parts().isEmpty())
        .map(ToolTurns::portable)
        .toList();
    return asked.with(messages, asked.tools(), asked.toolChoice());
  }

  private static Message portable(Message message) {
    List<Part> parts = Stream.concat(
            message.parts().stream().filter(Part.ToolResult.class::isInstance),
            message.parts().stream().filter(part -> !(part instanceof Part.ToolResult)))
        .map(ToolTurns::portable)
        .toList();
    return new Message(message.role(), parts, message.plain(), message.name(), message.origin());
  }

  private static Part portable(Part part) {
    if (part instanceof Part.ToolCall call) {
      boolean isNothing = call.arguments().isBlank() && !call.free();
      return new Part.ToolCall(
          id(call.id()),
          call.name(),
          isNothing ? "{}" : call.arguments(),
          call.free(),
          call.origin());
    }
    return part instanceof Part.ToolResult result
        ? new Part.ToolResult(
            id(result.id()),
            result.name(),
            result.content(),
            result.plain(),
            result.failed(),
            result.origin())
        : part;
  }

  /** A long one is cut, and told apart from others that begin alike. */
  private static String id(String id) {
    if (id.length() <= LONGEST_ID) {
      return id;
    }
    String mark = PortableName.of(id + "\n"); // ends with eight digits that come of all of it
    return id.substring(0, KEPT_OF_ID) + "_" + mark.substring(mark.length() - 8);
  }
}
