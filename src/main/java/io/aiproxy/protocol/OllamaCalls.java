package io.aiproxy.protocol;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aiproxy.json.Mappers;
import io.aiproxy.neutral.Origin;
import io.aiproxy.neutral.Part;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Calls of tools as Ollama writes them: arguments are objects, and an id may be missing. */
final class OllamaCalls {
  /** Marks an id that was made here and means nothing to Ollama. */
  private static final String MADE = "call_ollama_";

  private static final JsonMapper JSON = Mappers.mapper()
      .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
      .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
      .build();

  private OllamaCalls() {}

  /**
   * Reads one call.
   *
   * @param seed of an id, if it has none
   */
  static Part.ToolCall read(JsonNode call, String path, String seed, Set<String> understood) {
    JsonNode function = call.path("function");
    String name = function.path("name").asText();
    String id = call.path("id").asText();
    Origin origin = call instanceof ObjectNode object
        ? Nesting.origin(
            OllamaChatDialect.NAME,
            path,
            object,
            Set.of("id"),
            "function",
            understood,
            Set.of("function.index"))
        : Origin.NONE;
    return new Part.ToolCall(
        id.isEmpty() ? made(seed + ":" + name) : id,
        name,
        function.path("arguments").isMissingNode() ? "{}" : text(function.path("arguments")),
        false,
        origin);
  }

  /** The same id for the same call, so that it can be found again. */
  static String made(String seed) {
    String hex = UUID.nameUUIDFromBytes(seed.getBytes(StandardCharsets.UTF_8)).toString();
    return MADE + hex.replace("-", "").substring(0, 16);
  }

  static boolean isMade(String id) {
    return id.isEmpty() || id.startsWith(MADE);
  }

  /** What a call says, without what its origin adds; the arguments as an object, empty if they are none. */
  static ObjectNode write(Part.ToolCall call) {
    ObjectNode written = JsonNodeFactory.instance.objectNode();
    if (!isMade(call.id())) {
      written.put("id", call.id());
    }
    written
        .putObject("function")
        .put("name", call.name())
        .set("arguments", arguments(call).orElseGet(JsonNodeFactory.instance::objectNode));
    return written;
  }

  /**
   * The arguments of a call; empty if they are no object. No arguments at all are an empty one, and a free text is put into
   * one.
   */
  static Optional<JsonNode> arguments(Part.ToolCall call) {
    if (call.free()) {
      return Optional.of(JsonNodeFactory.instance.objectNode().put("input", call.arguments()));
    }
    try {
      JsonNode read = JSON.readTree(call.arguments().isBlank() ? "{}" : call.arguments());
      return Optional.of(read).filter(JsonNode::isObject);
    } catch (JsonProcessingException bad) {
      return Optional.empty();
    }
  }

  private static String text(JsonNode arguments) {
    if (arguments.isTextual()) {
      return arguments.asText();
    }
    try {
      return JSON.writeValueAsString(arguments);
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
