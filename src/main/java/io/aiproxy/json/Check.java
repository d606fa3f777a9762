package io.aiproxy.json;

import io.aiproxy.json.JsonValue.Kind;
import io.aiproxy.json.JsonValue.Member;
import java.util.BitSet;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The one strict pass over a text. It keeps a place and which brackets are open, never recurses, and notes the members of the
 * outermost object on its way.
 */
final class Check {
  private final byte[] bytes;
  private final int from;
  private final int to;
  private final JsonLimits limits;

  // a string's own order breaks ties, so names made to collide cost a logarithm, not a walk
  private final Map<String, Member> members = new LinkedHashMap<>();
  private final BitSet objects = new BitSet();
  private final EnumSet<Kind> elementKinds = EnumSet.noneOf(Kind.class);
  private int depth;
  private int at;

  private int nameFrom;
  private int nameTo;
  private int valueFrom;

  Check(byte[] bytes, int from, int to, JsonLimits limits) {
    this.bytes = bytes;
    this.from = from;
    this.to = to;
    this.limits = limits;
    this.at = from;
  }

  JsonValue text() throws BadJson {
    space();
    int first = at;
    do {
      while (opens()) {
        // the value asked for is now the first one inside
      }
    } while (goesOn());
    int behind = at;
    space();
    if (at < to) {
      throw unexpected("the end");
    }
    return new JsonValue(bytes, first, behind, from, to, Collections.unmodifiableMap(members));
  }

  /** Reads a value; or, if it is an object or array with something in it, only up to the first value inside and is true. */
  private boolean opens() throws BadJson {
    byte first = peek("a value");
    if (depth == 2 && !objects.get(2)) {
      elementKinds.add(JsonValue.kindOf(first));
    }
    switch (first) {
      case '{' -> {
        return enters(true);
      }
      case '[' -> {
        return enters(false);
      }
      case '"' -> string();
      case 't' -> literal("true");
      case 'f' -> literal("false");
      case 'n' -> literal("null");
      case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> number();
      default -> throw unexpected("a value");
    }
    return false;
  }

  private boolean enters(boolean object) throws BadJson {
    if (depth == limits.depth()) {
      throw bad("nested deeper than " + limits.depth() + " levels", at);
    }
    depth++;
    objects.set(depth, object);
    at++;
    space();
    if (at < to && bytes[at] == (object ? '}' : ']')) {
      at++;
      depth--;
      return false;
    }
    if (object) {
      name("a member name or }");
    }
    return true;
  }

  /** Behind a value: closes what is closed here; true if another value follows. */
  private boolean goesOn() throws BadJson {
    while (depth > 0) {
      boolean object = objects.get(depth);
      if (object && depth == 1) {
        keepMember();
      }
      space();
      byte b = peek(object ? "a comma or }" : "a comma or ]");
      if (b == ',') {
        at++;
        space();
        if (object) {
          name("a member name");
        }
        return true;
      }
      if (b != (object ? '}' : ']')) {
        throw unexpected(object ? "a comma or }" : "a comma or ]");
      }
      at++;
      depth--;
    }
    return false;
  }

  /** Reads a name, its colon and the white space about it. */
  private void name(String expected) throws BadJson {
    if (peek(expected) != '"') {
      throw unexpected(expected);
    }
    int start = at;
    stringBody();
    if (at - start - 2 > limits.nameBytes()) {
      throw bad("a member name is longer than " + limits.nameBytes() + " bytes", start);
    }
    if (depth == 1) {
      nameFrom = start;
      nameTo = at;
    }
    space();
    if (peek("a colon") != ':') {
      throw unexpected("a colon");
    }
    at++;
    space();
    if (depth == 1) {
      valueFrom = at;
      elementKinds.clear();
    }
  }

  private void keepMember() throws BadJson {
    if (members.size() == limits.members()) {
      throw bad("more than " + limits.members() + " members", nameFrom);
    }
    String name = Literal.text(bytes, nameFrom, nameTo);
    JsonValue value = bytes[valueFrom] == '['
        ? JsonValue.list(bytes, valueFrom, at, EnumSet.copyOf(elementKinds))
        : JsonValue.known(bytes, valueFrom, at);
    Member member = new Member(name, nameFrom, value);
    if (members.putIfAbsent(name, member) != null) {
      throw repeated(nameFrom);
    }
  }

  static BadJson repeated(int secondFrom) {
    return new BadJson(
        "a member name is given twice, the second time at byte " + secondFrom, secondFrom);
  }

  private void string() throws BadJson {
    int start = at;
    stringBody();
    // the difference cannot overflow, which a sum with an unbounded limit would
    if (at - start - 2 > limits.stringBytes()) {
      throw bad("a string is longer than " + limits.stringBytes() + " bytes", start);
    }
  }

  private void stringBody() throws BadJson {
    int i = at + 1;
    for (; ; ) {
      i = Scan.special(bytes, i, to);
      if (i == to) {
        throw ends("a closing quote");
      }
      byte b = bytes[i];
      if (b == '"') {
        at = i + 1;
        return;
      }
      if (b == '\\') {
        i = escape(i + 1);
      } else if (b < 0) {
        i = beyondAscii(i);
      } else {
        throw bad("unescaped control character in a string", i);
      }
    }
  }

  private int escape(int i) throws BadJson {
    if (i == to) {
      throw ends("an escape");
    }
    switch (bytes[i]) {
      case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> {
        return i + 1;
      }
      case 'u' -> {
        for (int digit = i + 1; digit < i + 5; digit++) {
          if (digit == to) {
            throw ends("four hexadecimal digits");
          }
          if (Character.digit(bytes[digit], 16) < 0) {
            throw bad("unexpected character", digit, "four hexadecimal digits");
          }
        }
        return i + 5;
      }
      default -> throw bad("unknown escape in a string", i - 1);
    }
  }

  /** Checks a run of bytes from 0x80 on. */
  private int beyondAscii(int start) throws BadJson {
    int i = start;
    do {
      int length = Utf8.length(bytes, i, to);
      if (length == 0) {
        throw bad("invalid UTF-8", i);
      }
      i += length;
    } while (i < to && bytes[i] < 0);
    return i;
  }

  private void literal(String word) throws BadJson {
    for (int i = 0; i < word.length(); i++) {
      if (peek(word) != word.charAt(i)) {
        throw unexpected(word);
      }
      at++;
    }
  }

  private void number() throws BadJson {
    int start = at;
    if (bytes[at] == '-') {
      at++;
    }
    if (peek("a digit") == '0') {
      at++;
    } else {
      digits();
    }
    if (at < to && bytes[at] == '.') {
      at++;
      digits();
    }
    if (at < to && (bytes[at] | 0x20) == 'e') {
      at++;
      if (at < to && (bytes[at] == '+' || bytes[at] == '-')) {
        at++;
      }
      digits();
    }
    if (at - start > limits.numberBytes()) {
      throw bad("a number is longer than " + limits.numberBytes() + " bytes", start);
    }
  }

  private void digits() throws BadJson {
    if (!isDigit(peek("a digit"))) {
      throw unexpected("a digit");
    }
    do {
      at++;
    } while (at < to && isDigit(bytes[at]));
  }

  private static boolean isDigit(byte b) {
    return b >= '0' && b <= '9';
  }

  private void space() {
    while (at < to && Skim.isSpace(bytes[at])) {
      at++;
    }
  }

  private byte peek(String expected) throws BadJson {
    if (at == to) {
      throw ends(expected);
    }
    return bytes[at];
  }

  private BadJson ends(String expected) {
    return bad("unexpected end", to, expected);
  }

  private BadJson unexpected(String expected) {
    return bad("unexpected character", at, expected);
  }

  private static BadJson bad(String what, int offset, String expected) {
    return new BadJson(what + " at byte " + offset + ": expected " + expected, offset);
  }

  private static BadJson bad(String what, int offset) {
    return new BadJson(what + " at byte " + offset, offset);
  }
}
