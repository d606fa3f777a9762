package io.aiproxy.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aiproxy.neutral.Citation;
import io.aiproxy.neutral.Logprob;
import io.aiproxy.neutral.Losses;
import io.aiproxy.neutral.Origin;
import io.aiproxy.neutral.Part;
import io.aiproxy.neutral.Part.Media;
import io.aiproxy.neutral.Part.Source;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The parts of a message in the responses API, and of the output of a tool: texts, refusals, images, sounds and files. */
final class ResponsesContent {
  private static final String NAME = OpenAiResponsesDialect.NAME;
  private static final Set<String> TEXTS = Set.of("input_text", "output_text", "text");
  private static final Set<String> OWN =
      Set.of("type", "annotations", "logprobs", "image_url", "file_url", "file_data", "file_id");

  private ResponsesContent() {}

  static Part read(JsonNode json, String path) {
    if (!(json instanceof ObjectNode part)) {
      throw OpenAiResponsesDialect.bad(path, "must be an object");
    }
    String type = part.path("type").asText();
    if (TEXTS.contains(type)) {
      return new Part.Text(
          part.path("text").asText(), citations(part, path), origin(part, path, "text"));
    }
    return switch (type) {
      case "refusal" ->
        new Part.Refusal(part.path("refusal").asText(), origin(part, path, "refusal"));
      case "input_image" -> image(part, path);
      case "input_file" -> file(part, path);
      case "input_audio" -> audio(part, path);
      default -> new Part.Other(part, new Origin(NAME, path, Origin.NONE.rest()));
    };
  }

  private static Origin origin(ObjectNode part, String path, String... understood) {
    return Origin.of(NAME, path, part, Set.of(understood), OWN);
  }

  /** {@code auto} is what is done without a word, so that nobody misses it. */
  private static Part image(ObjectNode part, String path) {
    boolean auto = part.path("detail").asText().equals("auto");
    Origin origin = auto
        ? Origin.of(NAME, path, part, Set.of(), Set.of("type", "image_url", "file_id", "detail"))
        : origin(part, path);
    return media(Media.Kind.IMAGE, part, "image_url", "", origin);
  }

  private static Part file(ObjectNode part, String path) {
    String member = part.hasNonNull("file_data") ? "file_data" : "file_url";
    return media(
        Media.Kind.DOCUMENT,
        part,
        member,
        part.path("filename").asText(""),
        origin(part, path, "filename"));
  }

  private static Part audio(ObjectNode part, String path) {
    JsonNode sound = part.path("input_audio");
    String format = sound.path("format").asText();
    return new Media(
        Media.Kind.AUDIO,
        "audio/" + (format.equals("mp3") ? "mpeg" : format),
        new Source.Data(sound.path("data").asText()),
        "",
        Origin.of(NAME, path, part, Set.of("input_audio"), Set.of("type")));
  }

  private static Media media(
      Media.Kind kind, ObjectNode part, String member, String name, Origin origin) {
    if (!part.hasNonNull(member)) {
      return new Media(kind, "", new Source.File(part.path("file_id").asText()), name, origin);
    }
    String place = part.path(member).asText();
    int comma = place.indexOf(',');
    if (!place.startsWith("data:") || comma < 0) {
      return new Media(kind, "", new Source.Url(place), name, origin);
    }
    String type = place.substring("data:".length(), comma).replaceFirst(";.*", "");
    return new Media(kind, type, new Source.Data(place.substring(comma + 1)), name, origin);
  }

  private static List<Citation> citations(ObjectNode part, String path) {
    List<Citation> citations = new ArrayList<>();
    JsonNode annotations = part.path("annotations");
    for (int i = 0; i < annotations.size(); i++) {
      citations.add(citation(annotations.get(i), path + ".annotations[" + i + "]"));
    }
    return citations;
  }

  /** Pages and files; of a file only its name is good elsewhere. */
  static Citation citation(JsonNode annotation, String path) {
    String title = annotation.path("title").asText("");
    return new Citation(
        annotation.path("url").asText(""),
        title.isEmpty() ? annotation.path("filename").asText("") : title,
        "",
        annotation.path("start_index").asInt(-1),
        annotation.path("end_index").asInt(-1),
        annotation instanceof ObjectNode object
            ? new Origin(NAME, path, Origin.NONE.rest(), object)
            : Origin.NONE);
  }

  static List<Logprob> logprobs(JsonNode array) {
    List<Logprob> logprobs = new ArrayList<>();
    for (JsonNode token : array) {
      logprobs.add(new Logprob(
          token.path("token").asText(),
          token.path("logprob").asDouble(),
          logprobs(token.path("top_logprobs"))));
    }
    return logprobs;
  }

  /**
   * Writes a part.
   *
   * @param output whether the model said it
   * @return empty if there is no word for it; the loss is told
   */
  static Optional<ObjectNode> write(Part part, boolean output, Losses losses) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    if (part instanceof Part.Text text) {
      json.put("type", output ? "output_text" : "input_text").put("text", text.text());
      if (output) {
        annotate(json, text, losses);
      }
    } else if (part instanceof Part.Refusal refusal && output) {
      json.put("type", "refusal").put("refusal", refusal.text());
    } else if (part instanceof Media media && !output && place(json, media)) {
      json.put("type", type(media));
    } else if (part instanceof Part.Other other && other.origin().protocol().equals(NAME)) {
      return Optional.of(((ObjectNode) other.json()).deepCopy());
    } else {
      losses.drop(part.origin().path());
      return Optional.empty();
    }
    part.origin().into(json, NAME, losses);
    return Optional.of(json);
  }

  private static void annotate(ObjectNode json, Part.Text text, Losses losses) {
    if (text.origin().protocol().equals(NAME)) {
      return; // they are among what is its own
    }
    ArrayNode annotations = json.putArray("annotations");
    for (Citation citation : text.citations()) {
      annotation(citation, text.text().length())
          .ifPresentOrElse(annotations::add, () -> losses.drop(citation.origin().path()));
    }
  }

  /** A page; this protocol has no word for a mere quote. */
  static Optional<ObjectNode> annotation(Citation citation, int length) {
    if (citation.origin().protocol().equals(NAME)) {
      return Optional.of(citation.origin().own());
    }
    if (citation.url().isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(JsonNodeFactory.instance
        .objectNode()
        .put("type", "url_citation")
        .put("url", citation.url())
        .put("title", citation.title())
        .put("start_index", Math.max(0, citation.from()))
        .put("end_index", citation.to() < 0 ? length : citation.to()));
  }

  static ArrayNode written(List<Logprob> logprobs, boolean hasTop) {
    ArrayNode array = JsonNodeFactory.instance.arrayNode();
    for (Logprob logprob : logprobs) {
      ObjectNode token =
          array.addObject().put("token", logprob.token()).put("logprob", logprob.logprob());
      byte[] bytes = logprob.token().getBytes(StandardCharsets.UTF_8);
      ArrayNode numbers = token.putArray("bytes");
      for (byte b : bytes) {
        numbers.add(b & 0xff);
      }
      if (hasTop) {
        token.set("top_logprobs", written(logprob.top(), false));
      }
    }
    return array;
  }

  private static String type(Media media) {
    return switch (media.kind()) {
      case IMAGE -> "input_image";
      case AUDIO -> "input_audio";
      case DOCUMENT, VIDEO -> "input_file";
    };
  }

  /** Says where it is; false if this protocol cannot. */
  private static boolean place(ObjectNode json, Media media) {
    return switch (media.kind()) {
      case IMAGE -> imagePlace(json, media);
      case AUDIO -> audioPlace(json, media);
      case DOCUMENT -> filePlace(json, media);
      case VIDEO -> false;
    };
  }

  private static boolean imagePlace(ObjectNode json, Media media) {
    if (media.source() instanceof Source.File file) {
      return fileId(json, media, file);
    }
    json.put("image_url", address(media, "image/png"));
    return true;
  }

  private static boolean filePlace(ObjectNode json, Media media) {
    if (!media.name().isEmpty()) {
      json.put("filename", media.name());
    }
    if (media.source() instanceof Source.File file) {
      return fileId(json, media, file);
    }
    if (media.source() instanceof Source.Url url) {
      json.put("file_url", url.url());
      return true;
    }
    if (media.name().isEmpty()) {
      json.put("filename", "file"); // data must have a name
    }
    json.put("file_data", address(media, "application/pdf"));
    return true;
  }

  /** OpenAI's files are the same in all of its protocols. */
  private static boolean fileId(ObjectNode json, Media media, Source.File file) {
    json.put("file_id", file.id());
    return media.origin().protocol().startsWith("openai-");
  }

  private static boolean audioPlace(ObjectNode json, Media media) {
    if (!(media.source() instanceof Source.Data data)) {
      return false;
    }
    String format = media.type().replaceFirst("^audio/(x-)?", "");
    json.putObject("input_audio")
        .put("data", data.base64())
        .put("format", format.equals("mpeg") ? "mp3" : format);
    return true;
  }

  private static String address(Media media, String otherwise) {
    if (media.source() instanceof Source.Data data) {
      String type = media.type().isEmpty() ? otherwise : media.type();
      return "data:" + type + ";base64," + data.base64();
    }
    return media.source() instanceof Source.Url url ? url.url() : "";
  }
}
