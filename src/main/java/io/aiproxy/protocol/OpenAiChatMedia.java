package io.aiproxy.protocol;

import static io.aiproxy.protocol.OpenAiChatDialect.PROTOCOL;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aiproxy.neutral.Origin;
import io.aiproxy.neutral.Part;
import io.aiproxy.neutral.Part.Media;
import io.aiproxy.neutral.Part.Source;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What there is to see, to hear and to read in a chat. Videos are an extension that several providers share. */
final class OpenAiChatMedia {
  static final String IMAGE = "image_url";
  static final String VIDEO = "video_url";
  static final String AUDIO = "input_audio";
  static final String FILE = "file";

  private static final String DATA = "data:";
  private static final String BASE64 = ";base64,";

  /** What OpenAI calls an audio that has another name among media types. */
  private static final Map<String, String> AUDIO_FORMATS = Map.of(
      "audio/mpeg", "mp3", "audio/x-wav", "wav", "audio/wave", "wav", "audio/vnd.wave", "wav");

  private OpenAiChatMedia() {}

  static Part read(Place part) {
    String type = part.needed("type");
    if (!(part.member(type) instanceof ObjectNode)) {
      return OpenAiChatParts.other(part);
    }
    Place media = part.object(type);
    return switch (type) {
      case AUDIO -> audio(part, media);
      case FILE -> file(part, media);
      default -> seen(type, part, media);
    };
  }

  private static Part seen(String type, Place part, Place media) {
    String url = media.needed("url");
    return new Media(
        type.equals(IMAGE) ? Media.Kind.IMAGE : Media.Kind.VIDEO,
        mediaType(url),
        source(url),
        "",
        origin(part, media, Set.of("url")));
  }

  private static Part audio(Place part, Place media) {
    String format = media.text("format");
    return new Media(
        Media.Kind.AUDIO,
        format.isEmpty() ? "" : format.equals("mp3") ? "audio/mpeg" : "audio/" + format,
        new Source.Data(media.needed("data")),
        "",
        origin(part, media, Set.of("data", "format")));
  }

  private static Part file(Place part, Place media) {
    String data = media.text("file_data");
    if (data.isEmpty() && !media.has("file_id")) {
      throw Place.bad(media.path(), "must have file_data or file_id");
    }
    return new Media(
        Media.Kind.DOCUMENT,
        mediaType(data),
        data.isEmpty() ? new Source.File(media.needed("file_id")) : fileSource(data),
        media.text("filename"),
        origin(part, media, Set.of("file_data", "file_id", "filename")));
  }

  /** Files may also be in base64 alone. */
  private static Source fileSource(String data) {
    boolean isUrl = data.startsWith(DATA) || data.startsWith("http");
    return isUrl ? source(data) : new Source.Data(data);
  }

  private static Origin origin(Place part, Place media, Set<String> understood) {
    return part.origin(
        PROTOCOL,
        Set.of("type", IMAGE, VIDEO, AUDIO, FILE, OpenAiChatTools.CACHE_CONTROL),
        media,
        understood);
  }

  private static boolean isData(String url) {
    int end = url.indexOf(BASE64);
    return url.startsWith(DATA) && end >= 0 && url.lastIndexOf(';', end - 1) < 0;
  }

  private static String mediaType(String url) {
    return isData(url) ? url.substring(DATA.length(), url.indexOf(BASE64)) : "";
  }

  private static Source source(String url) {
    return isData(url)
        ? new Source.Data(url.substring(url.indexOf(BASE64) + BASE64.length()))
        : new Source.Url(url);
  }

  /** A part as it is written; empty if there is no way to say it. */
  static Optional<ObjectNode> write(Media media) {
    boolean own = media.origin().protocol().equals(PROTOCOL);
    return switch (media.kind()) {
      case IMAGE -> seen(IMAGE, media, "image/png");
      case VIDEO -> own ? seen(VIDEO, media, "video/mp4") : Optional.empty();
      case AUDIO -> audio(media);
      case DOCUMENT -> document(media, own);
    };
  }

  /** Puts back what {@link #read} folded. */
  static void unfold(ObjectNode part) {
    List.of(IMAGE, VIDEO, AUDIO, FILE).forEach(type -> Place.unfold(part, type));
  }

  private static Optional<ObjectNode> seen(String type, Media media, String usual) {
    return url(media, usual).map(url -> part(type, OpenAiJson.object().put("url", url)));
  }

  private static Optional<ObjectNode> audio(Media media) {
    if (!(media.source() instanceof Source.Data data)) {
      return Optional.empty();
    }
    ObjectNode audio = OpenAiJson.object().put("data", data.base64());
    if (!media.type().isEmpty()) {
      String type = media.type().toLowerCase(Locale.ROOT);
      audio.put("format", AUDIO_FORMATS.getOrDefault(type, type.replace("audio/", "")));
    }
    return Optional.of(part(AUDIO, audio));
  }

  /** What Anthropic's clients send goes where APISIX puts it: many providers take a PDF for an image. */
  private static Optional<ObjectNode> document(Media media, boolean own) {
    if (!own && media.type().startsWith("text/") && media.source() instanceof Source.Data data) {
      return text(data.base64());
    }
    if (media.origin().protocol().equals("anthropic-messages")) {
      return media.source() instanceof Source.Data
          ? seen(IMAGE, media, "application/pdf")
          : Optional.empty();
    }
    return file(media, own);
  }

  private static Optional<ObjectNode> text(String base64) {
    try {
      String text = new String(Base64.getMimeDecoder().decode(base64), StandardCharsets.UTF_8);
      return Optional.of(
          OpenAiJson.object().put("type", OpenAiChatParts.TEXT).put(OpenAiChatParts.TEXT, text));
    } catch (IllegalArgumentException notBase64) {
      return Optional.empty();
    }
  }

  private static Optional<ObjectNode> file(Media media, boolean own) {
    ObjectNode file = OpenAiJson.object();
    String protocol = media.origin().protocol();
    if (media.source() instanceof Source.File kept && protocol.startsWith("openai-")) {
      file.put("file_id", kept.id());
    } else if (media.source() instanceof Source.Data data && own && media.type().isEmpty()) {
      file.put("file_data", data.base64());
    } else if (media.source() instanceof Source.Data || own) {
      url(media, "application/pdf").ifPresent(url -> file.put("file_data", url));
    }
    if (file.isEmpty()) {
      return Optional.empty();
    }
    if (!media.name().isEmpty()) {
      file.put("filename", media.name());
    } else if (!own && file.has("file_data")) {
      file.put("filename", "document.pdf"); // OpenAI takes no data without a name
    }
    return Optional.of(part(FILE, file));
  }

  private static Optional<String> url(Media media, String usual) {
    if (media.source() instanceof Source.Data data) {
      String type = media.type().isEmpty() ? usual : media.type();
      return data.base64().isEmpty()
          ? Optional.empty()
          : Optional.of(DATA + type + BASE64 + data.base64());
    }
    return media.source() instanceof Source.Url url && !url.url().isEmpty()
        ? Optional.of(url.url())
        : Optional.empty();
  }

  private static ObjectNode part(String type, ObjectNode media) {
    ObjectNode part = OpenAiJson.object().put("type", type);
    part.set(type, media);
    return part;
  }
}
