package io.aiproxy.config;

import io.aiproxy.provider.Providers;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The reference of all keys, as the README shows it, written from the declaration of the keys. */
final class ReferenceTable {
  private static final String HEAD =
      "| key | type | default | range | meaning |\n|---|---|---|---|---|\n";

  private ReferenceTable() {}

  static String markdown() {
    return "Keys of a route:\n\n"
        + table("", Keys.ROUTE)
        + "\nKeys of the plugin `ai-proxy`:\n\n"
        + table("", Keys.AI_PROXY)
        + "\nKeys of the plugin `ai-proxy-multi`, besides those of `ai-proxy` that are not an instance's own:\n\n"
        + table("", ofSeveral())
        + "\nKeys of an instance, besides `auth`, `provider_conf`, `options` and `override` as above:\n\n"
        + table("", ofInstance());
  }

  private static Shape.Members ofSeveral() {
    return without(Keys.AI_PROXY_MULTI, Keys.AI_PROXY.keys());
  }

  private static Shape.Members ofInstance() {
    Map<String, Key> known = new HashMap<>(Keys.AI_PROXY.keys());
    known.remove(Keys.PROVIDER.name());
    return without(Keys.INSTANCE, known);
  }

  private static Shape.Members without(Shape.Members members, Map<String, Key> known) {
    return Shape.Members.of(members.keys().values().stream()
        .filter(key -> !known.containsKey(key.name()))
        .toArray(Key[]::new));
  }

  private static String table(String prefix, Shape.Members members) {
    return HEAD + String.join("\n", rows(prefix, members.keys())) + "\n";
  }

  private static List<String> rows(String prefix, Map<String, Key> keys) {
    List<String> rows = new ArrayList<>();
    for (Key key : keys.values()) {
      String name = prefix + key.name();
      rows.add("| `" + name + "` | " + type(key.shape()) + " | " + fallback(key) + " | "
          + range(key) + " | " + key.meaning() + " |");
      if (key == Keys.PLUGINS || key == Keys.REQUEST_BODY) {
        continue;
      }
      if (key.shape() instanceof Shape.Members members) {
        rows.addAll(rows(name + ".", members.keys()));
      } else if (key.shape() instanceof Shape.Open open) {
        rows.addAll(rows(name + ".", open.known()));
      }
    }
    return rows;
  }

  private static String type(Shape shape) {
    if (shape instanceof Shape.Whole) {
      return "integer";
    }
    if (shape instanceof Shape.Decimal) {
      return "number";
    }
    if (shape instanceof Shape.Flag) {
      return "boolean";
    }
    if (shape instanceof Shape.Identifier) {
      return "string or integer";
    }
    if (shape instanceof Shape.Items items) {
      return "array of " + type(items.item()) + "s";
    }
    if (shape instanceof Shape.ChoiceOrItems either) {
      return "string or " + type(either.items());
    }
    if (shape instanceof Shape.WordOrItems either) {
      return "string or " + type(either.items());
    }
    if (shape instanceof Shape.Named named) {
      return "object of " + type(named.values()) + "s";
    }
    return shape instanceof Shape.Members || shape instanceof Shape.Open ? "object" : "string";
  }

  private static String fallback(Key key) {
    if (key.required()) {
      return "required";
    }
    if (!key.fallback().isMissingNode()) {
      return "`" + key.fallback().asText() + "`";
    }
    return key.note();
  }

  private static String range(Key key) {
    if (key == Keys.REQUEST_BODY && key.shape() instanceof Shape.Members protocols) {
      return "an object for each of " + words(protocols.keys().keySet());
    }
    String range = range(key.shape());
    return key.unit().isEmpty() ? range : range + " " + key.unit();
  }

  private static String range(Shape shape) {
    if (shape instanceof Shape.Whole whole) {
      String range =
          whole.max() >= Integer.MAX_VALUE ? "≥ " + whole.min() : whole.min() + " – " + whole.max();
      return (whole.orZero() ? "0 or " : "") + (whole.min() == Integer.MIN_VALUE ? "any" : range);
    }
    if (shape instanceof Shape.Decimal decimal) {
      return decimal.min() + " – " + decimal.max();
    }
    if (shape instanceof Shape.Choice choice) {
      return words(choice.words());
    }
    if (shape instanceof Shape.Items items) {
      return range(items.item());
    }
    if (shape instanceof Shape.ChoiceOrItems either) {
      return range(either.choice()) + "; as items " + range(either.items());
    }
    if (shape instanceof Shape.WordOrItems either) {
      return "`" + either.word() + "` or names";
    }
    return shape instanceof Shape.Text text && text.format() == Format.PROVIDER
        ? words(Providers.installed().names())
        : "";
  }

  private static String words(Collection<String> words) {
    return words.stream().map(word -> "`" + word + "`").collect(Collectors.joining(", "));
  }
}
