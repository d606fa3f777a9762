package io.aiproxy.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aiproxy.call.Problem;
import io.aiproxy.neutral.Stop;
import io.aiproxy.neutral.Stop.Reason;
import java.util.EnumMap;
import java.util.Map;

/** Anthropic's {@code stop_reason}, as its API reference lists them. */
final class AnthropicStops {
  private static final String REASON = "stop_reason";
  private static final String SEQUENCE = "stop_sequence";
  private static final String END = "end_turn";

  private static final Map<String, Reason> REASONS = Map.of(
      END,
      Reason.END,
      SEQUENCE,
      Reason.STOP_SEQUENCE,
      "max_tokens",
      Reason.MAX_TOKENS,
      "model_context_window_exceeded",
      Reason.MAX_TOKENS,
      "tool_use",
      Reason.TOOL_CALLS,
      "refusal",
      Reason.REFUSED,
      "pause_turn",
      Reason.PAUSED);

  private static final Map<Reason, String> WORDS = new EnumMap<>(Map.of(
      Reason.END, END,
      Reason.STOP_SEQUENCE, SEQUENCE,
      Reason.MAX_TOKENS, "max_tokens",
      Reason.TOOL_CALLS, "tool_use",
      Reason.FILTERED, "refusal",
      Reason.REFUSED, "refusal",
      Reason.PAUSED, "pause_turn",
      Reason.UNKNOWN, END));

  private AnthropicStops() {}

  /** Reads the two members that say it, of a message or of what changes it. */
  static Stop read(JsonNode holder) {
    String word = DialectJson.string(holder, REASON);
    return new Stop(
        REASONS.getOrDefault(word, Reason.UNKNOWN), DialectJson.string(holder, SEQUENCE), word);
  }

  /**
   * Writes them.
   *
   * @throws Problem if the provider failed, for which there is no word
   */
  static void write(Stop stop, ObjectNode holder) {
    if (stop.reason() == Reason.FAILED) {
      throw Problem.of(
          Problem.Kind.UPSTREAM_BROKEN, "the upstream failed before the answer was whole");
    }
    holder.put(REASON, word(stop));
    if (!stop.sequence().isEmpty()) {
      holder.put(SEQUENCE, stop.sequence());
    }
  }

  private static String word(Stop stop) {
    if (REASONS.get(stop.word()) == stop.reason()) {
      return stop.word();
    }
    if (stop.word().equals("content_filter")) {
      return END; // as clients of APISIX know what OpenAI has filtered
    }
    return WORDS.getOrDefault(stop.reason(), END);
  }
}
