package io.aiproxy.protocol;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;

/**
 * The ids of calls. Google's often have none: they get one here, unlike any other of the conversation, and results find theirs
 * by name and order. For one request or answer, and one thread.
 */
final class GeminiCalls {
  private static final String MADE = "call_gm_";
  private static final int LONGEST = 24;

  private final String seed;
  private final Map<String, Queue<String>> open = new HashMap<>();
  private int count;

  /** With what tells this request or answer from others, such as its id. */
  GeminiCalls(String seed) {
    String plain = seed.replaceAll("[^A-Za-z0-9_-]", "");
    this.seed = plain.substring(0, Math.min(LONGEST, plain.length()));
  }

  /** Whether it was made up here; the provider does not know it. */
  static boolean isMade(String id) {
    return id.startsWith(MADE);
  }

  /** Of a call, which waits for its result from now on. */
  String called(String id, String name) {
    String known = id.isEmpty() ? make() : id;
    open.computeIfAbsent(name, each -> new ArrayDeque<>()).add(known);
    return known;
  }

  /** Of a result, by the call that it answers. */
  String answered(String id, String name) {
    Queue<String> waiting = open.getOrDefault(name, new ArrayDeque<>());
    if (!id.isEmpty()) {
      waiting.remove(id);
      return id;
    }
    return Optional.ofNullable(waiting.poll()).orElseGet(this::make);
  }

  private String make() {
    return MADE + (seed.isEmpty() ? "" : seed + "_") + count++;
  }
}
