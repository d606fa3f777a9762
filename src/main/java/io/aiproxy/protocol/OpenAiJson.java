package io.aiproxy.protocol;

import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aiproxy.json.Mappers;
import io.aiproxy.json.WellFormed;
import io.aiproxy.stream.Chunk;
import io.aiproxy.stream.Piece;
import io.aiproxy.wire.Event;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** JSON as OpenAI's dialects read and write it: a number keeps the text it was written with. */
final class OpenAiJson {
  /** The events of a stream are bounded where they are cut. */
  private static final JsonMapper JSON = JsonMapper.builder(Mappers.factory()
          .streamReadConstraints(
              StreamReadConstraints.builder().maxStringLength(Integer.MAX_VALUE).build())
          .build())
      .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
      .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
      .build();

  private OpenAiJson() {}

  static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  /**
   * What an event says; empty if that is no object.
   *
   * @throws io.aiproxy.call.Problem if it cannot be read
   */
  static Optional<ObjectNode> object(Event event) {
    try {
      JsonNode data = JSON.readTree(event.dataArray(), event.dataOffset(), event.dataLength());
      return data instanceof ObjectNode object ? Optional.of(object) : Optional.empty();
    } catch (IOException notJson) {
      Unreadable.passOver(event);
      return Optional.empty();
    }
  }

  static byte[] bytes(JsonNode json) {
    return WellFormed.bytes(JSON, json);
  }

  /** An event that has no name. */
  static Piece event(JsonNode data) {
    return event(new String(bytes(data), StandardCharsets.UTF_8));
  }

  static Piece event(String data) {
    return Chunk.of(("data: " + data + "\n\n").getBytes(StandardCharsets.UTF_8));
  }

  /** The text of a member; empty if it is no string. */
  static String text(JsonNode object, String name) {
    JsonNode member = object.path(name);
    return member.isTextual() ? member.textValue() : "";
  }
}
