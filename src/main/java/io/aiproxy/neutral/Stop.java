package io.aiproxy.neutral;

/**
 * Why a model ended.
 *
 * @param sequence the client's stop sequence that was met; empty if unknown or none
 * @param word the reason in its own protocol's word; empty if there was none
 */
public record Stop(Reason reason, String sequence, String word) {
  /** The reasons that protocols tell apart. */
  public enum Reason {
    /** It was done. */
    END,
    STOP_SEQUENCE,
    MAX_TOKENS,
    TOOL_CALLS,
    /** A filter took the answer, or the prompt. */
    FILTERED,
    /** The model would not. */
    REFUSED,
    /** The client is to send the conversation again so that it goes on. */
    PAUSED,
    /** The provider failed. */
    FAILED,
    /** The provider did not say. */
    UNKNOWN
  }

  public static Stop of(Reason reason) {
    return new Stop(reason, "", "");
  }
}
