package io.aiproxy.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import io.aiproxy.call.Problem;
import io.aiproxy.neutral.Stop;
import io.aiproxy.neutral.Stop.Reason;
import java.util.Map;

/** Why a chat ended: OpenAI's {@code finish_reason}, and words of others who speak its protocol. */
final class OpenAiChatStops {
  private static final String FINISH = "finish_reason";
  private static final String STOP = "stop";
  private static final String CALLS = "tool_calls";
  private static final String FILTER = "content_filter";

  private static final Map<String, Reason> REASONS = Map.of(
      STOP,
      Reason.END,
      "eos",
      Reason.END,
      "length",
      Reason.MAX_TOKENS,
      "model_length",
      Reason.MAX_TOKENS,
      CALLS,
      Reason.TOOL_CALLS,
      "function_call",
      Reason.TOOL_CALLS,
      FILTER,
      Reason.FILTERED,
      "error",
      Reason.FAILED,
      "insufficient_system_resource",
      Reason.FAILED);

  private OpenAiChatStops() {}

  static boolean hasReason(JsonNode choice) {
    return !OpenAiJson.text(choice, FINISH).isEmpty();
  }

  /**
   * What a choice says. It may say {@code stop} of a tool that was to be called whatever the model thinks, and of a refusal;
   * vLLM names the sequence that was met.
   */
  static Stop read(JsonNode choice, boolean calls, boolean refuses) {
    String word = OpenAiJson.text(choice, FINISH);
    String sequence = OpenAiJson.text(choice, "stop_reason");
    Reason reason = word.isEmpty() ? Reason.UNKNOWN : REASONS.getOrDefault(word, Reason.END);
    if (reason == Reason.UNKNOWN && calls) {
      return new Stop(Reason.TOOL_CALLS, sequence, word);
    }
    if (reason != Reason.END) {
      return new Stop(reason, sequence, word);
    }
    Reason seen = calls
        ? Reason.TOOL_CALLS
        : refuses ? Reason.REFUSED : sequence.isEmpty() ? Reason.END : Reason.STOP_SEQUENCE;
    return new Stop(seen, sequence, word);
  }

  /**
   * The word for it. Another protocol's is none of ours, unless it means the same.
   *
   * @throws Problem if the provider failed, for which there is no word
   */
  static String word(Stop stop) {
    if (REASONS.get(stop.word()) == stop.reason()) {
      return stop.word();
    }
    return switch (stop.reason()) {
      case END, STOP_SEQUENCE, PAUSED, UNKNOWN -> STOP;
      case MAX_TOKENS -> "length";
      case TOOL_CALLS -> CALLS;
      case REFUSED -> stop.word().equals(STOP) ? STOP : FILTER;
      case FILTERED -> FILTER;
      case FAILED ->
        throw Problem.of(
            Problem.Kind.UPSTREAM_BROKEN, "the upstream failed before the answer was whole");
    };
  }
}
