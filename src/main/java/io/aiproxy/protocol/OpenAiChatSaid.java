package io.aiproxy.protocol;

import static io.aiproxy.protocol.OpenAiChatDialect.PROTOCOL;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aiproxy.neutral.Losses;
import io.aiproxy.neutral.Part;
import io.aiproxy.neutral.Signature;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What an assistant said earlier, part by part. One per message. */
final class OpenAiChatSaid {
  private final Losses losses;
  private final boolean inParts;
  private final OpenAiChatContent contents;
  private final StringBuilder text = new StringBuilder();
  private final List<Part> parts = new ArrayList<>();
  private final ArrayNode calls = JsonNodeFactory.instance.arrayNode();
  private final ObjectNode members = OpenAiJson.object();
  private Optional<Signature> pending = Optional.empty();

  OpenAiChatSaid(Losses losses, boolean inParts) {
    this.losses = losses;
    this.inParts = inParts;
    this.contents = new OpenAiChatContent(losses);
  }

  String text() {
    return text.toString();
  }

  void into(ObjectNode written) {
    if (!parts.isEmpty()) {
      written.set("content", contents.parts(parts));
    }
    if (!calls.isEmpty()) {
      written.set("tool_calls", calls);
    }
    written.setAll(members);
  }

  void add(Part part) {
    if (part instanceof Part.ToolCall call) {
      call(call);
    } else if (inParts && isOwn(part) && isInContent(part)) {
      parts.add(part);
    } else if (part instanceof Part.Text words) {
      contents.texts(List.of(words), text::append);
    } else if (part instanceof Part.Refusal refusal) {
      members.put(OpenAiChatParts.REFUSAL, refusal.text());
    } else if (part instanceof Part.Thought thought && isOwn(part)) {
      thought(thought);
    } else {
      losses.drop(part.origin().path());
    }
  }

  private static boolean isInContent(Part part) {
    boolean isElement = part.origin().path().endsWith("]") && !isDetail(part);
    return isElement || part instanceof Part.CachePoint;
  }

  private static boolean isDetail(Part part) {
    return part.origin().path().contains(OpenAiChatThoughts.DETAILS);
  }

  private static boolean isOwn(Part part) {
    return part.origin().protocol().equals(PROTOCOL);
  }

  /** A signature of another protocol's provider is nothing that this one could read. */
  private void thought(Part.Thought thought) {
    String path = thought.origin().path();
    String name = path.substring(path.lastIndexOf('.') + 1);
    if (OpenAiChatThoughts.MEMBERS.contains(name)) {
      members.put(name, thought.text());
    } else if (thought.signature().filter(OpenAiChatThoughts::isGoogles).isPresent()) {
      pending = thought.signature();
    } else {
      losses.drop(path);
    }
  }

  private void call(Part.ToolCall call) {
    if (isOwn(call) && call.origin().path().endsWith(OpenAiChatTools.FUNCTION_CALL)) {
      ObjectNode function =
          OpenAiJson.object().put("name", call.name()).put("arguments", call.arguments());
      call.origin().into(function, PROTOCOL, losses);
      members.set(OpenAiChatTools.FUNCTION_CALL, function);
      return;
    }
    ObjectNode written = OpenAiChatCalls.write(call);
    call.origin().into(written, PROTOCOL, losses);
    Place.unfold(written, call.free() ? "custom" : "function");
    pending.ifPresent(signature -> OpenAiChatThoughts.sign(written, signature));
    pending = Optional.empty();
    calls.add(written);
  }
}
