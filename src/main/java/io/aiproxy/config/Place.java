package io.aiproxy.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.Optional;
import java.util.function.Supplier;

/** Where in a configuration the reader is, with what it needs there. For one reading, and one thread. */
final class Place {
  /** Put together only if there is something to report. */
  private final Supplier<String> path;

  private final References references;
  private final Faults faults;

  private Place(Supplier<String> path, References references, Faults faults) {
    this.path = path;
    this.references = references;
    this.faults = faults;
  }

  static Place top(References references, Faults faults) {
    return new Place(() -> "", references, faults);
  }

  Place key(String name) {
    return new Place(() -> joined(path.get(), Shown.text(name)), references, faults);
  }

  Place item(int index) {
    return new Place(() -> path.get() + "[" + index + "]", references, faults);
  }

  /** Reports a fault; the answer stands for the value that is wrong. */
  JsonNode refuse(String message) {
    faults.add(path.get(), message);
    return MissingNode.getInstance();
  }

  /** A string with its references followed; empty, and reported, if one leads nowhere. */
  Optional<String> resolve(String text) {
    try {
      return Optional.of(references.resolve(text));
    } catch (References.Unresolved e) {
      refuse(e.message());
      return Optional.empty();
    }
  }

  private static String joined(String outer, String name) {
    return outer.isEmpty() ? name : outer + "." + name;
  }
}
