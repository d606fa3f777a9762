package io.aiproxy.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.aiproxy.json.Mappers;
import io.aiproxy.usage.Usage;
import java.io.IOException;
import java.math.BigDecimal;
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

  private static Usage read(JsonNode usage) {
    JsonNode in = first(usage, "prompt_tokens_details", "input_tokens_details");
    JsonNode out = first(usage, "completion_tokens_details", "output_tokens_details");
    return new Usage(
        count(first(usage, "prompt_tokens", "input_tokens")),
        count(first(usage, "completion_tokens", "output_tokens")),
        count(usage.path("total_tokens")),
        either(
            in.path("cached_tokens"),
            first(usage, "prompt_cache_hit_tokens", "cached_tokens", "num_cached_tokens")),
        count(first(
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
    return count(one) == Usage.ABSENT ? count(other) : count(one);
  }

  /** A whole number of tokens that can be believed; else it counts as not said. */
  static long count(JsonNode number) {
    if (!number.isNumber()) {
      return Usage.ABSENT;
    }
    if (!number.isIntegralNumber() && !Double.isFinite(number.doubleValue())) {
      return Usage.ABSENT;
    }
    BigDecimal exact = number.decimalValue();
    boolean believable =
        exact.signum() >= 0 && exact.compareTo(BigDecimal.valueOf(Usage.MOST)) <= 0;
    return believable ? exact.longValue() : Usage.ABSENT;
  }
}
