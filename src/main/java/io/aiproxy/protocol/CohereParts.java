package io.aiproxy.protocol;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aiproxy.json.Mappers;
import io.aiproxy.neutral.Citation;
import io.aiproxy.neutral.Logprob;
import io.aiproxy.neutral.Origin;
import io.aiproxy.neutral.Part;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What messages of requests and of answers have in common in Cohere's chat. */
final class CohereParts {
  static final String DOCUMENT = "document";
  private static final String NAME = CohereChatDialect.NAME;
  private static final String BASE64 = ";base64,";
  private static final Set<String> OF_CITATION = Set.of("start", "end");
  private static final Set<String> OWN_OF_CITATION =
      Set.of("text", "sources", "type", "content_index");

  static final JsonMapper JSON = Mappers.mapper()
      .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
      .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
      .build();

  private CohereParts() {}

  /** What one side says, in order: a plan, the content with what it cites, and the calls of tools. */
  static List<Part> said(JsonNode message, String path) {
    List<Part> parts = new ArrayList<>();
    if (!message.path(CohereChatDialect.PLAN).asText().isEmpty()) {
      parts.add(new Part.Thought(
          message.path(CohereChatDialect.PLAN).asText(),
          Optional.empty(),
          at(path + "." + CohereChatDialect.PLAN)));
    }
    parts.addAll(cited(
        content(message.path("content"), path + ".content"), message.path("citations"), path));
    int calls = 0;
    for (JsonNode call : message.path("tool_calls")) {
      parts.add(call(call, path + ".tool_calls[" + calls++ + "]"));
    }
    return parts;
  }

  /** A text, or a list of parts. */
  static List<Part> content(JsonNode content, String path) {
    List<Part> parts = new ArrayList<>();
    if (content.isTextual()) {
      parts.add(new Part.Text(content.asText(), List.of(), at(path)));
    } else if (content.isArray()) {
      content.forEach(part -> parts.add(part(part, path + "[" + parts.size() + "]")));
    }
    return parts;
  }

  private static Part part(JsonNode part, String path) {
    if (!(part instanceof ObjectNode object)) {
      return new Part.Other(part, at(path));
    }
    return switch (part.path("type").asText()) {
      case "text" ->
        new Part.Text(
            part.path("text").asText(),
            List.of(),
            Origin.of(NAME, path, object, Set.of("type", "text")));
      case "thinking" ->
        new Part.Thought(
            part.path("thinking").asText(),
            Optional.empty(),
            Origin.of(NAME, path, object, Set.of("type", "thinking")));
      case "image_url" -> image(object, path);
      // what a document says can be said anywhere
      case DOCUMENT ->
        new Part.Text(text(part.path(DOCUMENT)), List.of(), at(path + "." + DOCUMENT));
      default -> new Part.Other(part, at(path));
    };
  }

  private static Part image(ObjectNode part, String path) {
    String url = part.path("image_url").path("url").asText();
    int comma = url.startsWith("data:") ? url.indexOf(BASE64) : -1;
    return new Part.Media(
        Part.Media.Kind.IMAGE,
        comma < 0 ? "" : url.substring("data:".length(), comma),
        comma < 0
            ? new Part.Source.Url(url)
            : new Part.Source.Data(url.substring(comma + BASE64.length())),
        "",
        Nesting.origin(NAME, path, part, Set.of("type"), "image_url", Set.of("url")));
  }

  /** The URL of an image; empty if it cannot be one. */
  static String url(Part.Media media) {
    if (media.source() instanceof Part.Source.Url url) {
      return url.url();
    }
    if (media.source() instanceof Part.Source.Data data) {
      String type = media.type().isEmpty() ? ImageType.of(data.base64()) : media.type();
      return type.isEmpty() ? "" : "data:" + type + BASE64 + data.base64();
    }
    return "";
  }

  static Part.ToolCall call(JsonNode call, String path) {
    JsonNode function = call.path("function");
    return new Part.ToolCall(
        call.path("id").asText(),
        function.path("name").asText(),
        function.path("arguments").asText(),
        false,
        call instanceof ObjectNode object
            ? Nesting.origin(
                NAME, path, object, Set.of("id", "type"), "function", Set.of("name", "arguments"))
            : at(path));
  }

  static ObjectNode call(Part.ToolCall call) {
    ObjectNode written = JsonNodeFactory.instance.objectNode();
    written.put("id", call.id()).put("type", "function");
    written.putObject("function").put("name", call.name()).put("arguments", call.arguments());
    return written;
  }

  private static List<Part> cited(List<Part> content, JsonNode citations, String path) {
    List<Part> cited = new ArrayList<>(content);
    int number = 0;
    for (JsonNode json : citations) {
      Citation citation = citation(json, path + ".citations[" + number++ + "]");
      int index = json.path("content_index").asInt(lastText(cited));
      if (index >= 0 && index < cited.size() && cited.get(index) instanceof Part.Text text) {
        List<Citation> all = new ArrayList<>(text.citations());
        all.add(citation);
        cited.set(index, new Part.Text(text.text(), all, text.origin()));
      }
    }
    return cited;
  }

  private static int lastText(List<Part> parts) {
    for (int i = parts.size() - 1; i >= 0; i--) {
      if (parts.get(i) instanceof Part.Text) {
        return i;
      }
    }
    return -1;
  }

  /** Its first source stands for all; they stay in its origin. */
  static Citation citation(JsonNode citation, String path) {
    JsonNode source = citation.path("sources").path(0);
    JsonNode about = source.has(DOCUMENT) ? source.path(DOCUMENT) : source.path("tool_output");
    return new Citation(
        about.path("url").asText(),
        about.path("title").asText(),
        about.path("snippet").asText(about.path("text").asText()),
        citation.path("start").asInt(-1),
        citation.path("end").asInt(-1),
        citation instanceof ObjectNode object
            ? Origin.of(NAME, path, object, OF_CITATION, OWN_OF_CITATION)
            : at(path));
  }

  /**
   * A citation of another protocol's gets the one source that is known.
   *
   * @param text that it is in, as far as known
   */
  static ObjectNode citation(Citation citation, String text) {
    ObjectNode written = JsonNodeFactory.instance.objectNode();
    int to = Math.min(citation.to(), text.length());
    boolean isInside = citation.from() >= 0 && citation.from() <= to;
    written
        .put("start", Math.max(0, citation.from()))
        .put("end", Math.max(0, citation.to()))
        .put("text", isInside ? text.substring(citation.from(), to) : "");
    if (citation.origin().protocol().equals(NAME)) {
      written.setAll(citation.origin().own());
      written.setAll(citation.origin().rest());
      return written;
    }
    String id = citation.url().isEmpty() ? citation.title() : citation.url();
    ObjectNode source =
        written.putArray("sources").addObject().put("type", DOCUMENT).put("id", id);
    ObjectNode document = source.putObject(DOCUMENT).put("id", id).put("title", citation.title());
    if (!citation.url().isEmpty()) {
      document.put("url", citation.url());
    }
    if (!citation.quote().isEmpty()) {
      document.put("snippet", citation.quote());
    }
    written.put("type", "TEXT_CONTENT");
    return written;
  }

  /** Of a run of tokens the probabilities are given one by one, but the text as a whole. */
  static Logprob logprob(JsonNode item) {
    double sum = 0;
    for (JsonNode logprob : item.path("logprobs")) {
      sum += logprob.asDouble();
    }
    return new Logprob(item.path("text").asText(), sum, List.of());
  }

  static ObjectNode logprob(Logprob logprob) {
    ObjectNode written = JsonNodeFactory.instance.objectNode().put("text", logprob.token());
    written.putArray("token_ids");
    written.putArray("logprobs").add(logprob.logprob());
    return written;
  }

  static boolean isPlan(Part.Thought thought) {
    return thought.origin().protocol().equals(NAME)
        && thought.origin().path().endsWith("." + CohereChatDialect.PLAN);
  }

  static boolean isDocument(Part.Text text) {
    return text.origin().protocol().equals(NAME) && text.origin().path().endsWith("]." + DOCUMENT);
  }

  static String text(JsonNode json) {
    try {
      return JSON.writeValueAsString(json);
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  static Origin at(String path) {
    return Origin.of(NAME, path, Origin.NONE.rest(), Set.of());
  }
}
