package io.aiproxy.protocol;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aiproxy.neutral.Losses;
import io.aiproxy.neutral.Message;
import io.aiproxy.neutral.Message.Role;
import io.aiproxy.neutral.Part;
import java.util.List;

/** Writes what one side said as messages of Ollama's: each result of a tool is one of its own. */
final class OllamaMessages {
  private static final String NAME = OllamaChatDialect.NAME;

  private final ArrayNode messages;
  private final Losses losses;
  private ObjectNode message = JsonNodeFactory.instance.objectNode();
  private String text = "";
  private boolean hasText;
  private String thinking = "";

  OllamaMessages(ArrayNode messages, Losses losses) {
    this.messages = messages;
    this.losses = losses;
  }

  void write(Message said) {
    boolean hasResults = false;
    for (Part part : said.parts()) {
      if (part instanceof Part.ToolResult result) {
        flush(said.role());
        result(result);
        hasResults = true;
      } else {
        part(part, said.role());
      }
    }
    if (!said.name().isEmpty()) {
      losses.drop(said.origin().at("name"));
    }
    said.origin().into(message, NAME, losses);
    boolean isEmpty = message.isEmpty() && !hasText && thinking.isEmpty();
    hasText |= said.plain() || !said.origin().protocol().equals(NAME);
    if (!hasResults || !isEmpty) {
      put(said.role());
    }
  }

  private void part(Part part, Role role) {
    if (part instanceof Part.Text words) {
      text(words.text(), role);
      words.citations().forEach(citation -> losses.drop(citation.origin().path()));
      words.origin().into(JsonNodeFactory.instance.objectNode(), NAME, losses);
    } else if (part instanceof Part.Refusal words) {
      text(words.text(), role);
    } else if (part instanceof Part.Thought thought) {
      thought(thought);
    } else if (part instanceof Part.ToolCall call) {
      call(call);
    } else if (part instanceof Part.Media media) {
      media(media, message);
    } else if (part instanceof Part.Other || part instanceof Part.CachePoint) {
      losses.drop(part.origin().path());
    }
  }

  /** What a model wrote in several parts is one text; others' parts are paragraphs. */
  private void text(String more, Role role) {
    text += (text.isEmpty() || role == Role.ASSISTANT ? "" : "\n") + more;
    hasText = true;
  }

  /** What is signed is another provider's, and means nothing here. */
  private void thought(Part.Thought thought) {
    if (thought.signature().isPresent() || thought.text().isEmpty()) {
      losses.drop(thought.origin().path());
    } else {
      thinking += thought.text();
    }
  }

  private void call(Part.ToolCall call) {
    if (OllamaCalls.arguments(call).isEmpty()) {
      losses.drop(call.origin().at("arguments"));
    }
    ObjectNode written = OllamaCalls.write(call);
    Nesting.restore(call.origin(), written, "function", NAME, losses);
    message.withArrayProperty("tool_calls").add(written);
  }

  private void media(Part.Media media, ObjectNode into) {
    if (media.kind() == Part.Media.Kind.IMAGE && media.source() instanceof Part.Source.Data data) {
      into.withArrayProperty("images").add(data.base64());
      media.origin().into(JsonNodeFactory.instance.objectNode(), NAME, losses);
    } else {
      losses.drop(media.origin().path());
    }
  }

  private void result(Part.ToolResult result) {
    ObjectNode written = messages.addObject().put("role", "tool");
    written.put("content", content(result.content(), written));
    if (!result.name().isEmpty()) {
      written.put("tool_name", result.name());
    }
    if (!OllamaCalls.isMade(result.id())) {
      written.put("tool_call_id", result.id());
    }
    if (result.failed()) {
      losses.drop(Term.FAILED.at(result.origin()));
    }
    result.origin().into(written, NAME, losses);
  }

  private String content(List<Part> parts, ObjectNode into) {
    StringBuilder words = new StringBuilder();
    for (Part part : parts) {
      if (part instanceof Part.Text more) {
        words.append(words.isEmpty() ? "" : "\n").append(more.text());
        more.origin().into(JsonNodeFactory.instance.objectNode(), NAME, losses);
      } else if (part instanceof Part.Media media) {
        media(media, into);
      } else {
        losses.drop(part.origin().path());
      }
    }
    return words.toString();
  }

  /** Ends the message that was begun, if anything is in it. */
  private void flush(Role role) {
    if (!message.isEmpty() || hasText || !thinking.isEmpty()) {
      put(role);
    }
  }

  private void put(Role role) {
    ObjectNode written = messages.addObject().put("role", role(role));
    if (hasText) {
      written.put("content", text);
    }
    if (!thinking.isEmpty()) {
      written.put("thinking", thinking);
    }
    written.setAll(message);
    message = JsonNodeFactory.instance.objectNode();
    text = "";
    hasText = false;
    thinking = "";
  }

  private static String role(Role role) {
    return switch (role) {
      case SYSTEM, DEVELOPER -> "system";
      case USER -> "user";
      case ASSISTANT -> "assistant";
    };
  }
}
