package io.aiproxy.protocol;

import io.aiproxy.neutral.Stop;
import java.util.Map;

/** Why Converse says that a model ended (StopReason in the API reference). */
final class BedrockStops {
  private static final Map<String, Stop.Reason> REASONS = Map.of(
      "end_turn", Stop.Reason.END,
      "stop_sequence", Stop.Reason.STOP_SEQUENCE,
      "max_tokens", Stop.Reason.MAX_TOKENS,
      "model_context_window_exceeded", Stop.Reason.MAX_TOKENS,
      "tool_use", Stop.Reason.TOOL_CALLS,
      "content_filtered", Stop.Reason.FILTERED,
      "guardrail_intervened", Stop.Reason.FILTERED,
      "malformed_model_output", Stop.Reason.FAILED,
      "malformed_tool_use", Stop.Reason.FAILED);

  private BedrockStops() {}

  static Stop read(String word) {
    return new Stop(REASONS.getOrDefault(word, Stop.Reason.UNKNOWN), "", word);
  }

  /** The word that it had, if that is one of Converse's own and still true. */
  static String write(Stop stop) {
    if (REASONS.get(stop.word()) == stop.reason()) {
      return stop.word();
    }
    return switch (stop.reason()) {
      case END, PAUSED, UNKNOWN -> "end_turn";
      case STOP_SEQUENCE -> "stop_sequence";
      case MAX_TOKENS -> "max_tokens";
      case TOOL_CALLS -> "tool_use";
      case FILTERED, REFUSED -> "content_filtered";
      case FAILED -> "malformed_model_output";
    };
  }
}
