package io.aiproxy.neutral;

/** What a request may set besides its conversation, each a single JSON value that all protocols which know it understand alike. */
public enum Setting {
  /** The most tokens to write. */
  MAX_TOKENS,
  TEMPERATURE,
  TOP_P,
  TOP_K,
  MIN_P,
  SEED,
  FREQUENCY_PENALTY,
  PRESENCE_PENALTY,
  /** An array of strings at which the answer ends. */
  STOP,
  /** How many answers are wanted. */
  CANDIDATES,
  /** Whether tokens are wanted with their logarithmic probabilities. */
  LOGPROBS,
  /** How many likely tokens are wanted for each. */
  TOP_LOGPROBS,
  /** Whether several tools may be called at once. */
  PARALLEL_TOOL_CALLS,
  /** Who the client's user is. */
  USER,
  /** An object of strings that the client wants to find again. */
  METADATA,
  SERVICE_TIER,
  /** Which prompts share a cache. */
  CACHE_KEY,
  /** Whether the provider may keep the answer. */
  STORE
}
