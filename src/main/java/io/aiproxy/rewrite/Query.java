package io.aiproxy.rewrite;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** A query string as named parts, each kept in the encoding in which it was written. Immutable. */
record Query(Map<String, List<String>> parts) {
  static final Query NONE = new Query(Map.of());

  /** Of a query as it stands in a URL; a part whose encoding is broken goes by its text. */
  static Query parse(String query) {
    Map<String, List<String>> parts = new LinkedHashMap<>();
    for (String part : query.split("&", -1)) {
      if (!part.isEmpty()) {
        parts.merge(nameOf(part), List.of(part), Query::both);
      }
    }
    return new Query(parts);
  }

  /** Of names and values that are still to be encoded. */
  static Query of(Map<String, String> values) {
    Map<String, List<String>> parts = new LinkedHashMap<>();
    values.forEach((name, value) -> parts.put(name, List.of(encode(name) + "=" + encode(value))));
    return new Query(parts);
  }

  /** This query and the other's parts, which take the place of those with the same name. */
  Query overriddenBy(Query other) {
    if (other.parts.isEmpty()) {
      return this;
    }
    Map<String, List<String>> all = new LinkedHashMap<>(parts);
    all.putAll(other.parts);
    return new Query(all);
  }

  /** The parts of these names. */
  Query only(Set<String> names) {
    Map<String, List<String>> kept = new LinkedHashMap<>(parts);
    kept.keySet().retainAll(names);
    return new Query(kept);
  }

  /** This query without the names of the other one. */
  Query without(Query other) {
    Map<String, List<String>> left = new LinkedHashMap<>(parts);
    left.keySet().removeAll(other.parts.keySet());
    return new Query(left);
  }

  /** As it stands in a URL; empty if there is nothing in it. */
  String text() {
    return String.join("&", parts.values().stream().flatMap(List::stream).toList());
  }

  private static String nameOf(String part) {
    int end = part.indexOf('=');
    return decoded(end < 0 ? part : part.substring(0, end));
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException broken) {
      return text;
    }
  }

  /** A path without its encoding, in which a plus is a plus. */
  static String decodedPath(String path) {
    return decoded(path.replace("+", "%2B"));
  }

  /** The values of all parts, as they stand there and decoded. */
  Stream<String> values() {
    return parts.values().stream()
        .flatMap(List::stream)
        .map(part -> part.substring(part.indexOf('=') + 1))
        .flatMap(value -> Stream.of(value, decoded(value)));
  }

  static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private static List<String> both(List<String> some, List<String> more) {
    return Stream.concat(some.stream(), more.stream()).toList();
  }
}
