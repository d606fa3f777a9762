package io.aiproxy.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.math.BigDecimal;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a value of the configuration may be. Reader, schema and reference are all made from it. */
sealed interface Shape {
  /**
   * Checks a value and follows the references in it.
   *
   * @return the value to work with, without what was wrong in it: nothing is to be made of it if the reading has a fault
   */
  JsonNode read(JsonNode raw, Place place);

  /** A string; messages show what stands in the file, never what a reference in it leads to. */
  record Text(Format format) implements Shape {
    @Override
    public JsonNode read(JsonNode raw, Place place) {
      if (!raw.isTextual()) {
        return place.refuse("must be a string, was " + Shown.kind(raw));
      }
      Optional<String> text = place.resolve(raw.textValue());
      if (text.isEmpty()) {
        return JsonNodeFactory.instance.missingNode();
      }
      Optional<String> fault = format.fault(text.get());
      if (fault.isPresent()) {
        return place.refuse(fault.get() + (format.shown() ? ", was " + Shown.value(raw) : ""));
      }
      return TextNode.valueOf(text.get());
    }
  }

  /**
   * A whole number.
   *
   * @param max {@link #ANY} if it has no bound of its own
   * @param orZero whether zero stands for "off", below the least
   */
  record Whole(long min, long max, boolean orZero) implements Shape {
    /** The largest whole number that every JSON reader gets right. */
    static final long ANY = (1L << 53) - 1;

    static Whole from(long min, long max) {
      return new Whole(min, max, false);
    }

    static Whole atLeast(long min) {
      return new Whole(min, ANY, false);
    }

    @Override
    public JsonNode read(JsonNode raw, Place place) {
      String range = "must be a whole number " + range();
      if (!raw.isNumber() || !raw.canConvertToExactIntegral() || !inRange(raw.decimalValue())) {
        return place.refuse(range + ", was " + Shown.value(raw));
      }
      return LongNode.valueOf(raw.longValue());
    }

    String range() {
      String range = max == ANY ? "of at least " + min : "from " + min + " to " + max;
      return orZero ? range + ", or 0" : range;
    }

    private boolean inRange(BigDecimal number) {
      if (orZero && number.signum() == 0) {
        return true;
      }
      return number.compareTo(BigDecimal.valueOf(min)) >= 0
          && number.compareTo(BigDecimal.valueOf(max)) <= 0;
    }
  }

  /** A number, perhaps with a fraction. */
  record Decimal(BigDecimal min, BigDecimal max) implements Shape {
    static Decimal from(String min, String max) {
      return new Decimal(new BigDecimal(min), new BigDecimal(max));
    }

    @Override
    public JsonNode read(JsonNode raw, Place place) {
      return raw.isNumber()
              && raw.decimalValue().compareTo(min) >= 0
              && raw.decimalValue().compareTo(max) <= 0
          ? raw
          : place.refuse(
              "must be a number from " + min + " to " + max + ", was " + Shown.value(raw));
    }
  }

  record Flag() implements Shape {
    @Override
    public JsonNode read(JsonNode raw, Place place) {
      return raw.isBoolean() ? raw : place.refuse("must be true or false, was " + Shown.value(raw));
    }
  }

  /** One of some words. */
  record Choice(List<String> words) implements Shape {
    @Override
    public JsonNode read(JsonNode raw, Place place) {
      Optional<String> word = raw.isTextual() ? place.resolve(raw.textValue()) : Optional.of("");
      if (word.isEmpty()) {
        return JsonNodeFactory.instance.missingNode();
      }
      return words.contains(word.get())
          ? TextNode.valueOf(word.get())
          : place.refuse(
              "must be one of " + String.join(", ", words) + "; was " + Shown.value(raw));
    }
  }

  /** A name, which may be a number. */
  record Identifier() implements Shape {
    @Override
    public JsonNode read(JsonNode raw, Place place) {
      if (raw.isIntegralNumber()) {
        return Whole.atLeast(1).read(raw, place);
      }
      return new Text(Format.ID).read(raw, place);
    }
  }

  /** A list that has at least one item, and at most so many. */
  record Items(Shape item, int most) implements Shape {
    Items(Shape item) {
      this(item, Integer.MAX_VALUE);
    }

    @Override
    public JsonNode read(JsonNode raw, Place place) {
      if (!raw.isArray()) {
        return place.refuse("must be an array, was " + Shown.kind(raw));
      }
      if (raw.isEmpty()) {
        return place.refuse("must not be empty");
      }
      if (raw.size() > most) {
        return place.refuse("must have at most " + most + " items, has " + raw.size());
      }
      ArrayNode items = JsonNodeFactory.instance.arrayNode();
      for (int i = 0; i < raw.size(); i++) {
        items.add(item.read(raw.get(i), place.item(i)));
      }
      return items;
    }
  }

  /** One of some words, or several of others. */
  record ChoiceOrItems(Choice choice, Items items) implements Shape {
    @Override
    public JsonNode read(JsonNode raw, Place place) {
      return raw.isArray() ? items.read(raw, place) : choice.read(raw, place);
    }
  }

  /** A word that stands for everything, or a list of names. */
  record WordOrItems(String word, Items items) implements Shape {
    @Override
    public JsonNode read(JsonNode raw, Place place) {
      if (raw.isArray()) {
        return items.read(raw, place);
      }
      Optional<String> text = raw.isTextual() ? place.resolve(raw.textValue()) : Optional.of("");
      if (text.isEmpty()) {
        return JsonNodeFactory.instance.missingNode();
      }
      return text.get().equals(word)
          ? TextNode.valueOf(word)
          : place.refuse("must be \"" + word + "\" or an array, was " + Shown.value(raw));
    }
  }

  /** An object with these keys and no others. */
  record Members(Map<String, Key> keys, String unknown) implements Shape {
    static Members of(Key... keys) {
      return new Members(byName(keys), "unknown key");
    }

    Members callingOthers(String message) {
      return new Members(keys, message);
    }

    private String unknown(String name) {
      return Spelling.nearest(name, keys.keySet())
          .map(near -> unknown + ", did you mean " + near + "?")
          .orElse(unknown);
    }

    @Override
    public JsonNode read(JsonNode raw, Place place) {
      if (!raw.isObject()) {
        return place.refuse("must be an object, was " + Shown.kind(raw));
      }
      ObjectNode members = JsonNodeFactory.instance.objectNode();
      raw.forEachEntry((name, member) -> {
        Place at = place.key(name);
        Key key = keys.get(name);
        put(members, name, key == null ? at.refuse(unknown(name)) : key.shape().read(member, at));
      });
      keys.values().stream()
          .filter(key -> key.required() && !raw.has(key.name()))
          .forEach(key -> place.key(key.name()).refuse("is required"));
      return members;
    }
  }

  /** An object whose keys the configuration makes up; has at least one. */
  record Named(Format names, Shape values) implements Shape {
    @Override
    public JsonNode read(JsonNode raw, Place place) {
      if (!raw.isObject()) {
        return place.refuse("must be an object, was " + Shown.kind(raw));
      }
      if (raw.isEmpty()) {
        return place.refuse("must not be empty");
      }
      ObjectNode members = JsonNodeFactory.instance.objectNode();
      raw.forEachEntry((name, member) -> {
        Optional<String> fault = names.fault(name);
        if (fault.isPresent()) {
          // not at its own place: where name and value were mixed up, the name is the credential
          place.refuse("a key " + fault.get());
        } else {
          put(members, name, values.read(member, place.key(name)));
        }
      });
      return members;
    }
  }

  /** An object of any members, some of which are checked. */
  record Open(Map<String, Key> known) implements Shape {
    static Open with(Key... keys) {
      return new Open(byName(keys));
    }

    @Override
    public JsonNode read(JsonNode raw, Place place) {
      if (!raw.isObject()) {
        return place.refuse("must be an object, was " + Shown.kind(raw));
      }
      ObjectNode members = JsonNodeFactory.instance.objectNode();
      raw.forEachEntry((name, member) -> {
        Place at = place.key(name);
        Key key = known.get(name);
        put(members, name, key == null ? any(member, at) : key.shape().read(member, at));
      });
      return members;
    }

    private static JsonNode any(JsonNode raw, Place place) {
      if (raw.isTextual()) {
        Optional<String> text = place.resolve(raw.textValue());
        return text.isPresent()
            ? TextNode.valueOf(text.get())
            : JsonNodeFactory.instance.missingNode();
      }
      if (raw.isObject()) {
        return new Open(Map.of()).read(raw, place);
      }
      if (!raw.isArray()) {
        return raw;
      }
      ArrayNode items = JsonNodeFactory.instance.arrayNode();
      for (int i = 0; i < raw.size(); i++) {
        items.add(any(raw.get(i), place.item(i)));
      }
      return items;
    }
  }

  private static void put(ObjectNode members, String name, JsonNode value) {
    if (!value.isMissingNode()) {
      members.set(name, value);
    }
  }

  private static Map<String, Key> byName(Key... keys) {
    Map<String, Key> named = new LinkedHashMap<>();
    for (Key key : keys) {
      named.put(key.name(), key);
    }
    return Collections.unmodifiableMap(named);
  }
}
