package io.aiproxy.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.aiproxy.usage.Usage;
import io.aiproxy.wire.StreamFormat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A recorded exchange with a provider. The recordings of this project lie in {@code src/test/resources/protocol}; the system
 * property {@code recordings} names a folder with more of the same form.
 */
public record Recording(String id, Path folder, JsonNode meta, byte[] body) {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final Set<String> CACHE_BESIDE_PROMPT =
      Set.of("anthropic-messages", "bedrock-converse");
  private static final Path OWN = Path.of("src/test/resources/protocol");

  /** All recordings of a protocol, own ones first. */
  public static Stream<Recording> of(String protocol) {
    Stream<Path> own =
        Stream.of(OWN.resolve(protocol)).filter(Files::exists).flatMap(Recording::folders);
    Stream<Path> more = Optional.ofNullable(System.getProperty("recordings")).map(Path::of).stream()
        .flatMap(Recording::folders);
    return Stream.concat(own, more)
        .map(Recording::read)
        .filter(recording -> recording.protocol().equals(protocol));
  }

  private static Stream<Path> folders(Path parent) {
    try (Stream<Path> folders = Files.list(parent)) {
      return List.copyOf(folders
              .filter(folder -> Files.exists(folder.resolve("meta.json")))
              .sorted()
              .toList())
          .stream();
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  private static Recording read(Path folder) {
    try {
      return new Recording(
          folder.getFileName().toString(),
          folder,
          JSON.readTree(folder.resolve("meta.json").toFile()),
          Files.readAllBytes(folder.resolve("response.body")));
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  /** The recordings call both versions of Cohere's by one name. */
  public String protocol() {
    String name = meta.path("protocol").asText();
    return name.equals("cohere-chat")
            && meta.path("request").path("path").asText().equals("/v1/chat")
        ? "cohere-chat-v1"
        : name;
  }

  /** How the answer is put on the wire. */
  public StreamFormat format() {
    return switch (meta.path("body").path("format").asText()) {
      case "sse" -> StreamFormat.SSE;
      case "ndjson" -> StreamFormat.NDJSON;
      case "eventstream" -> StreamFormat.EVENT_STREAM;
      case "json-array" -> StreamFormat.JSON_ARRAY;
      default -> StreamFormat.DOCUMENT;
    };
  }

  /** The name that the gateway has for it: two forms of one protocol are two here. */
  public String spoken() {
    boolean isBatch = meta.path("request").path("path").asText().endsWith(":batchEmbedContents");
    return isBatch ? protocol() + "-batch" : protocol();
  }

  public boolean streaming() {
    return meta.path("streaming").asBoolean();
  }

  public int status() {
    return meta.path("status").asInt();
  }

  public byte[] request() {
    return bytes("request.json");
  }

  /** The content type that the provider sent. */
  public String contentType() {
    try {
      for (JsonNode header : JSON.readTree(bytes("response.headers.json")).path("headers")) {
        if (header.get(0).asText().equalsIgnoreCase("content-type")) {
          return header.get(1).asText();
        }
      }
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
    return format().mediaType();
  }

  public JsonNode expected() {
    return meta.path("expected");
  }

  /** What must be read of the answer. */
  public Usage usage() {
    JsonNode usage = expected().path("usage");
    return new Usage(
        count(usage, "prompt"),
        count(usage, "completion"),
        count(usage, "total"),
        count(usage, "cached"),
        count(usage, "cache_write"),
        count(usage, "reasoning"),
        !CACHE_BESIDE_PROMPT.contains(protocol()));
  }

  /** Why it ended last, in the provider's word; empty if it does not say. */
  public String finishReason() {
    JsonNode reasons = expected().path("finish_reasons");
    String last = reasons.isEmpty() ? "" : reasons.get(reasons.size() - 1).asText("");
    return last.replaceFirst("^PROMPT_BLOCKED:", "").replaceFirst(":.*", "").replace("null", "");
  }

  private static long count(JsonNode usage, String name) {
    return usage.path(name).isNumber() ? usage.path(name).asLong() : Usage.ABSENT;
  }

  private byte[] bytes(String file) {
    try {
      return Files.readAllBytes(folder.resolve(file));
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  @Override
  public String toString() {
    return id;
  }
}
