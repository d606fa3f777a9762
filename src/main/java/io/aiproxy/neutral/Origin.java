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
 */
public record Origin(String protocol, String path, ObjectNode rest) {
  public static final Origin NONE = new Origin("", "", JsonNodeFactory.instance.objectNode());

  /** With all members of an object but those that were understood. */
  public static Origin of(String protocol, String path, ObjectNode object, Set<String> understood) {
    ObjectNode rest = JsonNodeFactory.instance.objectNode();
    object.properties().stream()
        .filter(member -> !understood.contains(member.getKey()))
        .forEach(member -> rest.set(member.getKey(), member.getValue()));
    return new Origin(protocol, path, rest);
  }

  /** The path of a member of it. */
  public String at(String name) {
    return path.isEmpty() ? name : path + "." + name;
  }

  /**
   * Puts the rest into what is written, if that is in its protocol; else it is lost.
   *
   * @param losses is told each member that is lost; null members are none
   */
  public void into(ObjectNode written, String target, Losses losses) {
    rest.properties().forEach(member -> {
      if (protocol.equals(target)) {
        written.set(member.getKey(), member.getValue());
      } else if (!member.getValue().isNull()) {
        losses.drop(at(member.getKey()));
      }
    });
  }
}
