package io.aiproxy.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.TreeSet;

/** A JSON schema as OpenAI's strict mode wants it: nothing is optional in an object, and nothing may be added. */
final class StrictSchema {
  private static final String PROPERTIES = "properties";
  private static final List<String> MAPS = List.of(PROPERTIES, "$defs", "definitions");
  private static final List<String> LISTS = List.of("anyOf", "oneOf", "allOf");

  private StrictSchema() {}

  /** A copy that is strict throughout. */
  static JsonNode of(JsonNode schema) {
    JsonNode copy = schema.deepCopy();
    tighten(copy);
    return copy;
  }

  private static void tighten(JsonNode node) {
    if (!(node instanceof ObjectNode schema)) {
      return;
    }
    if (schema.get(PROPERTIES) instanceof ObjectNode properties) {
      schema.put("additionalProperties", false);
      ArrayNode required = schema.putArray("required");
      TreeSet<String> names = new TreeSet<>();
      properties.fieldNames().forEachRemaining(names::add);
      names.forEach(required::add);
    }
    MAPS.forEach(name -> schema.path(name).forEach(StrictSchema::tighten));
    LISTS.forEach(name -> schema.path(name).forEach(StrictSchema::tighten));
    tighten(schema.path("items"));
  }
}
