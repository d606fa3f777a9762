package io.aiproxy.protocol;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.aiproxy.json.Mappers;
import io.aiproxy.json.WellFormed;
import io.aiproxy.stream.Chunk;
import io.aiproxy.stream.Piece;
import io.aiproxy.wire.Event;
import java.io.IOException;
import java.util.Optional;

/** JSON as dialects read and write it: a number keeps the text it was written with. */
final class DialectJson {
  private static final JsonMapper JSON = Mappers.mapper()
      .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
      .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
      .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
      .build();

  private DialectJson() {}

  /**
   * What a message of a stream says; empty if it is no object.
   *
   * @throws io.aiproxy.call.Problem if it cannot be read
   */
  static Optional<ObjectNode> object(Event event) {
    try {
      return object(JSON.readTree(event.dataArray(), event.dataOffset(), event.dataLength()));
    } catch (IOException notJson) {
      Unreadable.passOver(event);
      return Optional.empty();
    }
  }

  /** The object that a text is; empty if it is none. */
  static Optional<ObjectNode> object(String text) {
    try {
      return object(JSON.readTree(text));
    } catch (JsonProcessingException notJson) {
      return Optional.empty();
    }
  }

  private static Optional<ObjectNode> object(JsonNode node) {
    return node instanceof ObjectNode object ? Optional.of(object) : Optional.empty();
  }

  static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  /** An object that says of what type it is. */
  static ObjectNode typed(String type) {
    return object().put("type", type);
  }

  /** A member's text; empty if it is no string. */
  static String string(JsonNode object, String name) {
    JsonNode member = object.path(name);
    return member.isTextual() ? member.textValue() : "";
  }

  /** As compact as it can be written. */
  static String text(JsonNode node) {
    try {
      return JSON.writeValueAsString(node);
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** A text as it stands within a JSON string. */
  static String inString(String text) {
    String quoted = text(TextNode.valueOf(text));
    return quoted.substring(1, quoted.length() - 1);
  }

  /** A server-sent event of that name. */
  static Piece event(String name, JsonNode data) {
    String text = "event: " + name + "\ndata: " + text(data) + "\n\n";
    return Chunk.of(WellFormed.utf8(text));
  }
}
