package io.aiproxy.protocol;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aiproxy.call.Problem;
import io.aiproxy.json.Mappers;
import io.aiproxy.json.WellFormed;
import java.io.IOException;

/** JSON as Converse's dialect needs it: numbers keep the text they were written with. */
final class BedrockJson {
  private static final JsonMapper JSON = Mappers.mapper()
      .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
      .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
      .build();

  private BedrockJson() {}

  static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  /** An object with that one member. */
  static ObjectNode object(String name, JsonNode value) {
    return JsonNodeFactory.instance.objectNode().set(name, value);
  }

  static ObjectNode object(String name, String value) {
    return JsonNodeFactory.instance.objectNode().put(name, value);
  }

  /** What a text says; missing if it is no JSON. */
  static JsonNode parsed(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException notJson) {
      return JSON.missingNode();
    }
  }

  /** What a range of bytes says; missing if it is no JSON. */
  static JsonNode parsed(byte[] bytes, int offset, int length) {
    try {
      return JSON.readTree(bytes, offset, length);
    } catch (IOException notJson) {
      return JSON.missingNode();
    }
  }

  static byte[] bytes(JsonNode json) {
    return WellFormed.bytes(JSON, json);
  }

  /**
   * A member of a request as the object that it has to be.
   *
   * @throws Problem if it is none
   */
  static ObjectNode object(JsonNode value, String path) {
    if (value instanceof ObjectNode object) {
      return object;
    }
    throw Problem.of(Problem.Kind.INVALID_REQUEST, path + " must be an object").at(path);
  }

  /**
   * The elements of a member that has to be an array, or is not there.
   *
   * @throws Problem if it is something else
   */
  static JsonNode array(JsonNode value, String path) {
    if (value.isArray() || value.isMissingNode() || value.isNull()) {
      return value;
    }
    throw Problem.of(Problem.Kind.INVALID_REQUEST, path + " must be an array").at(path);
  }
}
