package io.aiproxy.protocol;

import static io.aiproxy.protocol.OpenAiChatDialect.PROTOCOL;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aiproxy.neutral.Losses;
import io.aiproxy.neutral.Message;
import io.aiproxy.neutral.Message.Role;
import io.aiproxy.neutral.Part;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** Writes the conversation. One per request. */
final class OpenAiChatMessageWriter {
  /** What Anthropic's coding client puts into its instructions: a checksum that no cache of a prompt survives. */
  private static final Pattern BILLING_CHECKSUM = Pattern.compile("cch=[^;]*;? ?");

  private static final String BILLING = "x-anthropic-billing-header:";
  private static final String CONTENT = "content";

  private final Losses losses;
  private final OpenAiChatContent contents;

  OpenAiChatMessageWriter(Losses losses) {
    this.losses = losses;
    this.contents = new OpenAiChatContent(losses);
  }

  void write(Message message, Consumer<ObjectNode> out) {
    switch (message.role()) {
      case SYSTEM, DEVELOPER -> instructions(message, out);
      case USER -> user(message, out);
      case ASSISTANT -> assistant(message, out);
    }
  }

  private static boolean isOwn(Message message) {
    return message.origin().protocol().equals(PROTOCOL);
  }

  /** To others than OpenAI a developer is nobody, so only its own clients' developers stay what they are. */
  private void instructions(Message message, Consumer<ObjectNode> out) {
    boolean isDeveloper = message.role() == Role.DEVELOPER && isOwn(message);
    ObjectNode written = begin(isDeveloper ? "developer" : "system", message);
    if (isOwn(message) && !message.plain()) {
      written.set(CONTENT, contents.parts(message.parts()));
    } else {
      StringBuilder text = new StringBuilder();
      contents.texts(message.parts(), words -> text.append(withoutChecksum(words)));
      if (text.isEmpty() && !isOwn(message)) {
        return;
      }
      written.put(CONTENT, text.toString());
    }
    finish(written, message, out);
  }

  private static String withoutChecksum(String text) {
    return text.startsWith(BILLING) ? BILLING_CHECKSUM.matcher(text).replaceAll("") : text;
  }

  /** Results come first: each has to follow the call that it belongs to. */
  private void user(Message message, Consumer<ObjectNode> out) {
    List<Part> others = message.parts().stream()
        .filter(part -> !(part instanceof Part.ToolResult))
        .toList();
    for (Part part : message.parts()) {
      if (part instanceof Part.ToolResult result) {
        out.accept(result(result));
      }
    }
    if (others.isEmpty() && !message.parts().isEmpty()) {
      message.origin().into(OpenAiJson.object(), PROTOCOL, losses);
      return;
    }
    ObjectNode written = begin("user", message);
    if (message.plain() && others.stream().allMatch(Part.Text.class::isInstance)) {
      written.put(CONTENT, contents.text(others));
    } else {
      ArrayNode parts = contents.parts(others);
      boolean isEmpty = parts.isEmpty() && !isOwn(message);
      written.set(CONTENT, isEmpty ? parts.textNode("") : parts);
    }
    finish(written, message, out);
  }

  private ObjectNode result(Part.ToolResult result) {
    ObjectNode written = OpenAiJson.object();
    boolean own = result.origin().protocol().equals(PROTOCOL);
    if (own && result.id().startsWith(OpenAiChatMessageReader.MADE_UP)) {
      written.put("role", "function").put("name", result.name());
    } else {
      written.put("role", "tool").put("tool_call_id", result.id());
    }
    if (result.failed()) {
      losses.drop(Term.FAILED.at(result.origin()));
    }
    written.set(CONTENT, contents.result(result, own));
    result.origin().into(written, PROTOCOL, losses);
    return written;
  }

  private void assistant(Message message, Consumer<ObjectNode> out) {
    ObjectNode written = begin("assistant", message);
    boolean inParts = isOwn(message) && !message.plain();
    OpenAiChatSaid said = new OpenAiChatSaid(losses, inParts);
    message.parts().forEach(said::add);
    said.into(written);
    if (isOwn(message)
        ? message.plain()
        : !written.has("tool_calls") || !said.text().isEmpty()) {
      written.put(CONTENT, said.text());
    }
    finish(written, message, out);
  }

  private static ObjectNode begin(String role, Message message) {
    ObjectNode written = OpenAiJson.object().put("role", role);
    return message.name().isEmpty() ? written : written.put("name", message.name());
  }

  private void finish(ObjectNode written, Message message, Consumer<ObjectNode> out) {
    message.origin().into(written, PROTOCOL, losses);
    out.accept(written);
  }
}
