package io.aiproxy.balance;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.aiproxy.json.JsonValue;
import io.aiproxy.json.JsonValue.Kind;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.StringJoiner;

/**
 * What a request is about: the last words of its user. Found by what protocols have in common, so that it serves all of them:
 * where the conversation is, who speaks, and where words stand in a turn.
 */
final class Prompt {
  /** Longer ones are cut; so does Apache APISIX. */
  static final int MOST_BYTES = 16_384;

  /** In an escape a byte takes six at most. */
  private static final int MOST_ESCAPED = 6 * MOST_BYTES + 16;

  /** Nobody's conversation is longer, and its turns cost memory. */
  private static final int MOST_ELEMENTS = 50_000;

  /** The first that is there counts. */
  private static final List<String> CONVERSATIONS = List.of(
      "messages", "contents", "input", "prompt", "message", "instances", "content", "requests");

  private static final List<String> WORDS = List.of("content", "parts", "text");
  private static final Set<String> TEXTS = Set.of("", "text", "input_text");

  private Prompt() {}

  /** At most {@link #MOST_BYTES} in UTF-8, whole characters; empty if there are no words. */
  static String of(JsonValue request) {
    return CONVERSATIONS.stream()
        .flatMap(name -> request.member(name).stream())
        .findFirst()
        .map(Prompt::lastOfUser)
        .map(Prompt::cut)
        .filter(words -> !words.isBlank())
        .orElse("");
  }

  private static String lastOfUser(JsonValue conversation) {
    if (conversation.kind() != Kind.ARRAY) {
      return words(conversation);
    }
    List<JsonValue> turns = elements(conversation);
    for (int i = turns.size() - 1; i >= 0; i--) {
      String words = isUsers(turns.get(i)) ? words(turns.get(i)) : "";
      if (!words.isBlank()) {
        return words;
      }
    }
    return "";
  }

  /** Where nobody is said to speak it is the user, but not in things that are no turns, such as what a tool gave. */
  private static boolean isUsers(JsonValue turn) {
    Optional<JsonValue> role = turn.member("role");
    return role.isPresent() ? role.get().text().equals("user") : !turn.has("type");
  }

  private static String words(JsonValue said) {
    return switch (said.kind()) {
      case STRING -> text(said);
      case ARRAY -> parts(said);
      case OBJECT ->
        WORDS.stream()
            .flatMap(name -> said.member(name).stream())
            .findFirst()
            .map(Prompt::words)
            .orElse("");
      default -> "";
    };
  }

  private static String parts(JsonValue list) {
    StringJoiner words = new StringJoiner(" ");
    for (JsonValue part : elements(list)) {
      if (part.kind() == Kind.STRING) {
        words.add(text(part));
      } else if (TEXTS.contains(part.member("type").map(JsonValue::text).orElse(""))) {
        part.member("text")
            .filter(text -> text.kind() == Kind.STRING)
            .ifPresent(text -> words.add(text(text)));
      }
      if (words.length() > MOST_BYTES) {
        break;
      }
    }
    return words.toString();
  }

  private static List<JsonValue> elements(JsonValue array) {
    return array.size() > MOST_ELEMENTS ? List.of() : array.elements();
  }

  /** Not more of it than is needed; what a literal is cut within is cut away again. */
  private static String text(JsonValue string) {
    return JsonValue.decode(
        string.bytes(), string.from(), Math.min(string.to() - string.from(), MOST_ESCAPED));
  }

  private static String cut(String text) {
    byte[] bytes = text.getBytes(UTF_8);
    int end = Math.min(bytes.length, MOST_BYTES);
    while (end < bytes.length && (bytes[end] & 0xC0) == 0x80) {
      end--;
    }
    return new String(bytes, 0, end, UTF_8);
  }
}
