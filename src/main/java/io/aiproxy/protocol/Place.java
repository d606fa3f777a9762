package io.aiproxy.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aiproxy.call.Problem;
import io.aiproxy.neutral.Origin;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * An object in what a client sent, and where it stands there. A member that is null is not there. What is not of the kind that
 * is asked for is a {@link Problem} that names the place.
 *
 * @param path empty for the outermost
 */
record Place(ObjectNode object, String path) {
  static Problem bad(String path, String what) {
    return Problem.of(Problem.Kind.INVALID_REQUEST, path + " " + what).at(path);
  }

  String at(String name) {
    return path.isEmpty() ? name : path + "." + name;
  }

  boolean has(String name) {
    return object.hasNonNull(name);
  }

  /** A member; missing if it is not there. */
  JsonNode member(String name) {
    return has(name) ? object.get(name) : MissingNode.getInstance();
  }

  /** A string; empty if it is not there. */
  String text(String name) {
    JsonNode member = member(name);
    if (!member.isTextual() && !member.isMissingNode()) {
      throw bad(at(name), "must be a string");
    }
    return member.isTextual() ? member.textValue() : "";
  }

  /** A string that has to be there. */
  String needed(String name) {
    if (!has(name)) {
      throw bad(at(name), "is missing");
    }
    return text(name);
  }

  Optional<Boolean> flag(String name) {
    JsonNode member = member(name);
    if (!member.isBoolean() && !member.isMissingNode()) {
      throw bad(at(name), "must be true or false");
    }
    return member.isBoolean() ? Optional.of(member.booleanValue()) : Optional.empty();
  }

  /** An object that has to be there. */
  Place object(String name) {
    if (!has(name)) {
      throw bad(at(name), "is missing");
    }
    return of(object.get(name), at(name));
  }

  /** The objects of an array; none if it is not there. */
  List<Place> objects(String name) {
    JsonNode member = member(name);
    if (!member.isArray() && !member.isMissingNode()) {
      throw bad(at(name), "must be an array");
    }
    List<Place> places = new ArrayList<>();
    for (JsonNode element : member) {
      places.add(of(element, at(name) + "[" + places.size() + "]"));
    }
    return places;
  }

  private static Place of(JsonNode node, String path) {
    if (node instanceof ObjectNode object) {
      return new Place(object, path);
    }
    throw bad(path, "must be an object");
  }

  /** Of what is left when these members are understood: a null one is nothing that could be. */
  Origin origin(String protocol, Set<String> understood) {
    Set<String> said = new HashSet<>(understood);
    said.removeIf(name -> !has(name));
    return Origin.of(protocol, path, object, said);
  }

  /** The same with what is left of a member that is an object, under names such as {@code function.colour}. */
  Origin origin(
      String protocol, Set<String> understood, Place nested, Set<String> nestedUnderstood) {
    Origin outer = origin(protocol, understood);
    String prefix = nested.path().substring(path.length() + 1) + ".";
    nested
        .origin(protocol, nestedUnderstood)
        .rest()
        .properties()
        .forEach(member -> outer.rest().set(prefix + member.getKey(), member.getValue()));
    return outer;
  }

  /** Puts members with such names back to where they were. */
  static void unfold(ObjectNode written, String nested) {
    List<String> folded = new ArrayList<>();
    written.fieldNames().forEachRemaining(name -> {
      if (name.startsWith(nested + ".")) {
        folded.add(name);
      }
    });
    folded.forEach(name -> written
        .withObject("/" + nested)
        .set(name.substring(nested.length() + 1), written.remove(name)));
  }
}
