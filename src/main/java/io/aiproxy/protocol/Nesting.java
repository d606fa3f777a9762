package io.aiproxy.protocol;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aiproxy.neutral.Losses;
import io.aiproxy.neutral.Origin;
import java.util.Set;

/** The rest of an object that has another one inside: what is left of that stands beside it as {@code inner.member}. */
final class Nesting {
  private Nesting() {}

  /** What is not understood of an object and of the one inside it. */
  static Origin origin(
      String protocol,
      String path,
      ObjectNode object,
      Set<String> understood,
      String inner,
      Set<String> understoodInside) {
    return origin(protocol, path, object, understood, inner, understoodInside, Set.of());
  }

  /**
   * The same.
   *
   * @param own names, as they stand in the rest, of what means nothing elsewhere
   */
  static Origin origin(
      String protocol,
      String path,
      ObjectNode object,
      Set<String> understood,
      String inner,
      Set<String> understoodInside,
      Set<String> own) {
    ObjectNode all = JsonNodeFactory.instance.objectNode();
    object.properties().stream()
        .filter(
            member -> !understood.contains(member.getKey()) && !member.getKey().equals(inner))
        .forEach(member -> all.set(member.getKey(), member.getValue()));
    object.path(inner).properties().stream()
        .filter(member -> !understoodInside.contains(member.getKey()))
        .forEach(member -> all.set(inner + "." + member.getKey(), member.getValue()));
    return Origin.of(protocol, path, all, Set.of(), own);
  }

  /** Puts all of it back where it was, if it is in that protocol. */
  static void restore(
      Origin origin, ObjectNode written, String inner, String target, Losses losses) {
    ObjectNode all = JsonNodeFactory.instance.objectNode();
    origin.into(all, target, losses);
    String prefix = inner + ".";
    all.properties().forEach(member -> {
      if (member.getKey().startsWith(prefix)) {
        written
            .withObjectProperty(inner)
            .set(member.getKey().substring(prefix.length()), member.getValue());
      } else {
        written.set(member.getKey(), member.getValue());
      }
    });
  }
}
