package io.aiproxy.balance;

import io.aiproxy.call.Call;
import io.aiproxy.json.JsonValue;
import io.aiproxy.json.JsonValue.Kind;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/**
 * Where the conversation lies that a call belongs to: by the name that the client has for it, else by what its first request
 * began with, which all its later ones repeat, so that they find the prompt in the provider's cache. Protocols call the same by
 * few names, and no name means something else in another one. Has no state; safe for all threads.
 */
final class Prefix implements ToLongFunction<Call> {
  /** How much of its fair share one may have, in percent, unless configuration says. */
  static final int FACTOR = 125;

  /** How OpenAI's, Google's and Cohere's clients name what they go on with, the more lasting ones first. */
  private static final List<String> NAMES = List.of(
      "conversation",
      "conversation_id",
      "prompt_cache_key",
      "cachedContent",
      "cached_content",
      "previous_response_id");

  private static final List<String> INSTRUCTIONS =
      List.of("system", "instructions", "preamble", "systemInstruction", "system_instruction");
  private static final List<String> TOOLS = List.of("tools", "toolConfig");

  /** Where the turns are; with Cohere's first version the newest one is not among the others. */
  private static final List<String> TURNS =
      List.of("messages", "contents", "input", "chat_history", "message", "prompt");

  /** Who speaks before the user does. */
  private static final Set<String> BEFORE =
      Set.of("system", "developer", "assistant", "model", "chatbot", "tool");

  /** What is said is in the first of them; all else is about it. */
  private static final List<String> SAID = List.of("content", "text", "parts", "message");

  /** Marks that clients move on from turn to turn, and what is the same whatever is said. */
  private static final Set<String> UNSAID = Set.of("cache_control", "cachePoint", "type", "role");

  /** A turn, its content, and a block of it. */
  private static final int WRAPPING = 3;

  @Override
  public long applyAsLong(Call call) {
    JsonValue body = call.json();
    Digest digest = new Digest();
    Optional<JsonValue> name = NAMES.stream().flatMap(key -> name(body, key)).findFirst();
    if (name.isPresent()) {
      digest.add(name.get());
    } else {
      beginning(body, digest);
    }
    return digest.isEmpty()
        ? HashRing.hash(call.exchange().client())
        : HashRing.mixed(digest.value());
  }

  private static Stream<JsonValue> name(JsonValue body, String key) {
    return body
        .member(key)
        .flatMap(value -> value.kind() == Kind.OBJECT ? value.member("id") : Optional.of(value))
        .filter(value -> value.kind() == Kind.STRING && !value.isEmpty())
        .stream();
  }

  private static void beginning(JsonValue body, Digest digest) {
    INSTRUCTIONS.forEach(key -> body.member(key).ifPresent(value -> said(value, WRAPPING, digest)));
    digest.nextPart();
    TOOLS.forEach(key -> body.member(key).ifPresent(digest::add));
    for (String key : TURNS) {
      if (body.member(key)
          .filter(turns -> turns.kind() != Kind.NULL && spoke(turns, digest))
          .isPresent()) {
        return;
      }
    }
  }

  /** Takes in what comes before the user's first words, and those; false if the user said none. */
  private static boolean spoke(JsonValue turns, Digest digest) {
    if (turns.kind() != Kind.ARRAY) {
      digest.nextPart();
      said(turns, WRAPPING, digest);
      return true;
    }
    return turns
        .first(turn -> {
          digest.nextPart();
          said(turn, WRAPPING, digest);
          return digest.isOver() || !isBefore(turn);
        })
        .isPresent();
  }

  private static boolean isBefore(JsonValue turn) {
    return turn.member("role")
        .filter(role -> BEFORE.contains(role.text().toLowerCase(Locale.ROOT)))
        .isPresent();
  }

  /**
   * However it is wrapped: clients make a list of blocks of what was a mere text one turn before, to mark it.
   *
   * @param depth how many arrays and objects it is wrapped in at most; what is deeper counts as it is written
   */
  private static void said(JsonValue value, int depth, Digest digest) {
    if (depth > 0 && value.kind() == Kind.ARRAY) {
      value.first(item -> {
        said(item, depth - 1, digest);
        return digest.isFull();
      });
    } else if (depth > 0 && value.kind() == Kind.OBJECT) {
      SAID.stream()
          .flatMap(key -> value.member(key).stream())
          .findFirst()
          .ifPresentOrElse(
              inner -> said(inner, depth - 1, digest), () -> otherBlock(value, digest));
    } else {
      digest.add(value);
    }
  }

  /** An image, say; the marks on a large one stand behind what counts of it. */
  private static void otherBlock(JsonValue block, Digest digest) {
    if (block.to() - block.from() > Digest.MOST) {
      digest.add(block);
      return;
    }
    digest.nothing();
    block.members().stream()
        .filter(member -> !UNSAID.contains(member.name()))
        .forEach(member -> digest.add(member.value()));
  }
}
