package io.aiproxy.json;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** JSON texts for tests: random good ones, and ones that are nearly good. */
final class Texts {
  private static final String[] NAMES = {
    "a", "b", "model", "messages", "choices", "delta", "content", "usage", "mod\\u0065l", ""
  };
  private static final String[] STRINGS = {
    "",
    "x",
    "plain text of some length, longer than a word",
    "\\n\\t\\\"\\\\\\/",
    "\\ud83d\\ude00",
    "\\ud800",
    "\u00e9\u4e16\ud83d\ude00",
    "{[,:]}",
    "12345678\\\"",
    "\u007f\u0080\u07ff\u0800\uffff"
  };
  private static final String[] NUMBERS = {
    "0", "-0", "1.0", "1.50", "1E400", "-2.5e-3", "123456789012345678901234567890", "7"
  };
  private static final String[] SPACES = {"", "", "", "", " ", "\n  ", "\t", "\r\n"};

  private final Random random;

  Texts(long seed) {
    this.random = new Random(seed);
  }

  static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  static JsonValue parsed(String text) throws BadJson {
    byte[] bytes = bytes(text);
    return JsonValue.parse(bytes, 0, bytes.length, JsonLimits.REQUEST);
  }

  /** A good text, which may give names twice. */
  String value(int depth) {
    return space() + bare(depth) + space();
  }

  /** A good text of an object whose names differ, inside too. */
  String object(int depth) {
    List<String> names = new ArrayList<>(List.of(NAMES));
    names.remove("mod\\u0065l");
    List<String> members = new ArrayList<>();
    for (int i = random.nextInt(6); i > 0; i--) {
      String name = names.remove(random.nextInt(names.size()));
      boolean inner = depth > 0 && random.nextInt(3) == 0;
      members.add(space()
          + '"'
          + name
          + '"'
          + space()
          + ':'
          + (inner ? space() + object(depth - 1) + space() : value(0)));
    }
    return "{" + (members.isEmpty() ? space() : String.join(",", members)) + "}";
  }

  private String bare(int depth) {
    return switch (random.nextInt(depth > 0 ? 8 : 5)) {
      case 0 -> pick(NUMBERS);
      case 1 -> pick("true", "false", "null");
      case 2, 3, 4 -> '"' + pick(STRINGS) + '"';
      case 5 -> {
        List<String> elements = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
          elements.add(value(depth - 1));
        }
        yield "[" + (elements.isEmpty() ? space() : String.join(",", elements)) + "]";
      }
      default -> {
        List<String> members = new ArrayList<>();
        for (int i = random.nextInt(5); i > 0; i--) {
          members.add(space() + '"' + pick(NAMES) + '"' + space() + ':' + value(depth - 1));
        }
        yield "{" + (members.isEmpty() ? space() : String.join(",", members)) + "}";
      }
    };
  }

  /** The same with some bytes put in, taken out or replaced. */
  byte[] damaged(byte[] text) {
    byte[] bytes = text;
    for (int i = random.nextInt(3); i >= 0 && bytes.length > 0; i--) {
      int at = random.nextInt(bytes.length);
      byte b =
          random.nextBoolean() ? bytes[random.nextInt(bytes.length)] : (byte) random.nextInt(256);
      int drop = random.nextInt(2);
      int add = random.nextInt(2);
      byte[] next = new byte[bytes.length - drop + add];
      System.arraycopy(bytes, 0, next, 0, at);
      System.arraycopy(bytes, at + drop, next, at + add, bytes.length - at - drop);
      if (add == 1) {
        next[at] = b;
      }
      bytes = next;
    }
    return bytes;
  }

  private String space() {
    return pick(SPACES);
  }

  private String pick(String... choices) {
    return choices[random.nextInt(choices.length)];
  }
}
