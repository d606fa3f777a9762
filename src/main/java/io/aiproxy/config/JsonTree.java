package io.aiproxy.config;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;

/**
 * Reads a text as a tree, as deep as the parser allows. It does without Jackson's mapper, which is 250 classes and a fifth of
 * the time of a start. For one thread.
 */
final class JsonTree {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final JsonParser in;

  private JsonTree(JsonParser in) {
    this.in = in;
  }

  /** The only value of the text; a missing node if it has none. */
  static JsonNode read(JsonParser in) throws IOException {
    if (in.nextToken() == null) {
      return MissingNode.getInstance();
    }
    JsonNode top = new JsonTree(in).value();
    if (in.nextToken() != null) {
      throw new JsonParseException(in, "Trailing token", in.currentTokenLocation());
    }
    return top;
  }

  private JsonNode value() throws IOException {
    return switch (in.currentToken()) {
      case START_OBJECT -> object();
      case START_ARRAY -> array();
      case VALUE_STRING -> NODES.textNode(in.getText());
      case VALUE_NUMBER_INT -> whole();
      case VALUE_NUMBER_FLOAT -> DecimalNode.valueOf(in.getDecimalValue());
      case VALUE_TRUE -> NODES.booleanNode(true);
      case VALUE_FALSE -> NODES.booleanNode(false);
      case VALUE_NULL -> NODES.nullNode();
      default -> throw new JsonParseException(in, "Unexpected token");
    };
  }

  private ObjectNode object() throws IOException {
    ObjectNode object = NODES.objectNode();
    for (String name = in.nextFieldName(); name != null; name = in.nextFieldName()) {
      in.nextToken();
      object.set(name, value());
    }
    return object;
  }

  private ArrayNode array() throws IOException {
    ArrayNode array = NODES.arrayNode();
    while (in.nextToken() != JsonToken.END_ARRAY) {
      array.add(value());
    }
    return array;
  }

  private JsonNode whole() throws IOException {
    return switch (in.getNumberType()) {
      case INT -> NODES.numberNode(in.getIntValue());
      case LONG -> NODES.numberNode(in.getLongValue());
      default -> NODES.numberNode(in.getBigIntegerValue());
    };
  }
}
