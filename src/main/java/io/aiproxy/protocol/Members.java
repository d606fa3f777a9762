package io.aiproxy.protocol;

import io.aiproxy.call.Problem;
import io.aiproxy.json.JsonValue;
import io.aiproxy.json.JsonValue.Kind;
import io.aiproxy.wire.StreamFormat;

/** Members of a request that protocols have in common, each read as nothing where it is not of its kind. */
final class Members {
  private Members() {}

  /** The text of a member; empty if it is no string. */
  static String string(JsonValue object, String name) {
    return object
        .member(name)
        .filter(value -> value.kind() == Kind.STRING)
        .map(JsonValue::text)
        .orElse("");
  }

  /** How many elements a member has; none if it is no array. */
  static int size(JsonValue object, String name) {
    return object
        .member(name)
        .filter(value -> value.kind() == Kind.ARRAY)
        .map(JsonValue::size)
        .orElse(0);
  }

  /** What {@code stream} asks for: events if it is true. */
  static StreamFormat format(JsonValue object) {
    return isTrue(object, "stream") ? StreamFormat.SSE : StreamFormat.DOCUMENT;
  }

  /**
   * Refuses a member that is there and of another kind; null is as good as none.
   *
   * @param kind in words, with its article
   * @throws Problem naming it
   */
  static void require(JsonValue object, String name, Kind wanted, String kind) {
    object
        .member(name)
        .filter(value -> value.kind() != wanted && value.kind() != Kind.NULL)
        .ifPresent(value -> {
          throw Problem.of(Problem.Kind.INVALID_REQUEST, name + " must be " + kind)
              .at(name);
        });
  }

  static boolean isTrue(JsonValue object, String name) {
    return object.member(name).filter(JsonValue::isTrue).isPresent();
  }
}
