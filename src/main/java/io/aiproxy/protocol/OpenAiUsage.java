package io.aiproxy.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aiproxy.json.Mappers;
import io.aiproxy.usage.Usage;
import java.io.IOException;
import java.util.Optional;

/**
 * The object {@code usage} of OpenAI and of those who speak its protocols. Chat says {@code prompt_tokens}, responses
 * {@code input_tokens}; cached tokens are among the prompt's, reasoning among the completion's. DeepSeek says
 * {@code prompt_cache_hit_tokens}, Mistral {@code num_cached_tokens}.
 */
final class OpenAiUsage {
  private static final JsonMapper JSON = Mappers.mapper().build();

  private OpenAiUsage() {}

  static Optional<Usage> read(byte[] bytes, int offset, int length, boolean whole) {
    if (!whole || bytes[offset] != '{') {
      return Optional.empty();
    }
    try {
      return said(JSON.readTree(bytes, offset, length));
    } catch (IOException notJson) {
      return Optional.empty();
    }
  }

  /** What such an object says; empty if that is nothing. */
  static Optional<Usage> said(JsonNode usage) {
    return Optional.of(read(usage)).filter(counted -> !counted.isAbsent());
  }

  /** The object as chat says it: all that was read is the prompt, all that was written the completion. */
  static ObjectNode write(Usage usage) {
    long prompt = Usage.orZero(usage.promptWithCache());
    long completion = Usage.orZero(usage.completionWithReasoning());
    ObjectNode written = JsonNodeFactory.instance
        .objectNode()
        .put("prompt_tokens", prompt)
        .put("completion_tokens", completion)
        .put("total_tokens", Math.max(Usage.orZero(usage.total()), prompt + completion));
    detail(written, "prompt_tokens_details", "cached_tokens", usage.cacheRead());
    detail(written, "prompt_tokens_details", "cache_write_tokens", usage.cacheWrite());
    detail(written, "completion_tokens_details", "reasoning_tokens", usage.reasoning());
    return written;
  }

  private static void detail(ObjectNode usage, String details, String name, long count) {
    if (count != Usage.ABSENT) {
      usage.withObject("/" + details).put(name, count);
    }
  }

  /** What such an object says, each count for itself. */
  static Usage read(JsonNode usage) {
    JsonNode in = first(usage, "prompt_tokens_details", "input_tokens_details");
    JsonNode out = first(usage, "completion_tokens_details", "output_tokens_details");
    return new Usage(
        TokenCount.of(first(usage, "prompt_tokens", "input_tokens")),
        TokenCount.of(first(usage, "completion_tokens", "output_tokens")),
        TokenCount.of(usage.path("total_tokens")),
        either(
            in.path("cached_tokens"),
            first(usage, "prompt_cache_hit_tokens", "cached_tokens", "num_cached_tokens")),
        TokenCount.of(first(
            in, "cache_write_tokens", "cache_creation_input_tokens", "cache_creation_tokens")),
        either(out.path("reasoning_tokens"), usage.path("reasoning_tokens")),
        true);
  }

  private static JsonNode first(JsonNode parent, String... names) {
    for (String name : names) {
      if (parent.hasNonNull(name)) {
        return parent.get(name);
      }
    }
    return parent.path(names[0]);
  }

  private static long either(JsonNode one, JsonNode other) {
    return TokenCount.of(one) == Usage.ABSENT ? TokenCount.of(other) : TokenCount.of(one);
  }
}
