package io.aiproxy.protocol;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aiproxy.json.Mappers;
import io.aiproxy.neutral.Losses;
import io.aiproxy.neutral.Part;
import io.aiproxy.neutral.Part.Media;
import io.aiproxy.neutral.Part.Source;
import io.aiproxy.neutral.Signature;
import java.util.List;
import java.util.Optional;

/** Writes parts as Google's. A thought without words gives its signature to the part behind it. For one content and thread. */
final class GeminiPartWriter {
  private static final int MOST = 64 * 1024 * 1024;

  /** Numbers keep the text they were written with. */
  static final JsonMapper JSON = JsonMapper.builder(Mappers.factory()
          .streamReadConstraints(StreamReadConstraints.builder()
              .maxStringLength(MOST)
              .maxNumberLength(10_000)
              .build())
          .build())
      .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
      .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
      .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
      .build();

  private final Losses losses;
  private final boolean toProvider;
  private final ArrayNode parts = JsonNodeFactory.instance.arrayNode();
  private Optional<Signature> pending = Optional.empty();

  /**
   * Writes one content.
   *
   * @param toProvider whether Google itself reads it, who refuses signatures that are not its own
   */
  GeminiPartWriter(Losses losses, boolean toProvider) {
    this.losses = losses;
    this.toProvider = toProvider;
  }

  ArrayNode written(List<Part> content) {
    content.forEach(this::write);
    flush();
    return parts;
  }

  private void write(Part part) {
    if (part instanceof Part.Text text) {
      text(text);
    } else if (part instanceof Part.Thought thought) {
      thought(thought);
    } else if (part instanceof Part.Refusal refusal) {
      add(GeminiJson.object().put("text", refusal.text()));
    } else if (part instanceof Part.ToolCall call) {
      ObjectNode written = signed(call(call));
      GeminiJson.restore(call.origin(), written, losses);
      parts.add(written);
    } else if (part instanceof Part.ToolResult result) {
      result(result);
    } else if (part instanceof Media media) {
      media(media).ifPresent(this::add);
    } else if (part instanceof Part.Other other && GeminiJson.isOwn(other.origin())) {
      flush();
      parts.add(other.json());
    } else {
      losses.drop(part.origin().path());
    }
  }

  /** An empty text is refused by Google. */
  private void text(Part.Text text) {
    if (toProvider) {
      text.citations().forEach(citation -> losses.drop(citation.origin().path()));
    }
    if (!text.text().isEmpty() || GeminiJson.isOwn(text.origin())) {
      ObjectNode written = signed(GeminiJson.object().put("text", text.text()));
      GeminiJson.restore(text.origin(), written, losses);
      parts.add(written);
    }
  }

  private void thought(Part.Thought thought) {
    boolean isForeign =
        thought.signature().filter(given -> !GeminiSignature.isOwn(given)).isPresent();
    if (toProvider && isForeign) {
      losses.drop(thought.origin().path());
      return;
    }
    flush();
    if (thought.text().isEmpty() && thought.signature().isPresent()) {
      pending = thought.signature();
      return;
    }
    ObjectNode written = GeminiJson.object().put("text", thought.text()).put("thought", true);
    thought.signature().ifPresent(given -> sign(written, given));
    GeminiJson.restore(thought.origin(), written, losses);
    parts.add(written);
  }

  /** A part as Google has it for a tool that is to be called. */
  static ObjectNode call(Part.ToolCall call) {
    ObjectNode part = GeminiJson.object();
    ObjectNode written = part.putObject("functionCall");
    if (!call.id().isEmpty() && !GeminiCalls.isMade(call.id())) {
      written.put("id", call.id());
    }
    written.put("name", call.name());
    written.set("args", arguments(call.arguments()));
    return part;
  }

  /** Arguments are an object there; what is none is put into one, and nothing at all is an empty one. */
  private static ObjectNode arguments(String text) {
    boolean isNothing = text.isBlank() || text.strip().equals("null");
    return object(text)
        .orElseGet(() -> isNothing ? GeminiJson.object() : GeminiJson.object().put("input", text));
  }

  private static Optional<ObjectNode> object(String text) {
    try {
      return JSON.readTree(text) instanceof ObjectNode object
          ? Optional.of(object)
          : Optional.empty();
    } catch (JsonProcessingException plain) {
      return Optional.empty();
    }
  }

  private void result(Part.ToolResult result) {
    ObjectNode part = GeminiJson.object();
    ObjectNode written = part.putObject("functionResponse");
    if (!result.id().isEmpty() && !GeminiCalls.isMade(result.id())) {
      written.put("id", result.id());
    }
    written.put("name", result.name());
    StringBuilder text = new StringBuilder();
    for (Part each : result.content()) {
      if (each instanceof Part.Text words) {
        text.append(text.isEmpty() ? "" : "\n").append(words.text());
      } else if (each instanceof Media media) {
        media(media).ifPresent(written.withArrayProperty("parts")::add);
      } else {
        losses.drop(each.origin().path());
      }
    }
    written.set("response", response(text.toString(), result.failed()));
    GeminiJson.restore(result.origin(), part, losses);
    add(part);
  }

  private static JsonNode response(String text, boolean failed) {
    return failed
        ? GeminiJson.object().put("error", text)
        : object(text).orElseGet(() -> GeminiJson.object().put("output", text));
  }

  /** Google fetches only what lies with it. */
  private Optional<ObjectNode> media(Media media) {
    ObjectNode part = GeminiJson.object();
    boolean isOwn = GeminiJson.isOwn(media.origin());
    if (media.source() instanceof Source.Data data) {
      named(part.putObject("inlineData"), media, isOwn).put("data", data.base64());
    } else if (media.source() instanceof Source.File file
        && (isOwn || GeminiPartReader.isStored(file.id()))) {
      named(part.putObject("fileData"), media, isOwn).put("fileUri", file.id());
    } else if (media.source() instanceof Source.Url url
        && (isOwn || GeminiPartReader.isStored(url.url()))) {
      named(part.putObject("fileData"), media, isOwn).put("fileUri", url.url());
    } else {
      losses.drop(media.origin().path());
      return Optional.empty();
    }
    GeminiJson.restore(media.origin(), part, losses);
    return Optional.of(part);
  }

  /** Vertex alone knows names of files, and Gemini's API refuses them. */
  private ObjectNode named(ObjectNode written, Media media, boolean isOwn) {
    if (!media.type().isEmpty()) {
      written.put("mimeType", media.type());
    }
    if (!media.name().isEmpty()) {
      if (isOwn) {
        written.put("displayName", media.name());
      } else {
        losses.drop(Term.FILE_NAME.at(media.origin()));
      }
    }
    return written;
  }

  private void add(ObjectNode part) {
    flush();
    parts.add(part);
  }

  private ObjectNode signed(ObjectNode part) {
    pending.ifPresent(signature -> sign(part, signature));
    pending = Optional.empty();
    return part;
  }

  private static void sign(ObjectNode part, Signature signature) {
    part.put("thoughtSignature", GeminiSignature.written(signature));
  }

  /** A signature that no part has taken stands alone. */
  private void flush() {
    if (pending.isPresent()) {
      parts.add(signed(GeminiJson.object().put("text", "")));
    }
  }
}
