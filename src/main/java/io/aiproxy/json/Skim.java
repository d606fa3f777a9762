package io.aiproxy.json;

/** Finds the way over JSON that is known to be good: checks nothing, so it is quick. */
final class Skim {
  private Skim() {}

  static boolean isSpace(byte b) {
    return b == ' ' || b == '\n' || b == '\r' || b == '\t';
  }

  /** The first byte at or behind {@code at} that is no white space. */
  static int space(byte[] bytes, int at) {
    int i = at;
    while (isSpace(bytes[i])) {
      i++;
    }
    return i;
  }

  /** What is behind the value that begins at {@code at}. */
  static int value(byte[] bytes, int at) {
    return switch (bytes[at]) {
      case '"' -> string(bytes, at);
      case '{', '[' -> container(bytes, at);
      default -> scalar(bytes, at);
    };
  }

  /** What is behind the string whose opening quote is at {@code at}. */
  static int string(byte[] bytes, int at) {
    int i = Scan.quoteOrBackslash(bytes, at + 1, bytes.length);
    while (bytes[i] == '\\') {
      i = Scan.quoteOrBackslash(bytes, i + 2, bytes.length);
    }
    return i + 1;
  }

  private static int container(byte[] bytes, int at) {
    int depth = 0;
    int i = at;
    do {
      switch (bytes[i]) {
        case '{', '[' -> {
          depth++;
          i++;
        }
        case '}', ']' -> {
          depth--;
          i++;
        }
        case '"' -> i = string(bytes, i);
        default -> i++;
      }
    } while (depth > 0);
    return i;
  }

  private static int scalar(byte[] bytes, int at) {
    int i = at;
    while (i < bytes.length
        && bytes[i] != ','
        && bytes[i] != '}'
        && bytes[i] != ']'
        && !isSpace(bytes[i])) {
      i++;
    }
    return i;
  }
}
