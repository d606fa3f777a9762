package io.aiproxy.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.time.Duration;
import java.util.Optional;

/**
 * One key of an object: its name, what its value may be, and what holds if it is not there.
 *
 * @param fallback the value that holds then; {@code MissingNode} if there is none
 * @param note in words, if the default is not a plain value; empty otherwise
 * @param unit of a number; empty if it has none
 * @param meaning what it is for, for readers of the reference
 */
record Key(
    String name,
    Shape shape,
    boolean required,
    JsonNode fallback,
    String note,
    String unit,
    String meaning) {
  static Key of(String name, Shape shape, String meaning) {
    return new Key(name, shape, false, MissingNode.getInstance(), "", "", meaning);
  }

  static Key required(String name, Shape shape, String meaning) {
    return new Key(name, shape, true, MissingNode.getInstance(), "", "", meaning);
  }

  Key in(String measure) {
    return new Key(name, shape, required, fallback, note, measure, meaning);
  }

  Key or(long value) {
    return new Key(name, shape, required, LongNode.valueOf(value), note, unit, meaning);
  }

  Key or(boolean value) {
    return new Key(name, shape, required, BooleanNode.valueOf(value), note, unit, meaning);
  }

  Key or(String value) {
    return new Key(name, shape, required, TextNode.valueOf(value), note, unit, meaning);
  }

  /** A default that depends on something else. */
  Key orElse(String words) {
    return new Key(name, shape, required, fallback, words, unit, meaning);
  }

  /** The value in an object that was read, or the default. */
  JsonNode from(JsonNode object) {
    JsonNode value = object.path(name);
    return value.isMissingNode() ? fallback : value;
  }

  Optional<JsonNode> given(JsonNode object) {
    return object.has(name) ? Optional.of(object.path(name)) : Optional.empty();
  }

  String text(JsonNode object) {
    return from(object).asText();
  }

  boolean flag(JsonNode object) {
    return from(object).booleanValue();
  }

  long whole(JsonNode object) {
    return from(object).longValue();
  }

  int small(JsonNode object) {
    return from(object).intValue();
  }

  Duration seconds(JsonNode object) {
    return Duration.ofNanos(from(object).decimalValue().movePointRight(9).longValue());
  }

  Duration millis(JsonNode object) {
    return Duration.ofMillis(whole(object));
  }
}
