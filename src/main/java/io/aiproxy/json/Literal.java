package io.aiproxy.json;

import static java.nio.charset.StandardCharsets.UTF_8;

/** Turns string literals into text, leniently. */
final class Literal {
  private static final char UNKNOWN = '\uFFFD';

  private Literal() {}

  static String text(byte[] bytes, int from, int to) {
    if (from == to || bytes[from] != '"') {
      return new String(bytes, from, to - from, UTF_8);
    }
    int stop = Scan.quoteOrBackslash(bytes, from + 1, to);
    if (stop == to || bytes[stop] == '"') {
      return new String(bytes, from + 1, stop - from - 1, UTF_8);
    }
    return unescaped(bytes, from + 1, stop, to);
  }

  private static String unescaped(byte[] bytes, int from, int firstBackslash, int to) {
    StringBuilder text = new StringBuilder(to - from);
    int plain = from;
    int stop = firstBackslash;
    while (stop < to && bytes[stop] == '\\') {
      text.append(new String(bytes, plain, stop - plain, UTF_8));
      plain = escape(bytes, stop + 1, to, text);
      stop = Scan.quoteOrBackslash(bytes, plain, to);
    }
    return text.append(new String(bytes, plain, stop - plain, UTF_8)).toString();
  }

  /** Appends what stands behind a backslash and says where to go on. */
  private static int escape(byte[] bytes, int at, int to, StringBuilder text) {
    if (at == to) {
      text.append(UNKNOWN);
      return at;
    }
    switch (bytes[at]) {
      case '"', '\\', '/' -> text.append((char) bytes[at]);
      case 'b' -> text.append('\b');
      case 'f' -> text.append('\f');
      case 'n' -> text.append('\n');
      case 'r' -> text.append('\r');
      case 't' -> text.append('\t');
      case 'u' -> {
        return unicode(bytes, at + 1, to, text);
      }
      default -> {
        text.append(UNKNOWN);
        // an odd byte may be the first of a UTF-8 sequence, which is plain text
        return at;
      }
    }
    return at + 1;
  }

  private static int unicode(byte[] bytes, int from, int to, StringBuilder text) {
    int code = 0;
    int at = from;
    while (at < to && at < from + 4 && Character.digit(bytes[at], 16) >= 0) {
      code = code << 4 | Character.digit(bytes[at], 16);
      at++;
    }
    text.append(at == from + 4 ? (char) code : UNKNOWN);
    return at;
  }
}
