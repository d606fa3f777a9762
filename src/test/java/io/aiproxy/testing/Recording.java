package io.aiproxy.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.aiproxy.usage.Usage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A recorded exchange with a provider. The recordings of this project lie in {@code src/test/resources/protocol}; the system
 * property {@code recordings} names a folder with more of the same form.
 */
public record Recording(String id, Path folder, JsonNode meta, byte[] body) {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final Path OWN = Path.of("src/test/resources/protocol");

  /** All recordings of a protocol, own ones first. */
  public static Stream<Recording> of(String protocol) {
    Stream<Path> own = folders(OWN.resolve(protocol));
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

  public String protocol() {
    return meta.path("protocol").asText();
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
    return streaming() ? "text/event-stream" : "application/json";
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
        !protocol().equals("anthropic-messages") && !protocol().equals("bedrock-converse"));
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
