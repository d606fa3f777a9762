package io.aiproxy.protocol;

import static io.aiproxy.protocol.OpenAiChatDialect.PROTOCOL;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aiproxy.neutral.Origin;
import io.aiproxy.neutral.Part;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** Reads the parts of a content that is an array. */
final class OpenAiChatParts {
  static final String TEXT = "text";
  static final String THINKING = "thinking";
  static final String REFUSAL = "refusal";

  private OpenAiChatParts() {}

  /** Reads one, and what it says of the cache behind it. */
  static void read(Place part, Consumer<Part> out) {
    out.accept(part(part));
    if (part.member(OpenAiChatTools.CACHE_CONTROL) instanceof ObjectNode) {
      Place cache = part.object(OpenAiChatTools.CACHE_CONTROL);
      out.accept(
          new Part.CachePoint(cache.text("ttl"), cache.origin(PROTOCOL, Set.of("type", "ttl"))));
    }
  }

  private static Part part(Place part) {
    return switch (part.needed("type")) {
      case TEXT -> new Part.Text(part.needed(TEXT), List.of(), origin(part, TEXT));
      case REFUSAL -> new Part.Refusal(part.needed(REFUSAL), origin(part, REFUSAL));
      case THINKING ->
        new Part.Thought(thinking(part.member(THINKING)), Optional.empty(), origin(part, THINKING));
      case OpenAiChatMedia.IMAGE,
          OpenAiChatMedia.VIDEO,
          OpenAiChatMedia.AUDIO,
          OpenAiChatMedia.FILE -> OpenAiChatMedia.read(part);
      default -> other(part);
    };
  }

  private static Origin origin(Place part, String member) {
    return part.origin(PROTOCOL, Set.of("type", member, OpenAiChatTools.CACHE_CONTROL));
  }

  /** Reads a part of an answer, in which nothing is wrong: what is of no known kind stays what it is. */
  static Part answered(Place part) {
    return switch (OpenAiJson.text(part.object(), "type")) {
      case TEXT ->
        new Part.Text(OpenAiJson.text(part.object(), TEXT), List.of(), origin(part, TEXT));
      case THINKING ->
        new Part.Thought(thinking(part.member(THINKING)), Optional.empty(), origin(part, THINKING));
      default -> other(part);
    };
  }

  static Part other(Place part) {
    ObjectNode json = part.object().deepCopy();
    json.remove(OpenAiChatTools.CACHE_CONTROL);
    return new Part.Other(json, new Origin(PROTOCOL, part.path(), OpenAiJson.object()));
  }

  /** A text, or the texts of parts, as Mistral has it. */
  static String thinking(JsonNode thinking) {
    if (thinking.isTextual()) {
      return thinking.textValue();
    }
    StringBuilder text = new StringBuilder();
    thinking.forEach(part -> text.append(OpenAiJson.text(part, TEXT)));
    return text.toString();
  }
}
