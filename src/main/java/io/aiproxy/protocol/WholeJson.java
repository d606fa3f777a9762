package io.aiproxy.protocol;

/** Whether JSON that comes in fragments is whole: all that it opened is closed again. One per text, for one thread. */
final class WholeJson {
  private int depth;
  private boolean begun;
  private boolean inString;
  private boolean escaped;

  /** A further fragment, of which any character may be the first. */
  void next(String fragment) {
    for (int i = 0; i < fragment.length(); i++) {
      char c = fragment.charAt(i);
      if (inString) {
        inString(c);
      } else {
        outside(c);
      }
    }
  }

  private void inString(char c) {
    inString = escaped || c != '"';
    escaped = !escaped && c == '\\';
  }

  private void outside(char c) {
    switch (c) {
      case '"' -> inString = true;
      case '{', '[' -> {
        begun = true;
        depth++;
      }
      case '}', ']' -> depth--;
      default -> {} // opens and closes nothing
    }
  }

  /** An object or an array that is closed; nothing at all is not whole, for it may still begin. */
  boolean isWhole() {
    return begun && depth <= 0;
  }
}
