package io.aiproxy.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.aiproxy.call.Problem;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;

/** Vectors as protocols write them: lists of numbers, or base64 of little-endian floats. */
final class Vectors {
  private Vectors() {}

  /**
   * The numbers of a vector.
   *
   * @throws Problem if it is none
   */
  static ArrayNode read(JsonNode vector) {
    if (vector instanceof ArrayNode numbers) {
      return numbers;
    }
    try {
      return floats(Base64.getDecoder().decode(vector.isTextual() ? vector.asText() : "?"));
    } catch (IllegalArgumentException notBase64) {
      throw Problem.of(
          Problem.Kind.UPSTREAM_BROKEN, "the upstream's answer holds a vector that cannot be read");
    }
  }

  private static ArrayNode floats(byte[] bytes) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    ArrayNode numbers = JsonNodeFactory.instance.arrayNode();
    while (buffer.remaining() >= Float.BYTES) {
      numbers.add(buffer.getFloat());
    }
    return numbers;
  }

  static String base64(ArrayNode numbers) {
    ByteBuffer buffer =
        ByteBuffer.allocate(numbers.size() * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    numbers.forEach(number -> buffer.putFloat(number.floatValue()));
    return Base64.getEncoder().encodeToString(buffer.array());
  }
}
