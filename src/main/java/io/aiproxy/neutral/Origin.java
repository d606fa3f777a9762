package io.aiproxy.neutral;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Set;

/**
 * Where something stood before it was put in neutral terms, and what only its own protocol can say of it. Written in the
 * same protocol again it loses nothing; written in another one, what is left here is lost by name. Nobody changes the JSON.
 *
 * @param protocol the name of the protocol; empty if it comes from none
 * @param path such as {@code messages[2].content[0]}; empty for the outermost
 * @param rest members for which there is no neutral word
 * @param own members that mean nothing elsewhere, such as the id of a thing that another protocol does not number, or what
 *     neutral words say already: nobody misses them
 */
public record Origin(String protocol, String path, ObjectNode rest, ObjectNode own) {
  public static final Origin NONE = new Origin("", "", JsonNodeFactory.instance.objectNode());

  /** With nothing that is its own. */
  public Origin(String protocol, String path, ObjectNode rest) {
    this(protocol, path, rest, JsonNodeFactory.instance.objectNode());
  }

  /** With all members of an object but those that were understood. */
  public static Origin of(String protocol, String path, ObjectNode object, Set<String> understood) {
    return of(protocol, path, object, understood, Set.of());
  }

  /**
   * With all members of an object but those that were understood.
   *
   * @param own names of members that mean nothing elsewhere; may be understood as well
   */
  public static Origin of(
      String protocol, String path, ObjectNode object, Set<String> understood, Set<String> own) {
    ObjectNode rest = JsonNodeFactory.instance.objectNode();
    ObjectNode kept = JsonNodeFactory.instance.objectNode();
    object.properties().forEach(member -> {
      String name = member.getKey();
      boolean known = understood.contains(name);
      if (own.contains(name) || (known && member.getValue().isNull())) {
        kept.set(name, member.getValue());
      } else if (!known) {
        rest.set(name, member.getValue());
      }
    });
    return new Origin(protocol, path, rest, kept);
  }

  /** The path of a member of it. */
  public String at(String name) {
    return path.isEmpty() ? name : path + "." + name;
  }

  /**
   * Puts the rest, and what is its own, into what is written, if that is in its protocol; else the rest is lost.
   *
   * @param losses is told each member that is lost; null members are none
   */
  public void into(ObjectNode written, String target, Losses losses) {
    if (protocol.equals(target)) {
      written.setAll(own);
      written.setAll(rest);
      return;
    }
    rest.properties().stream()
        .filter(member -> !member.getValue().isNull())
        .forEach(member -> losses.drop(at(member.getKey())));
  }
}
