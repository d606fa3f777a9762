package io.aiproxy.protocol;

import static io.aiproxy.protocol.OpenAiChatDialect.PROTOCOL;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.aiproxy.neutral.Losses;
import io.aiproxy.neutral.Part;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Writes the content of messages, be it as a string or as an array of parts. */
final class OpenAiChatContent {
  private final Losses losses;

  OpenAiChatContent(Losses losses) {
    this.losses = losses;
  }

  /** All texts as one; what is none is lost. */
  String text(List<Part> parts) {
    StringBuilder text = new StringBuilder();
    texts(parts, text::append);
    return text.toString();
  }

  /** The texts one by one; what is none is lost. */
  void texts(List<Part> parts, Consumer<String> out) {
    for (Part part : parts) {
      if (part instanceof Part.Text words) {
        out.accept(words.text());
        lose(words);
        words.origin().into(OpenAiJson.object(), PROTOCOL, losses);
      } else {
        losses.drop(part.origin().path());
      }
    }
  }

  /** Where a text has something from cannot be said of what was said before. */
  void lose(Part.Text text) {
    text.citations().forEach(citation -> losses.drop(citation.origin().path()));
  }

  ArrayNode parts(List<Part> parts) {
    ArrayNode written = JsonNodeFactory.instance.arrayNode();
    for (Part part : parts) {
      if (part instanceof Part.CachePoint point) {
        cache(point, written);
      } else {
        part(part).ifPresentOrElse(written::add, () -> losses.drop(part.origin().path()));
      }
    }
    return written;
  }

  /** Only this protocol's own clients know that there is a cache behind their provider. */
  private void cache(Part.CachePoint point, ArrayNode written) {
    if (point.origin().protocol().equals(PROTOCOL)
        && written.path(written.size() - 1) instanceof ObjectNode last) {
      ObjectNode control = OpenAiChatToolWriter.cacheControl(point.lifetime());
      point.origin().into(control, PROTOCOL, losses);
      last.set(OpenAiChatTools.CACHE_CONTROL, control);
    } else {
      losses.drop(point.origin().path());
    }
  }

  Optional<ObjectNode> part(Part part) {
    Optional<ObjectNode> written = bare(part);
    written.ifPresent(json -> {
      part.origin().into(json, PROTOCOL, losses);
      OpenAiChatMedia.unfold(json);
    });
    return written;
  }

  private Optional<ObjectNode> bare(Part part) {
    boolean own = part.origin().protocol().equals(PROTOCOL);
    if (part instanceof Part.Text text) {
      lose(text);
      boolean isSaid = own || !text.text().isEmpty();
      return isSaid ? Optional.of(typed(OpenAiChatParts.TEXT, text.text())) : Optional.empty();
    }
    if (part instanceof Part.Media media) {
      Optional<ObjectNode> written = OpenAiChatMedia.write(media);
      written
          .filter(json -> !media.name().isEmpty() && !json.has(OpenAiChatMedia.FILE))
          .ifPresent(nameless -> losses.drop(Term.FILE_NAME.at(media.origin())));
      return written;
    }
    if (!own) {
      return Optional.empty();
    }
    if (part instanceof Part.Refusal refusal) {
      return Optional.of(typed(OpenAiChatParts.REFUSAL, refusal.text()));
    }
    if (part instanceof Part.Thought thought) {
      ObjectNode thinking = OpenAiJson.object().put("type", OpenAiChatParts.THINKING);
      thinking.putArray(OpenAiChatParts.THINKING).add(typed(OpenAiChatParts.TEXT, thought.text()));
      return Optional.of(thinking);
    }
    return part instanceof Part.Other other && other.json() instanceof ObjectNode json
        ? Optional.of(json.deepCopy())
        : Optional.empty();
  }

  private static ObjectNode typed(String type, String text) {
    return OpenAiJson.object().put("type", type).put(type, text);
  }

  /** A string unless there is more in it than text. */
  JsonNode result(Part.ToolResult result, boolean own) {
    boolean hasMedia = result.content().stream().anyMatch(Part.Media.class::isInstance);
    boolean inParts = own ? !result.plain() : hasMedia;
    return inParts ? parts(result.content()) : TextNode.valueOf(text(result.content()));
  }
}
