package io.aiproxy.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aiproxy.provider.Providers;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** The JSON Schema of a configuration file, written from the declaration of its keys. */
final class SchemaText {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final Providers PROVIDERS = Providers.installed();
  private static final Map<Shape, String> SHARED =
      Map.of(Keys.ROUTE, "route", Keys.AI_PROXY, "ai-proxy");

  private SchemaText() {}

  static String text() {
    DefaultPrettyPrinter printer = new DefaultPrettyPrinter()
        .withObjectIndenter(new DefaultIndenter("  ", "\n"))
        .withSeparators(Separators.createDefaultInstance()
            .withObjectFieldValueSpacing(Separators.Spacing.AFTER));
    try {
      return new JsonMapper().writer(printer).writeValueAsString(file()) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static ObjectNode file() {
    ObjectNode schema = JSON.objectNode();
    schema.put("$schema", "https://json-schema.org/draft/2020-12/schema");
    schema.put("title", "Configuration of AiProxy");
    schema.put(
        "description", "Routes in the manner of Apache APISIX: a list of them, or one by itself.");
    schema.set("if", JSON.objectNode().put("type", "array"));
    schema.set("then", schema(new Shape.Items(Keys.ROUTE)));
    ObjectNode object = schema.putObject("else");
    ObjectNode single = object.putObject("if");
    single.put("type", "object");
    anyRequired(single.putArray("anyOf"), Keys.PLUGINS, Keys.URI, Keys.URIS);
    object.set("then", schema(Keys.ROUTE));
    object.set("else", schema(Keys.FILE));
    ObjectNode shared = schema.putObject("$defs");
    shared.set("route", route());
    shared.set("ai-proxy", aiProxy());
    shared
        .putObject("reference")
        .put(
            "description",
            "`${NAME}`, `${NAME:-default}`, `$env://NAME`, `$env://NAME/key` or `$file://path`.")
        .put("type", "string")
        .put("pattern", References.PATTERN);
    return schema;
  }

  private static ObjectNode route() {
    ObjectNode route = members(Keys.ROUTE);
    ObjectNode plugins = (ObjectNode) route.path("properties").path(Keys.PLUGINS.name());
    anyRequired(plugins.putArray("oneOf"), Keys.PLUGIN, Keys.MULTI);
    anyRequired(route.putArray("oneOf"), Keys.URI, Keys.URIS);
    route.putObject("not").putArray("required").add(Keys.HOST.name()).add(Keys.HOSTS.name());
    return route;
  }

  private static ObjectNode aiProxy() {
    ObjectNode plugin = members(Keys.AI_PROXY);
    ObjectNode homeless = plugin.putObject("if");
    homeless.putArray("required").add(Keys.PROVIDER.name());
    homeless
        .putObject("properties")
        .putObject(Keys.PROVIDER.name())
        .set(
            "enum", providers(name -> PROVIDERS.named(name).orElseThrow().base().isEmpty()));
    ObjectNode then = plugin.putObject("then");
    then.putArray("required").add(Keys.OVERRIDE.name());
    then.putObject("properties")
        .putObject(Keys.OVERRIDE.name())
        .putArray("required")
        .add(Keys.ENDPOINT.name());
    return plugin;
  }

  private static ArrayNode providers(Predicate<String> wanted) {
    ArrayNode names = JSON.arrayNode();
    PROVIDERS.names().stream().filter(wanted).forEach(names::add);
    return names;
  }

  private static void anyRequired(ArrayNode alternatives, Key... keys) {
    for (Key key : keys) {
      alternatives.addObject().putArray("required").add(key.name());
    }
  }

  private static ObjectNode schema(Key key) {
    ObjectNode described = JSON.objectNode().put("description", description(key));
    if (!key.fallback().isMissingNode()) {
      described.set("default", key.fallback());
    }
    return described.setAll(schema(key.shape()));
  }

  private static String description(Key key) {
    return key.meaning()
        + (key.unit().isEmpty() ? "" : " In " + key.unit() + ".")
        + (key.note().isEmpty() ? "" : " Default: " + key.note() + ".");
  }

  private static ObjectNode schema(Shape shape) {
    if (SHARED.containsKey(shape)) {
      return JSON.objectNode().put("$ref", "#/$defs/" + SHARED.get(shape));
    }
    if (shape instanceof Shape.Text text) {
      return text(text.format());
    }
    if (shape instanceof Shape.Whole whole) {
      return whole(whole);
    }
    if (shape instanceof Shape.Decimal decimal) {
      return type("number").put("minimum", decimal.min()).put("maximum", decimal.max());
    }
    if (shape instanceof Shape.Flag) {
      return type("boolean");
    }
    if (shape instanceof Shape.Choice choice) {
      return orReference(words(choice.words()));
    }
    if (shape instanceof Shape.Identifier) {
      ObjectNode id = JSON.objectNode();
      id.putArray("anyOf").add(whole(Shape.Whole.atLeast(1))).add(text(Format.ID));
      return id;
    }
    if (shape instanceof Shape.Items items) {
      ObjectNode schema = type("array").put("minItems", 1);
      if (items.most() < Integer.MAX_VALUE) {
        schema.put("maxItems", items.most());
      }
      return schema.set("items", schema(items.item()));
    }
    if (shape instanceof Shape.ChoiceOrItems either) {
      ObjectNode schema = JSON.objectNode();
      schema.putArray("anyOf").add(schema(either.choice())).add(schema(either.items()));
      return schema;
    }
    if (shape instanceof Shape.WordOrItems either) {
      ObjectNode schema = JSON.objectNode();
      schema
          .putArray("anyOf")
          .add(JSON.objectNode().put("const", either.word()))
          .add(schema(either.items()))
          .add(reference());
      return schema;
    }
    if (shape instanceof Shape.Members members) {
      return members(members);
    }
    if (shape instanceof Shape.Named named) {
      ObjectNode schema = type("object").put("minProperties", 1);
      schema.putObject("propertyNames").put("pattern", named.names().pattern());
      return schema.set("additionalProperties", schema(named.values()));
    }
    if (shape instanceof Shape.Open open) {
      ObjectNode schema = type("object");
      if (!open.known().isEmpty()) {
        properties(schema, open.known());
      }
      return schema;
    }
    throw new IllegalArgumentException("no schema for " + shape);
  }

  private static ObjectNode members(Shape.Members members) {
    ObjectNode schema = type("object");
    List<String> required =
        members.keys().values().stream().filter(Key::required).map(Key::name).toList();
    if (!required.isEmpty()) {
      required.forEach(schema.putArray("required")::add);
    }
    properties(schema, members.keys());
    return schema.put("additionalProperties", false);
  }

  private static void properties(ObjectNode schema, Map<String, Key> keys) {
    ObjectNode properties = schema.putObject("properties");
    keys.values().forEach(key -> properties.set(key.name(), schema(key)));
  }

  private static ObjectNode text(Format format) {
    if (format == Format.PROVIDER) {
      return orReference(JSON.objectNode().set("enum", providers(name -> true)));
    }
    // a reference is a text like others
    if (format.pattern().equals(Format.TEXT.pattern())) {
      return type("string").put("pattern", format.pattern());
    }
    return type("string").setAll(orReference(JSON.objectNode().put("pattern", format.pattern())));
  }

  private static ObjectNode whole(Shape.Whole whole) {
    ObjectNode range = type("integer").put("minimum", whole.min()).put("maximum", whole.max());
    if (!whole.orZero()) {
      return range;
    }
    ObjectNode schema = JSON.objectNode();
    schema.putArray("anyOf").add(JSON.objectNode().put("const", 0)).add(range);
    return schema;
  }

  private static ObjectNode words(List<String> words) {
    ObjectNode schema = JSON.objectNode();
    words.forEach(schema.putArray("enum")::add);
    return schema;
  }

  private static ObjectNode orReference(ObjectNode value) {
    ObjectNode schema = JSON.objectNode();
    schema.putArray("anyOf").add(value).add(reference());
    return schema;
  }

  private static ObjectNode reference() {
    return JSON.objectNode().put("$ref", "#/$defs/reference");
  }

  private static ObjectNode type(String type) {
    return JSON.objectNode().put("type", type);
  }
}
