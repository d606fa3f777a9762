package io.aiproxy.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Map.Entry;

/**
 * Writes trees as JSON. It does without Jackson's mapper, which is 250 classes and a fifth of the time of a start. Has no
 * state; safe for all threads.
 */
final class NodeWriter {
  private static final JsonFactory FACTORY = Mappers.factory()
      .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
      .build();

  private NodeWriter() {}

  /**
   * The JSON of a node: compact, UTF-8, and with numbers as exact as the node has them.
   *
   * @throws IllegalArgumentException if the node is nested too deeply to be written
   */
  static byte[] bytes(JsonNode node) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator out = FACTORY.createGenerator(bytes)) {
      write(node, out);
    } catch (IOException e) {
      throw new IllegalArgumentException("a node that cannot be written: " + e.getMessage(), e);
    }
    return bytes.toByteArray();
  }

  private static void write(JsonNode node, JsonGenerator out) throws IOException {
    switch (node.getNodeType()) {
      case OBJECT -> object(node, out);
      case ARRAY -> array(node, out);
      case STRING -> out.writeString(node.textValue());
      case NUMBER -> number(node, out);
      case BOOLEAN -> out.writeBoolean(node.booleanValue());
      case NULL -> out.writeNull();
      default -> throw new IOException("no JSON has a " + node.getNodeType());
    }
  }

  private static void object(JsonNode node, JsonGenerator out) throws IOException {
    out.writeStartObject();
    for (Entry<String, JsonNode> member : node.properties()) {
      out.writeFieldName(member.getKey());
      write(member.getValue(), out);
    }
    out.writeEndObject();
  }

  private static void array(JsonNode node, JsonGenerator out) throws IOException {
    out.writeStartArray();
    for (JsonNode item : node) {
      write(item, out);
    }
    out.writeEndArray();
  }

  private static void number(JsonNode node, JsonGenerator out) throws IOException {
    JsonParser.NumberType type = node.numberType();
    switch (type) {
      case INT -> out.writeNumber(node.intValue());
      case LONG -> out.writeNumber(node.longValue());
      case BIG_INTEGER -> out.writeNumber(node.bigIntegerValue());
      case FLOAT -> out.writeNumber(node.floatValue());
      case DOUBLE -> out.writeNumber(node.doubleValue());
      case BIG_DECIMAL -> out.writeNumber(node.decimalValue());
    }
  }
}
