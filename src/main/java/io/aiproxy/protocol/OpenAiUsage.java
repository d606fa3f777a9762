package io.aiproxy.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
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
      return Optional.of(read(JSON.readTree(bytes, offset, length)))
          .filter(usage -> !usage.isAbsent());
    } catch (IOException notJson) {
      return Optional.empty();
    }
  }

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
