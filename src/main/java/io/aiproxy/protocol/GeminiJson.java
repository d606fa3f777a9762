package io.aiproxy.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aiproxy.neutral.Losses;
import io.aiproxy.neutral.Origin;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Google's objects. Their members may be written in two ways, {@code inlineData} and {@code inline_data}: Google's servers
 * read both (proto3's JSON mapping). What is left over of objects inside an object goes with that object's origin, under
 * names with a dot, which no member of Google's has.
 */
final class GeminiJson {
  /** The protocol's name. */
  static final String PROTOCOL = "gemini-generate";

  private GeminiJson() {}

  static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  /** A copy with the usual names; empty if it is no object. What it holds keeps its own names. */
  static ObjectNode usual(JsonNode value) {
    ObjectNode usual = object();
    value.properties().forEach(member -> usual.set(camel(member.getKey()), member.getValue()));
    return usual;
  }

  private static String camel(String name) {
    if (name.indexOf('_') <= 0) {
      return name;
    }
    StringBuilder camel = new StringBuilder();
    boolean isNew = false;
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c == '_') {
        isNew = true;
      } else {
        camel.append(isNew ? Character.toUpperCase(c) : c);
        isNew = false;
      }
    }
    return camel.toString();
  }

  /** The text of a member; empty if it has none. */
  static String text(JsonNode object, String name) {
    return object.path(name).isNull() ? "" : object.path(name).asText("");
  }

  /** The objects of a list, with their usual names. */
  static List<ObjectNode> objects(JsonNode list) {
    List<ObjectNode> objects = new ArrayList<>();
    list.forEach(element -> objects.add(usual(element)));
    return objects;
  }

  static Origin origin(String path, ObjectNode object, Set<String> understood) {
    return Origin.of(PROTOCOL, path, object, understood);
  }

  /** The same origin with what is left over of an object inside. */
  static Origin and(Origin origin, String member, ObjectNode inner, Set<String> understood) {
    ObjectNode rest = origin.rest().deepCopy();
    inner.properties().stream()
        .filter(each -> !understood.contains(each.getKey()))
        .forEach(each -> rest.set(member + "." + each.getKey(), each.getValue()));
    return new Origin(origin.protocol(), origin.path(), rest);
  }

  /** Puts back what was left over, each in its place; in what comes from another protocol it is lost. */
  static void restore(Origin origin, ObjectNode written, Losses losses) {
    ObjectNode rest = object();
    origin.into(rest, PROTOCOL, losses);
    rest.properties().forEach(member -> {
      ObjectNode at = written;
      String name = member.getKey();
      for (int dot = name.indexOf('.'); dot > 0; dot = name.indexOf('.')) {
        at = at.withObjectProperty(name.substring(0, dot));
        name = name.substring(dot + 1);
      }
      at.set(name, member.getValue());
    });
  }

  static boolean isOwn(Origin origin) {
    return origin.protocol().equals(PROTOCOL);
  }
}
