package io.aiproxy.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aiproxy.usage.Usage;
import java.util.Set;

/** Anthropic's object {@code usage}: cached tokens are not among {@code input_tokens} but beside them. */
final class AnthropicUsage {
  /** The members that are counts of tokens. */
  static final Set<String> COUNTS = Set.of(
      "input_tokens", "output_tokens", "cache_read_input_tokens", "cache_creation_input_tokens");

  private static final String DETAILS = "output_tokens_details";
  private static final String THINKING = "thinking_tokens";

  private AnthropicUsage() {}

  /** A count in which what the model wrote is known, or not yet. */
  static Usage read(JsonNode usage, boolean outputKnown) {
    JsonNode details = usage.path(DETAILS);
    return new Usage(
        TokenCount.of(usage.path("input_tokens")),
        outputKnown ? TokenCount.of(usage.path("output_tokens")) : Usage.ABSENT,
        Usage.ABSENT,
        TokenCount.of(usage.path("cache_read_input_tokens")),
        TokenCount.of(usage.path("cache_creation_input_tokens")),
        TokenCount.of(
            details.has(THINKING) ? details.path(THINKING) : details.path("reasoning_tokens")),
        false);
  }

  /** The count as Anthropic would tell it; clients insist on the two numbers that are always there. */
  static ObjectNode write(Usage usage) {
    ObjectNode written = DialectJson.object()
        .put("input_tokens", usage.uncached())
        .put("output_tokens", Usage.orZero(usage.completionWithReasoning()));
    if (usage.cacheRead() != Usage.ABSENT) {
      written.put("cache_read_input_tokens", usage.cacheRead());
    }
    if (usage.cacheWrite() != Usage.ABSENT) {
      written.put("cache_creation_input_tokens", usage.cacheWrite());
    }
    boolean isAnthropics = !usage.promptIncludesCache();
    if (usage.reasoning() > 0 || (isAnthropics && usage.reasoning() == 0)) {
      written.putObject(DETAILS).put(THINKING, usage.reasoning());
    }
    return written;
  }
}
