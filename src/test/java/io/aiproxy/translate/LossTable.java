package io.aiproxy.translate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What requests lose, as Markdown: for each protocol of a client a table with a row for each protocol of an upstream. */
final class LossTable {
  private LossTable() {}

  static String markdown() {
    return Everything.PROTOCOLS.stream().map(LossTable::of).collect(Collectors.joining("\n"));
  }

  private static String of(String client) {
    String rows = Everything.PROTOCOLS.stream()
        .filter(upstream -> !upstream.equals(client))
        .map(upstream -> "| `" + upstream + "` | " + names(client, upstream) + " |\n")
        .collect(Collectors.joining());
    return "<details><summary>From <code>" + client + "</code></summary>\n\n"
        + "| said in | is lost |\n|---|---|\n" + rows + "\n</details>\n";
  }

  private static String names(String client, String upstream) {
    Set<String> names = new TreeSet<>();
    for (ObjectNode request : Everything.of(client)) {
      Everything.said(client, request, upstream)
          .lost()
          .forEach(place -> names.add(name(place, request)));
    }
    return names.isEmpty()
        ? "nothing"
        : names.stream().map(name -> "`" + name + "`").collect(Collectors.joining(", "));
  }

  /** A place without numbers; what stands in a list is told apart by its type. */
  private static String name(String place, ObjectNode request) {
    JsonNode at = request.at("/" + place.replaceAll("\\[(\\d+)]", "/$1").replace('.', '/'));
    String type = place.endsWith("]") ? type(at) : "";
    return place.replaceAll("\\[\\d+]", "[]") + (type.isEmpty() ? "" : "=" + type);
  }

  /** Where there is no type, the first member says what it is. */
  private static String type(JsonNode element) {
    String first = element.isObject() ? element.fieldNames().next() : "";
    return element.path("thought").asBoolean()
        ? "thought"
        : element.path("type").asText(first);
  }
}
