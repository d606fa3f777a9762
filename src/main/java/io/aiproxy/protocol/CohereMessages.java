package io.aiproxy.protocol;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aiproxy.neutral.Citation;
import io.aiproxy.neutral.Losses;
import io.aiproxy.neutral.Message;
import io.aiproxy.neutral.Message.Role;
import io.aiproxy.neutral.Part;

/** Writes what one side said as messages of Cohere's: each result of a tool is one of its own. */
final class CohereMessages {
  private static final String NAME = CohereChatDialect.NAME;

  private final ArrayNode messages;
  private final Losses losses;
  private ObjectNode message = JsonNodeFactory.instance.objectNode();
  private ArrayNode content = JsonNodeFactory.instance.arrayNode();

  CohereMessages(ArrayNode messages, Losses losses) {
    this.messages = messages;
    this.losses = losses;
  }

  void write(Message said) {
    boolean hasResults = false;
    for (Part part : said.parts()) {
      if (part instanceof Part.ToolResult result) {
        flush(said);
        result(result);
        hasResults = true;
      } else {
        part(part);
      }
    }
    if (!said.name().isEmpty()) {
      losses.drop(said.origin().at("name"));
    }
    said.origin().into(message, NAME, losses);
    if (!hasResults || !content.isEmpty() || !message.isEmpty()) {
      put(said);
    }
  }

  private void part(Part part) {
    if (part instanceof Part.Text words) {
      text(words);
    } else if (part instanceof Part.Refusal words) {
      content.addObject().put("type", "text").put("text", words.text());
    } else if (part instanceof Part.Thought thought) {
      thought(thought);
    } else if (part instanceof Part.ToolCall call) {
      call(call);
    } else {
      content(part, content);
    }
  }

  private void text(Part.Text words) {
    content(words, content);
    for (Citation citation : words.citations()) {
      if (citation.origin().protocol().equals(NAME)) {
        message.withArrayProperty("citations").add(CohereParts.citation(citation, words.text()));
      } else {
        losses.drop(citation.origin().path());
      }
    }
  }

  /** What is signed is another provider's, and means nothing here. */
  private void thought(Part.Thought thought) {
    if (CohereParts.isPlan(thought)) {
      message.put(CohereChatDialect.PLAN, thought.text());
    } else if (thought.signature().isPresent() || thought.text().isEmpty()) {
      losses.drop(thought.origin().path());
    } else {
      ObjectNode written =
          content.addObject().put("type", "thinking").put("thinking", thought.text());
      thought.origin().into(written, NAME, losses);
    }
  }

  private void call(Part.ToolCall call) {
    if (call.free()) {
      losses.drop(call.origin().path());
      return;
    }
    ObjectNode written = CohereParts.call(call);
    Nesting.restore(call.origin(), written, "function", NAME, losses);
    message.withArrayProperty("tool_calls").add(written);
  }

  private void result(Part.ToolResult result) {
    ObjectNode written = messages.addObject().put("role", "tool").put("tool_call_id", result.id());
    ArrayNode parts = JsonNodeFactory.instance.arrayNode();
    result.content().forEach(part -> content(part, parts));
    put(parts, result.plain(), written);
    if (result.failed()) {
      losses.drop(Term.FAILED.at(result.origin()));
    }
    result.origin().into(written, NAME, losses);
  }

  private void content(Part part, ArrayNode into) {
    if (part instanceof Part.Text words && CohereParts.isDocument(words)) {
      document(words, into.addObject().put("type", CohereParts.DOCUMENT));
    } else if (part instanceof Part.Text words) {
      words
          .origin()
          .into(into.addObject().put("type", "text").put("text", words.text()), NAME, losses);
    } else if (part instanceof Part.Media media
        && media.kind() == Part.Media.Kind.IMAGE
        && !CohereParts.url(media).isEmpty()) {
      ObjectNode written = into.addObject().put("type", "image_url");
      written.putObject("image_url").put("url", CohereParts.url(media));
      Nesting.restore(media.origin(), written, "image_url", NAME, losses);
    } else if (part instanceof Part.Other other && other.origin().protocol().equals(NAME)) {
      into.add(other.json());
    } else {
      losses.drop(part.origin().path());
    }
  }

  private static void document(Part.Text words, ObjectNode written) {
    try {
      written.set(CohereParts.DOCUMENT, CohereParts.JSON.readTree(words.text()));
    } catch (JsonProcessingException changed) {
      throw new IllegalStateException(changed);
    }
  }

  /** Ends the message that was begun, if anything is in it. */
  private void flush(Message said) {
    if (!content.isEmpty() || !message.isEmpty()) {
      put(said);
    }
  }

  private void put(Message said) {
    ObjectNode written = messages.addObject().put("role", role(said.role()));
    boolean mayLack = said.role() == Role.ASSISTANT && content.isEmpty();
    if (!mayLack || (said.plain() && message.isEmpty())) {
      put(content, said.plain(), written);
    }
    written.setAll(message);
    message = JsonNodeFactory.instance.objectNode();
    content = JsonNodeFactory.instance.arrayNode();
  }

  /** One plain text is a string, as the client wrote it. */
  private static void put(ArrayNode parts, boolean plain, ObjectNode written) {
    boolean isText = parts.size() == 1 && parts.get(0).path("type").asText().equals("text");
    if (plain && (isText || parts.isEmpty())) {
      written.put("content", parts.path(0).path("text").asText());
    } else {
      written.set("content", parts);
    }
  }

  private static String role(Role role) {
    return switch (role) {
      case SYSTEM, DEVELOPER -> "system";
      case USER -> "user";
      case ASSISTANT -> "assistant";
    };
  }
}
