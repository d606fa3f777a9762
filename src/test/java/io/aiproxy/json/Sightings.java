package io.aiproxy.json;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.aiproxy.json.JsonValue.Member;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntUnaryOperator;

/** What a watch sees in a text that comes in pieces. */
final class Sightings implements JsonWatch.Listener {
  static final String[] PATHS = {
    "model",
    "usage",
    "choices[].delta.content",
    "choices[].delta",
    "choices",
    "messages[][]",
    "[].a",
    "[][]",
    "a.b.a",
    "a",
    "b[].a",
    "delta.usage.a"
  };
  static final JsonPaths ALL = all();

  private final List<String> seen = new ArrayList<>();

  private static JsonPaths all() {
    JsonPaths.Builder builder = JsonPaths.builder();
    for (int i = 0; i < PATHS.length; i++) {
      builder.add(PATHS[i], i);
    }
    return builder.build();
  }

  @Override
  public void value(int tag, byte[] bytes, int offset, int length, boolean complete) {
    seen.add(PATHS[tag] + " " + new String(bytes, offset, length, UTF_8) + (complete ? "" : "..."));
  }

  List<String> seen() {
    return seen;
  }

  /** Feeds the text in pieces, each in an array of its own that is then spoilt. */
  static List<String> of(byte[] text, int bound, IntUnaryOperator lengthAt) {
    Sightings sightings = new Sightings();
    JsonWatch watch = new JsonWatch(ALL, sightings, bound);
    feed(watch, text, lengthAt);
    watch.end();
    sightings.seen.add(watch.broken() ? "broken" : "done");
    return sightings.seen;
  }

  static void feed(JsonWatch watch, byte[] text, IntUnaryOperator lengthAt) {
    for (int at = 0; at < text.length; ) {
      int length = Math.min(lengthAt.applyAsInt(at), text.length - at);
      byte[] piece = new byte[length + 4];
      System.arraycopy(text, at, piece, 2, length);
      watch.next(piece, 2, length);
      java.util.Arrays.fill(piece, (byte) '#');
      at += length;
    }
  }

  /** What is to be seen, from a text that was read whole. */
  static List<String> expected(JsonValue value) {
    Sightings sightings = new Sightings();
    sightings.visit(value, "");
    sightings.seen.add("done");
    return sightings.seen;
  }

  private void visit(JsonValue value, String path) {
    for (JsonValue element : value.elements()) {
      visit(element, path + "[]");
    }
    for (Member member : value.members()) {
      String name = nameOnPath(value, member);
      visit(member.value(), path.isEmpty() ? name : path + "." + name);
    }
    if (List.of(PATHS).contains(path)) {
      seen.add(path + " " + value.raw());
    }
  }

  /** The name as it is written; a name that would be mistaken for more than one step is none. */
  private static String nameOnPath(JsonValue object, Member member) {
    byte[] bytes = object.bytes();
    int from = member.from();
    String name = new String(bytes, from + 1, Skim.string(bytes, from) - from - 2, UTF_8);
    return name.isEmpty() || name.matches("(?s).*[.\\[\\]].*") ? "?" : name;
  }
}
