package io.aiproxy.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Init-params written as the route object that they mean. Nothing is checked here: what cannot be right stays a string, and the
 * reader says so.
 */
final class InitParams {
  /** Where the reader finds the plugin's keys; no part of an init-param's name. */
  static final String PLUGIN_PATH = Keys.PLUGINS.name() + "." + Keys.PLUGIN.name() + ".";

  private static final String EVERYTHING = "/*";

  private InitParams() {}

  static ObjectNode route(Map<String, String> params, String routeId) {
    ObjectNode route = JsonNodeFactory.instance.objectNode();
    ObjectNode plugin = route.putObject(Keys.PLUGINS.name()).putObject(Keys.PLUGIN.name());
    route.put(Keys.ID.name(), asId(routeId));
    // in order, so that an object as a whole comes before its parts
    new TreeMap<>(params).forEach((name, text) -> {
      boolean ofRoute =
          Keys.ROUTE.keys().containsKey(head(name)) && !head(name).equals(Keys.PLUGINS.name());
      put(ofRoute ? route : plugin, ofRoute ? Keys.ROUTE : Keys.AI_PROXY, name, text.strip());
    });
    if (!route.has(Keys.URI.name()) && !route.has(Keys.URIS.name())) {
      route.put(Keys.URI.name(), EVERYTHING);
    }
    return route;
  }

  private static void put(ObjectNode object, Shape shape, String name, String text) {
    if (shape instanceof Shape.Members members) {
      put(object, members.keys(), name, text, TextNode::valueOf);
    } else if (shape instanceof Shape.Open open) {
      put(object, open.known(), name, text, InitParams::jsonOrText);
    } else {
      object.put(name, text);
    }
  }

  private static void put(
      ObjectNode object,
      Map<String, Key> keys,
      String name,
      String text,
      Function<String, JsonNode> unknown) {
    Key key = keys.get(head(name));
    if (key == null || (!key.name().equals(name) && !isObject(key.shape()))) {
      object.set(name, unknown.apply(text));
    } else if (key.name().equals(name)) {
      object.set(name, value(key.shape(), text));
    } else if (object.path(key.name()).isMissingNode()) {
      put(object.putObject(key.name()), key.shape(), name.substring(key.name().length() + 1), text);
    } else if (object.get(key.name()) instanceof ObjectNode inner) {
      put(inner, key.shape(), name.substring(key.name().length() + 1), text);
    }
  }

  private static JsonNode value(Shape shape, String text) {
    if (shape instanceof Shape.Whole && text.matches("-?[0-9]{1,18}")) {
      return LongNode.valueOf(Long.parseLong(text));
    }
    if (shape instanceof Shape.Flag && (text.equals("true") || text.equals("false"))) {
      return BooleanNode.valueOf(text.equals("true"));
    }
    if (shape instanceof Shape.Items) {
      return list(text);
    }
    if (shape instanceof Shape.WordOrItems either) {
      return text.equals(either.word()) ? TextNode.valueOf(text) : list(text);
    }
    return isObject(shape) ? jsonOrText(text) : TextNode.valueOf(text);
  }

  private static boolean isObject(Shape shape) {
    return shape instanceof Shape.Members
        || shape instanceof Shape.Named
        || shape instanceof Shape.Open;
  }

  private static JsonNode list(String text) {
    if (text.startsWith("[")) {
      return jsonOrText(text);
    }
    ArrayNode items = JsonNodeFactory.instance.arrayNode();
    for (String item : text.split(",", -1)) {
      items.add(item.strip());
    }
    return items;
  }

  private static JsonNode jsonOrText(String text) {
    try {
      JsonNode json = JsonText.tree(text);
      return json.isMissingNode() ? TextNode.valueOf(text) : json;
    } catch (IOException e) {
      return TextNode.valueOf(text);
    }
  }

  private static String head(String name) {
    int dot = name.indexOf('.');
    return dot < 0 ? name : name.substring(0, dot);
  }

  private static String asId(String name) {
    String id = name.replaceAll("[^A-Za-z0-9._-]", "-");
    return id.isEmpty() ? "route-1" : id.substring(0, Math.min(64, id.length()));
  }
}
