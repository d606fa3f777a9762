package io.aiproxy.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aiproxy.usage.Usage;

/**
 * Tokens as Bedrock counts them: what was read from the cache or written to it is beside {@code inputTokens}, and all of it is
 * in {@code totalTokens} (TokenUsage in the API reference).
 */
final class BedrockUsage {
  private BedrockUsage() {}

  static Usage of(JsonNode usage) {
    return new Usage(
        TokenCount.of(usage.path("inputTokens")),
        TokenCount.of(usage.path("outputTokens")),
        TokenCount.of(usage.path("totalTokens")),
        TokenCount.of(usage.path("cacheReadInputTokens")),
        TokenCount.of(usage.path("cacheWriteInputTokens")),
        Usage.ABSENT,
        false);
  }

  /** All three counts are always there; SDKs take them for granted. */
  static void write(Usage usage, ObjectNode into) {
    long cacheRead = Usage.orZero(usage.cacheRead());
    long cacheWrite = Usage.orZero(usage.cacheWrite());
    long output = Usage.orZero(usage.completion());
    into.put("inputTokens", usage.uncached());
    into.put("outputTokens", output);
    into.put("totalTokens", usage.uncached() + cacheRead + cacheWrite + output);
    if (usage.cacheRead() != Usage.ABSENT) {
      into.put("cacheReadInputTokens", cacheRead);
    }
    if (usage.cacheWrite() != Usage.ABSENT) {
      into.put("cacheWriteInputTokens", cacheWrite);
    }
  }
}
