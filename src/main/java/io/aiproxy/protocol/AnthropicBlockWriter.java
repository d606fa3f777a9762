package io.aiproxy.protocol;

import static io.aiproxy.protocol.DialectJson.typed;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aiproxy.neutral.Citation;
import io.aiproxy.neutral.Losses;
import io.aiproxy.neutral.Origin;
import io.aiproxy.neutral.Part;
import io.aiproxy.neutral.Part.Source;
import io.aiproxy.neutral.PortableName;
import io.aiproxy.neutral.Signature;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Writes the content blocks of one request or answer. Used by one thread. */
final class AnthropicBlockWriter {
  /** How many cache points a request may have, by Anthropic's guide to prompt caching. */
  private static final int MOST_CACHE_POINTS = 4;

  private static final Set<String> LIFETIMES = Set.of("5m", "1h");
  private static final Set<String> UNCACHEABLE = Set.of("thinking", "redacted_thinking");
  private static final String CACHE_CONTROL = AnthropicBlockReader.CACHE_CONTROL;

  private final boolean forClient;
  private final Losses losses;
  private int cachePoints;

  /**
   * Begins to write.
   *
   * @param forClient whether it is an answer, which nobody checks, and not a request, which its provider does
   */
  AnthropicBlockWriter(boolean forClient, Losses losses) {
    this.forClient = forClient;
    this.losses = losses;
  }

  /** Adds what can be said of these parts. */
  void add(List<Part> parts, ArrayNode blocks) {
    for (Part part : parts) {
      if (part instanceof Part.CachePoint point) {
        cache(point, blocks);
      } else {
        block(part).ifPresent(blocks::add);
      }
    }
  }

  private void cache(Part.CachePoint point, ArrayNode blocks) {
    for (int i = blocks.size() - 1; i >= 0; i--) {
      ObjectNode block = (ObjectNode) blocks.get(i);
      if (!UNCACHEABLE.contains(block.path("type").textValue())) {
        cache(point, block);
        return;
      }
    }
    losses.drop(point.origin().path());
  }

  /** Marks what ends with that point, as far as there may be one more. */
  void cache(Part.CachePoint point, ObjectNode holder) {
    if (cachePoints == MOST_CACHE_POINTS || holder.has(CACHE_CONTROL)) {
      losses.drop(point.origin().path());
      return;
    }
    cachePoints++;
    ObjectNode control = typed("ephemeral");
    if (LIFETIMES.contains(point.lifetime())) {
      control.put("ttl", point.lifetime());
    } else if (!point.lifetime().isEmpty()) {
      losses.drop(point.origin().at("ttl"));
    }
    point.origin().into(control, AnthropicMessages.NAME, losses);
    holder.set(CACHE_CONTROL, control);
  }

  /** One part; empty if there is nothing to be said, or no word for it. */
  Optional<ObjectNode> block(Part part) {
    if (part instanceof Part.Text text) {
      return text(text);
    } else if (part instanceof Part.Thought thought) {
      return thought(thought);
    } else if (part instanceof Part.Refusal refusal) {
      return text(new Part.Text(refusal.text(), List.of(), refusal.origin()));
    } else if (part instanceof Part.ToolCall call) {
      return written(call(id(call.id()), call).set("input", input(call)), call);
    } else if (part instanceof Part.ToolResult result) {
      return result(result);
    } else if (part instanceof Part.Media media) {
      return media(media);
    } else if (part instanceof Part.Other other && isOurs(other.origin())) {
      return Optional.of(((ObjectNode) other.json()).deepCopy());
    }
    return lost(part);
  }

  private static boolean isOurs(Origin origin) {
    return origin.protocol().equals(AnthropicMessages.NAME);
  }

  private Optional<ObjectNode> written(ObjectNode block, Part part) {
    part.origin().into(block, AnthropicMessages.NAME, losses);
    return Optional.of(block);
  }

  private Optional<ObjectNode> lost(Part part) {
    losses.drop(part.origin().path());
    return Optional.empty();
  }

  /** Anthropic refuses texts that are empty, or nothing but blanks; a client is told these too. */
  private Optional<ObjectNode> text(Part.Text text) {
    boolean isNothing = forClient ? text.text().isEmpty() : text.text().isBlank();
    if (isNothing && !isOurs(text.origin())) {
      return Optional.empty();
    }
    ObjectNode block = typed("text").put("text", text.text());
    ArrayNode citations = block.arrayNode();
    text.citations().forEach(citation -> citation(citation).ifPresent(citations::add));
    if (!citations.isEmpty()) {
      block.set("citations", citations);
    }
    return written(block, text);
  }

  /** A citation; a page that somebody else found has no index that Anthropic would know again. */
  Optional<ObjectNode> citation(Citation citation) {
    Origin origin = citation.origin();
    ObjectNode written = DialectJson.object().put("cited_text", citation.quote());
    if (isOurs(origin)) {
      boolean isDocument = origin.rest().has("document_index");
      putUnlessEmpty(written, isDocument ? "document_title" : "title", citation.title());
      putUnlessEmpty(written, "url", citation.url());
    } else if (forClient && !citation.url().isEmpty()) {
      written
          .put("type", "web_search_result_location")
          .put("url", citation.url())
          .put("title", citation.title())
          .put("encrypted_index", "");
    } else {
      losses.drop(origin.path());
      return Optional.empty();
    }
    origin.into(written, AnthropicMessages.NAME, losses);
    return Optional.of(written);
  }

  /** The provider takes none but its own, by their signature; a client may keep what is another's. */
  private Optional<ObjectNode> thought(Part.Thought thought) {
    boolean known = isOurs(thought.origin())
        || thought
            .signature()
            .filter(signature -> signature.protocol().equals(AnthropicMessages.NAME))
            .isPresent();
    return forClient || known ? written(thinking(thought), thought) : lost(thought);
  }

  /** A thought's own block, with all that is known of it. */
  static ObjectNode thinking(Part.Thought thought) {
    String signature = thought.signature().map(AnthropicBlockWriter::signature).orElse("");
    return signature.startsWith(AnthropicBlockReader.REDACTED)
        ? typed("redacted_thinking")
            .put("data", signature.substring(AnthropicBlockReader.REDACTED.length()))
        : typed("thinking").put("thinking", thought.text()).put("signature", signature);
  }

  static String signature(Signature signature) {
    return signature.in(AnthropicMessages.NAME);
  }

  /** A call without what it is called with. */
  static ObjectNode call(String id, Part.ToolCall call) {
    return typed("tool_use").put("id", id).put("name", call.name());
  }

  /** A client sends it back as it is; Anthropic takes it within bounds only. */
  private String id(String id) {
    return forClient ? id : PortableName.of(id);
  }

  /** Must be an object; free text is put into one so that the call stays what its result answers. */
  private ObjectNode input(Part.ToolCall call) {
    if (call.free()) {
      return DialectJson.object().put(AnthropicStreamWriter.FREE_TEXT, call.arguments());
    }
    Optional<ObjectNode> input = DialectJson.object(call.arguments());
    if (input.isEmpty() && !call.arguments().isBlank()) {
      losses.drop(call.origin().at("arguments"));
    }
    return input.orElseGet(DialectJson::object);
  }

  private Optional<ObjectNode> result(Part.ToolResult result) {
    ObjectNode block = typed("tool_result").put("tool_use_id", id(result.id()));
    ArrayNode content = block.arrayNode();
    add(result.content(), content);
    if (result.plain() && content.size() == 1 && content.get(0).size() == 2) {
      block.set("content", content.get(0).path("text"));
    } else if (!content.isEmpty()) {
      block.set("content", content);
    }
    if (result.failed()) {
      block.put("is_error", true);
    }
    return written(block, result);
  }

  private Optional<ObjectNode> media(Part.Media media) {
    boolean isImage = media.kind() == Part.Media.Kind.IMAGE;
    if (forClient || (!isImage && media.kind() != Part.Media.Kind.DOCUMENT)) {
      return lost(media);
    }
    Optional<ObjectNode> source = isImage ? image(media) : document(media);
    if (source.isEmpty()) {
      return lost(media);
    }
    ObjectNode block = typed(isImage ? "image" : "document");
    block.set("source", source.get());
    if (!isImage) {
      putUnlessEmpty(block, "title", media.name());
    }
    return written(block, media);
  }

  private static Optional<ObjectNode> image(Part.Media media) {
    return media.source() instanceof Source.Data data
        ? Optional.of(base64(media.type().isEmpty() ? "image/png" : media.type(), data))
        : elsewhere(media);
  }

  /** Anthropic reads PDF and plain text, nothing else. */
  private static Optional<ObjectNode> document(Part.Media media) {
    if (!(media.source() instanceof Source.Data data)) {
      return elsewhere(media);
    }
    if (media.type().isEmpty() || media.type().equals("application/pdf")) {
      return Optional.of(base64("application/pdf", data));
    }
    return media.type().startsWith("text/") ? plain(data) : Optional.empty();
  }

  private static Optional<ObjectNode> plain(Source.Data data) {
    try {
      byte[] text = Base64.getDecoder().decode(data.base64());
      return Optional.of(typed("text")
          .put("media_type", "text/plain")
          .put("data", new String(text, StandardCharsets.UTF_8)));
    } catch (IllegalArgumentException notBase64) {
      return Optional.empty();
    }
  }

  private static ObjectNode base64(String type, Source.Data data) {
    return typed("base64").put("media_type", type).put("data", data.base64());
  }

  /** A file is known to none but the provider who keeps it. */
  private static Optional<ObjectNode> elsewhere(Part.Media media) {
    if (media.source() instanceof Source.Url url) {
      return Optional.of(typed("url").put("url", url.url()));
    }
    return media.source() instanceof Source.File file && isOurs(media.origin())
        ? Optional.of(typed("file").put("file_id", file.id()))
        : Optional.empty();
  }

  private static void putUnlessEmpty(ObjectNode object, String name, String value) {
    if (!value.isEmpty()) {
      object.put(name, value);
    }
  }
}
