package io.aiproxy.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aiproxy.neutral.Citation;
import io.aiproxy.neutral.Losses;
import io.aiproxy.neutral.Origin;
import io.aiproxy.neutral.Part;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Writes Converse's content blocks. One per request or answer. */
final class BedrockBlockWriter {
  private static final String NAME = BedrockConverse.NAME;

  /** What a {@code toolUseId} may be (ToolUseBlock in the API reference). */
  private static final Pattern ID = Pattern.compile("[a-zA-Z0-9_-]{1,64}");

  private static final int KEPT_OF_ID = 47;
  private static final int HASH_BYTES = 8;

  private final Losses losses;
  private int documents;

  BedrockBlockWriter(Losses losses) {
    this.losses = losses;
  }

  /** Writes what can be written; the rest is lost by name. */
  void write(List<Part> parts, ArrayNode into) {
    for (Part part : parts) {
      Optional<ObjectNode> block = block(part);
      block.ifPresentOrElse(into::add, () -> losses.drop(part.origin().path()));
    }
  }

  /** A block; empty if Converse has no word for it. */
  private Optional<ObjectNode> block(Part part) {
    if (part instanceof Part.Text text) {
      return Optional.of(text(text));
    }
    if (part instanceof Part.Refusal refusal) {
      return Optional.of(BedrockJson.object("text", refusal.text()));
    }
    if (part instanceof Part.Thought thought) {
      return thought(thought);
    }
    if (part instanceof Part.ToolCall call) {
      return Optional.of(BedrockJson.object("toolUse", call(call)));
    }
    if (part instanceof Part.ToolResult result) {
      return Optional.of(BedrockJson.object("toolResult", result(result)));
    }
    if (part instanceof Part.Media media) {
      return media(media);
    }
    if (part instanceof Part.CachePoint point) {
      return Optional.of(BedrockJson.object("cachePoint", cachePoint(point)));
    }
    return part instanceof Part.Other other
            && isOwn(other.origin())
            && other.json() instanceof ObjectNode own
        ? Optional.of(own)
        : Optional.empty();
  }

  private static boolean isOwn(Origin origin) {
    return origin.protocol().equals(NAME);
  }

  private ObjectNode text(Part.Text text) {
    if (text.citations().isEmpty()) {
      return rest(BedrockJson.object("text", text.text()), text.origin());
    }
    ObjectNode content = BedrockJson.object();
    if (!text.text().isEmpty()) {
      content.putArray("content").addObject().put("text", text.text());
    }
    ArrayNode citations = content.putArray("citations");
    text.citations().forEach(citation -> citations.add(citation(citation)));
    return BedrockJson.object("citationsContent", rest(content, text.origin()));
  }

  static ObjectNode citation(Citation citation) {
    if (isOwn(citation.origin())) {
      return citation.origin().rest();
    }
    ObjectNode written = BedrockJson.object();
    if (!citation.title().isEmpty()) {
      written.put("title", citation.title());
    }
    if (!citation.quote().isEmpty()) {
      written.putArray("sourceContent").addObject().put("text", citation.quote());
    }
    if (!citation.url().isEmpty()) {
      written.set("location", BedrockJson.object("web", BedrockJson.object("url", citation.url())));
    }
    return written;
  }

  /** Thoughts of other makers are refused, and so are those that nobody signed. */
  private Optional<ObjectNode> thought(Part.Thought thought) {
    boolean isOwn = isOwn(thought.origin())
        ? thought.signature().stream()
            .allMatch(signature -> signature.protocol().equals(NAME))
        : thought
            .signature()
            .filter(signature -> signature.protocol().equals(NAME))
            .isPresent();
    return isOwn ? Optional.of(reasoning(thought)) : Optional.empty();
  }

  /** A thought with its signature, whoever made it. */
  ObjectNode reasoning(Part.Thought thought) {
    ObjectNode reasoning = rest(BedrockJson.object(), thought.origin());
    if (!thought.text().isEmpty() || thought.signature().isPresent()) {
      ObjectNode said = reasoning.putObject("reasoningText").put("text", thought.text());
      thought.signature().ifPresent(signature -> said.put("signature", signature.in(NAME)));
    }
    return BedrockJson.object("reasoningContent", reasoning);
  }

  private ObjectNode call(Part.ToolCall call) {
    ObjectNode use = BedrockJson.object("toolUseId", id(call.id())).put("name", call.name());
    use.set("input", input(call));
    return rest(use, call.origin());
  }

  /** Arguments have to be an object: a free text is put into one, and what is no JSON is lost. */
  private ObjectNode input(Part.ToolCall call) {
    if (call.free()) {
      return BedrockJson.object("input", call.arguments());
    }
    JsonNode arguments = BedrockJson.parsed(call.arguments());
    if (arguments instanceof ObjectNode object) {
      return object;
    }
    if (!call.arguments().isBlank()) {
      losses.drop(call.origin().at("arguments"));
    }
    return BedrockJson.object();
  }

  private ObjectNode result(Part.ToolResult result) {
    ObjectNode written = BedrockJson.object("toolUseId", id(result.id()));
    write(result.content(), written.putArray("content"));
    if (result.failed()) {
      written.put("status", "error");
    }
    return rest(written, result.origin());
  }

  private Optional<ObjectNode> media(Part.Media media) {
    if (media.kind() == Part.Media.Kind.DOCUMENT) {
      documents++;
    }
    return BedrockMedia.write(media, "document-" + documents)
        .map(block ->
            BedrockJson.object(BedrockMedia.block(media.kind()), rest(block, media.origin())));
  }

  private ObjectNode cachePoint(Part.CachePoint point) {
    return rest(cachePoint(point.lifetime()), point.origin());
  }

  static ObjectNode cachePoint(String lifetime) {
    ObjectNode point = BedrockJson.object("type", "default");
    if (!lifetime.isEmpty()) {
      point.put("ttl", lifetime);
    }
    return point;
  }

  private ObjectNode rest(ObjectNode written, Origin origin) {
    origin.into(written, NAME, losses);
    return written;
  }

  /** The id of a call in letters that Converse takes: the same one for the same one, and another for another. */
  static String id(String given) {
    if (ID.matcher(given).matches()) {
      return given;
    }
    String clean = given.replaceAll("[^a-zA-Z0-9_-]", "_");
    return clean.substring(0, Math.min(KEPT_OF_ID, clean.length())) + "_" + hash(given);
  }

  private static String hash(String text) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
      return HexFormat.of().formatHex(digest, 0, HASH_BYTES);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
