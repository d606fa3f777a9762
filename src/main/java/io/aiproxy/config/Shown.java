package io.aiproxy.config;

import com.fasterxml.jackson.databind.JsonNode;

/** How a piece of a configuration appears in a message: short, and on one line. */
final class Shown {
  private static final int MAX_CHARS = 60;

  private Shown() {}

  /** A value that is no credential. */
  static String value(JsonNode value) {
    if (value.isTextual()) {
      return "\"" + text(value.textValue()) + "\"";
    }
    return value.isNumber() || value.isBoolean() ? text(value.asText()) : kind(value);
  }

  /** What sort of JSON it is, which says nothing of its content. */
  static String kind(JsonNode value) {
    return switch (value.getNodeType()) {
      case STRING -> "a string";
      case NUMBER -> "a number";
      case BOOLEAN -> "true or false";
      case ARRAY -> "an array";
      case OBJECT -> "an object";
      default -> "null";
    };
  }

  static String text(String text) {
    StringBuilder shown = new StringBuilder();
    text.codePoints()
        .limit(MAX_CHARS)
        .map(c -> isPrintable(c) ? c : '?')
        .forEach(shown::appendCodePoint);
    return text.codePointCount(0, text.length()) > MAX_CHARS
        ? shown.append('…').toString()
        : shown.toString();
  }

  private static boolean isPrintable(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED -> false;
      default -> true;
    };
  }
}
