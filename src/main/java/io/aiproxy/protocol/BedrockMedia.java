package io.aiproxy.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aiproxy.neutral.Origin;
import io.aiproxy.neutral.Part;
import io.aiproxy.neutral.Part.Media;
import io.aiproxy.neutral.Part.Source;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Images, documents, videos and sounds as Converse has them: a format in place of a media type, and the bytes or a place in S3
 * (ImageBlock, DocumentBlock, VideoBlock and AudioBlock in the API reference).
 */
final class BedrockMedia {
  private static final String S3 = "s3://";
  private static final int MOST_NAME = 200;

  /** Formats by media type, the usual type of each last. */
  private static final Map<String, String> FORMATS = Map.ofEntries(
      Map.entry("image/png", "png"),
      Map.entry("image/jpeg", "jpeg"),
      Map.entry("image/jpg", "jpeg"),
      Map.entry("image/gif", "gif"),
      Map.entry("image/webp", "webp"),
      Map.entry("application/pdf", "pdf"),
      Map.entry("text/csv", "csv"),
      Map.entry("application/msword", "doc"),
      Map.entry("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx"),
      Map.entry("application/vnd.ms-excel", "xls"),
      Map.entry("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"),
      Map.entry("text/html", "html"),
      Map.entry("text/plain", "txt"),
      Map.entry("text/markdown", "md"),
      Map.entry("video/x-matroska", "mkv"),
      Map.entry("video/quicktime", "mov"),
      Map.entry("video/mp4", "mp4"),
      Map.entry("video/webm", "webm"),
      Map.entry("video/x-flv", "flv"),
      Map.entry("video/mpeg", "mpeg"),
      Map.entry("video/x-ms-wmv", "wmv"),
      Map.entry("video/3gpp", "three_gp"),
      Map.entry("audio/mpeg", "mp3"),
      Map.entry("audio/wav", "wav"),
      Map.entry("audio/ogg", "ogg"),
      Map.entry("audio/flac", "flac"),
      Map.entry("audio/aac", "aac"));

  private static final Map<String, String> TYPES = types();

  private static final Set<String> KINDS = Set.of("image", "document", "video", "audio");

  private BedrockMedia() {}

  private static Map<String, String> types() {
    Map<String, String> types = new TreeMap<>();
    FORMATS.forEach((type, format) -> {
      if (!type.equals("image/jpg")) {
        types.put(format, type);
      }
    });
    return types;
  }

  /** Whether blocks of that name are read here. */
  static boolean knows(String name) {
    return KINDS.contains(name);
  }

  /** Reads a block; empty if it is of a sort that only Converse knows. */
  static Optional<Part> read(String name, ObjectNode block, String path) {
    String format = block.path("format").asText();
    Optional<Source> source = source(block.path("source"));
    String type = TYPES.getOrDefault(format, "");
    if (source.isEmpty() || type.isEmpty()) {
      return Optional.empty();
    }
    Origin origin =
        Origin.of(BedrockConverse.NAME, path, block, Set.of("format", "source", "name"));
    return Optional.of(new Media(
        Media.Kind.valueOf(name.toUpperCase(Locale.ROOT)),
        type,
        source.get(),
        block.path("name").asText(),
        origin));
  }

  private static Optional<Source> source(JsonNode source) {
    JsonNode place = source.path("s3Location");
    if (source.path("bytes").isTextual()) {
      return Optional.of(new Source.Data(source.path("bytes").asText()));
    }
    return place.size() == 1 && place.path("uri").isTextual()
        ? Optional.of(new Source.Url(place.path("uri").asText()))
        : Optional.empty();
  }

  /**
   * Writes a block; empty if Converse has no word for it.
   *
   * @param unnamed what a document is called that has no name
   */
  static Optional<ObjectNode> write(Media media, String unnamed) {
    Optional<String> format = Optional.ofNullable(FORMATS.get(plain(media.type())));
    Optional<ObjectNode> source = source(media.source());
    if (format.isEmpty() || source.isEmpty()) {
      return Optional.empty();
    }
    ObjectNode block = BedrockJson.object("format", format.get());
    if (media.kind() == Media.Kind.DOCUMENT) {
      block.put("name", name(media.name(), unnamed));
    }
    block.set("source", source.get());
    return Optional.of(block);
  }

  private static Optional<ObjectNode> source(Source source) {
    if (source instanceof Source.Data data) {
      return Optional.of(BedrockJson.object("bytes", data.base64()));
    }
    return source instanceof Source.Url place && place.url().startsWith(S3)
        ? Optional.of(BedrockJson.object("s3Location", BedrockJson.object("uri", place.url())))
        : Optional.empty();
  }

  /** The name of a block of that kind. */
  static String block(Media.Kind kind) {
    return kind.name().toLowerCase(Locale.ROOT);
  }

  private static String plain(String type) {
    int end = type.indexOf(';');
    return (end < 0 ? type : type.substring(0, end)).trim().toLowerCase(Locale.ROOT);
  }

  /** Letters, digits, single blanks, hyphens and brackets are all that a document's name may hold. */
  private static String name(String given, String unnamed) {
    String clean = given.replaceAll("[^A-Za-z0-9 \\-()\\[\\]]", "-").replaceAll(" {2,}", " ");
    String name = clean.substring(0, Math.min(MOST_NAME, clean.length())).trim();
    return name.isEmpty() ? unnamed : name;
  }
}
