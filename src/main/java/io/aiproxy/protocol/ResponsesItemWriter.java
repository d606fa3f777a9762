package io.aiproxy.protocol;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aiproxy.neutral.Losses;
import io.aiproxy.neutral.Message;
import io.aiproxy.neutral.Message.Role;
import io.aiproxy.neutral.Origin;
import io.aiproxy.neutral.Part;
import io.aiproxy.neutral.Signature;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Writes messages as items of a request: what stands together in one message is one item, all else an item of its own. */
final class ResponsesItemWriter {
  private static final String NAME = OpenAiResponsesDialect.NAME;

  private final ArrayNode items = JsonNodeFactory.instance.arrayNode();
  private final Set<String> free;
  private final Losses losses;

  /**
   * For the items of one request.
   *
   * @param free the ids of calls of tools that take free text
   */
  ResponsesItemWriter(Set<String> free, Losses losses) {
    this.free = free;
    this.losses = losses;
  }

  ArrayNode items() {
    return items;
  }

  void add(Message message) {
    if (!message.name().isEmpty()) {
      losses.drop(message.origin().at("name"));
    }
    boolean own = message.origin().protocol().equals(NAME);
    if (!own) {
      message.origin().into(JsonNodeFactory.instance.objectNode(), NAME, losses);
    }
    Optional<ArrayNode> content = Optional.empty();
    String place = "";
    for (Part part : message.parts()) {
      if (!isContent(part)) {
        content = Optional.empty();
        other(part);
      } else if (isPlain(message, part)) {
        content = Optional.empty();
        item(message, part.origin().path()).put("content", ((Part.Text) part).text());
      } else {
        String at = own ? part.origin().path().replaceFirst("\\.content\\[\\d+]$", "") : "";
        if (content.isEmpty() || !at.equals(place)) {
          place = at;
          content = Optional.of(item(message, at).putArray("content"));
        }
        ResponsesContent.write(part, message.role() == Role.ASSISTANT, losses)
            .ifPresent(content.orElseThrow()::add);
      }
    }
  }

  private static boolean isContent(Part part) {
    return part instanceof Part.Text
        || part instanceof Part.Refusal
        || part instanceof Part.Media
        || (part instanceof Part.Other && part.origin().path().contains(".content["));
  }

  private static boolean isPlain(Message message, Part part) {
    boolean own = message.origin().protocol().equals(NAME);
    return message.plain()
        && part instanceof Part.Text text
        && text.citations().isEmpty()
        && (own ? !part.origin().path().contains(".content[") : message.parts().size() == 1);
  }

  /** An item that is a message, with the members that it had if it was one here. */
  private ObjectNode item(Message message, String place) {
    ObjectNode item = items.addObject();
    Origin origin = message.origin();
    if (!origin.protocol().equals(NAME)) {
      return item.put("role", message.role().name().toLowerCase(Locale.ROOT));
    }
    if (origin.own().get(place) instanceof ObjectNode members) {
      item.setAll(members);
    }
    origin.rest().properties().stream()
        .filter(member -> member.getKey().startsWith(place + "."))
        .forEach(
            member -> item.set(member.getKey().substring(place.length() + 1), member.getValue()));
    return item;
  }

  private void other(Part part) {
    if (part instanceof Part.ToolCall call) {
      call(call);
    } else if (part instanceof Part.ToolResult result) {
      result(result);
    } else if (part instanceof Part.Thought thought) {
      thought(thought);
    } else if (part instanceof Part.Other other && other.origin().protocol().equals(NAME)) {
      items.add(other.json());
    } else {
      losses.drop(part.origin().path());
    }
  }

  private void call(Part.ToolCall call) {
    ObjectNode item = items
        .addObject()
        .put("type", call.free() ? "custom_tool_call" : "function_call")
        .put("call_id", call.id())
        .put("name", call.name())
        .put(call.free() ? "input" : "arguments", call.arguments());
    call.origin().into(item, NAME, losses);
  }

  private void result(Part.ToolResult result) {
    ObjectNode item = items
        .addObject()
        .put(
            "type", free.contains(result.id()) ? "custom_tool_call_output" : "function_call_output")
        .put("call_id", result.id());
    boolean own = result.origin().protocol().equals(NAME);
    boolean isText = result.content().size() == 1 && result.content().get(0) instanceof Part.Text;
    if (result.plain() || (!own && (isText || result.content().isEmpty()))) {
      item.put("output", text(result));
    } else {
      ArrayNode output = item.putArray("output");
      result
          .content()
          .forEach(part -> ResponsesContent.write(part, false, losses).ifPresent(output::add));
    }
    if (result.failed()) {
      losses.drop(Term.FAILED.at(result.origin()));
    }
    result.origin().into(item, NAME, losses);
  }

  private static String text(Part.ToolResult result) {
    StringBuilder text = new StringBuilder();
    for (Part part : result.content()) {
      if (part instanceof Part.Text words) {
        text.append(words.text());
      }
    }
    return text.toString();
  }

  /** Others' thoughts, and those that nobody signed, are nothing that a provider would take. */
  private void thought(Part.Thought thought) {
    boolean own = thought.origin().protocol().equals(NAME);
    Optional<Signature> signature =
        thought.signature().filter(signed -> signed.protocol().equals(NAME));
    if (!own && signature.isEmpty()) {
      losses.drop(thought.origin().path());
      return;
    }
    ObjectNode item = items.addObject().put("type", "reasoning");
    summary(item, thought.text());
    thought.signature().ifPresent(signed -> item.put("encrypted_content", signed.in(NAME)));
    thought.origin().into(item, NAME, losses);
  }

  static void summary(ObjectNode item, String text) {
    ArrayNode summary = item.putArray("summary");
    if (!text.isEmpty()) {
      summary.addObject().put("type", "summary_text").put("text", text);
    }
  }
}
