package io.aiproxy.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import java.util.Set;

/**
 * Google's {@code Schema}, a part of OpenAPI's with types in upper case, as the JSON schema that others know. The way back is
 * not needed: {@code parametersJsonSchema} and {@code responseJsonSchema} take a JSON schema as it is (Google's API reference,
 * {@code FunctionDeclaration} and {@code GenerationConfig}), with its {@code $ref}s, which are not followed here.
 */
final class GeminiSchema {
  /** Counts, which Google writes as texts. */
  private static final Set<String> COUNTS =
      Set.of("minItems", "maxItems", "minLength", "maxLength", "minProperties", "maxProperties");

  private GeminiSchema() {}

  static JsonNode toJson(JsonNode schema) {
    if (!schema.isObject()) {
      return schema;
    }
    ObjectNode google = GeminiJson.usual(schema);
    ObjectNode json = GeminiJson.object();
    google.properties().forEach(member -> put(member.getKey(), member.getValue(), json));
    boolean nullable = json.path("nullable").asBoolean();
    json.remove("nullable");
    if (nullable) {
      orNull(json);
    }
    if (json.remove("propertyOrdering") instanceof ArrayNode order
        && json.get("properties") instanceof ObjectNode properties) {
      json.set("properties", ordered(properties, order));
    }
    return json;
  }

  private static void put(String name, JsonNode value, ObjectNode json) {
    switch (name) {
      case "type" -> json.put("type", value.asText().toLowerCase(Locale.ROOT));
      case "items", "additionalProperties" -> json.set(name, toJson(value));
      case "anyOf" -> value.forEach(each -> json.withArrayProperty(name).add(toJson(each)));
      case "properties" -> {
        ObjectNode properties = json.putObject(name);
        value.properties().forEach(each -> properties.set(each.getKey(), toJson(each.getValue())));
      }
      default -> json.set(name, COUNTS.contains(name) ? count(value) : value);
    }
  }

  private static JsonNode count(JsonNode value) {
    return value.isTextual() && value.asText().matches("[0-9]{1,18}")
        ? JsonNodeFactory.instance.numberNode(Long.parseLong(value.asText()))
        : value;
  }

  private static void orNull(ObjectNode json) {
    if (json.path("type").isTextual()) {
      String type = json.get("type").asText();
      json.putArray("type").add(type).add("null");
    }
    if (json.get("enum") instanceof ArrayNode values) {
      json.set("enum", values.deepCopy().addNull());
    }
  }

  /** JSON schema has no other order than that in which they stand. */
  private static ObjectNode ordered(ObjectNode properties, ArrayNode order) {
    ObjectNode ordered = GeminiJson.object();
    order.forEach(name -> {
      if (properties.has(name.asText())) {
        ordered.set(name.asText(), properties.get(name.asText()));
      }
    });
    properties.properties().forEach(each -> ordered.putIfAbsent(each.getKey(), each.getValue()));
    return ordered;
  }
}
