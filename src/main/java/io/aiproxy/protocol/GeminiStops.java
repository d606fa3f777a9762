package io.aiproxy.protocol;

import io.aiproxy.neutral.Stop;
import io.aiproxy.neutral.Stop.Reason;
import java.util.Map;

/** Google's reasons to finish (its API reference, {@code Candidate.FinishReason} and {@code BlockReason}). */
final class GeminiStops {
  private static final Map<String, Reason> REASONS = Map.ofEntries(
      Map.entry("STOP", Reason.END),
      Map.entry("MAX_TOKENS", Reason.MAX_TOKENS),
      Map.entry("SAFETY", Reason.FILTERED),
      Map.entry("RECITATION", Reason.FILTERED),
      Map.entry("BLOCKLIST", Reason.FILTERED),
      Map.entry("PROHIBITED_CONTENT", Reason.FILTERED),
      Map.entry("SPII", Reason.FILTERED),
      Map.entry("MODEL_ARMOR", Reason.FILTERED),
      Map.entry("IMAGE_SAFETY", Reason.FILTERED),
      Map.entry("IMAGE_PROHIBITED_CONTENT", Reason.FILTERED),
      Map.entry("IMAGE_RECITATION", Reason.FILTERED));

  private GeminiStops() {}

  /**
   * What a candidate says.
   *
   * @param word empty if it says nothing
   * @param calls whether it calls a tool, of which there is no word
   */
  static Stop read(String word, boolean calls) {
    if (word.isEmpty() || word.equals("FINISH_REASON_UNSPECIFIED")) {
      return new Stop(Reason.UNKNOWN, "", word);
    }
    Reason reason = REASONS.getOrDefault(word, Reason.FAILED);
    return new Stop(reason == Reason.END && calls ? Reason.TOOL_CALLS : reason, "", word);
  }

  /** Why a prompt was not answered at all. */
  static Stop blocked(String word) {
    return new Stop(Reason.FILTERED, "", word);
  }

  /** A word of Google's own stays, as far as it means what the reason is. */
  static String word(Stop stop) {
    boolean known = REASONS.containsKey(stop.word())
        && read(stop.word(), stop.reason() == Reason.TOOL_CALLS).reason() == stop.reason();
    if (known) {
      return stop.word();
    }
    return switch (stop.reason()) {
      case END, STOP_SEQUENCE, TOOL_CALLS, PAUSED -> "STOP";
      case MAX_TOKENS -> "MAX_TOKENS";
      case FILTERED, REFUSED -> "SAFETY";
      case FAILED, UNKNOWN -> "OTHER";
    };
  }
}
