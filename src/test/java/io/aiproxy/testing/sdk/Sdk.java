package io.aiproxy.testing.sdk;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;

/** An official client of one protocol, which asks something simple and tells what it heard. */
public interface Sdk extends AutoCloseable {
  JsonMapper JSON = JsonMapper.builder().build();

  /** The protocol that it speaks. */
  String protocol();

  /** Asks for a document, or for a stream which it reads to its end. Throws what the SDK throws. */
  Heard ask(boolean stream);

  @Override
  void close();

  /** Arguments as JSON; a text if they are none. */
  static JsonNode arguments(String text) {
    try {
      return text.isEmpty() ? JsonNodeFactory.instance.objectNode() : JSON.readTree(text);
    } catch (IOException notJson) {
      return JsonNodeFactory.instance.textNode(text);
    }
  }

  /** Anything that Jackson can read off an SDK's own value. */
  static JsonNode tree(Object value) {
    return JSON.valueToTree(value);
  }
}
