package io.aiproxy.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aiproxy.json.Mappers;
import io.aiproxy.usage.Usage;
import java.io.IOException;
import java.util.Optional;

/**
 * Google's {@code usageMetadata}: cached tokens are among {@code promptTokenCount}, thoughts are beside
 * {@code candidatesTokenCount}, what tools gave the model to read is beside {@code promptTokenCount}, and
 * {@code totalTokenCount} is the sum of all (Google's API reference, {@code UsageMetadata}).
 */
final class GeminiUsage {
  private static final JsonMapper JSON = Mappers.mapper().build();

  private GeminiUsage() {}

  /** As Google counts; empty if it says nothing, as of a prompt that was refused. */
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
    return new Usage(
        TokenCount.of(usage.path("promptTokenCount")),
        TokenCount.of(usage.path("candidatesTokenCount")),
        TokenCount.of(usage.path("totalTokenCount")),
        TokenCount.of(usage.path("cachedContentTokenCount")),
        Usage.ABSENT,
        TokenCount.of(usage.path("thoughtsTokenCount")),
        true);
  }

  /** As others count: thoughts are among what was written, and what tools gave among what was read. */
  static Usage neutral(JsonNode usage) {
    Usage counted = read(usage);
    return new Usage(
        sum(counted.prompt(), TokenCount.of(usage.path("toolUsePromptTokenCount"))),
        sum(counted.completion(), counted.reasoning()),
        counted.total(),
        counted.cacheRead(),
        counted.cacheWrite(),
        counted.reasoning(),
        true);
  }

  private static long sum(long one, long other) {
    return one == Usage.ABSENT && other == Usage.ABSENT
        ? Usage.ABSENT
        : Math.min(Usage.MOST, Usage.orZero(one) + Usage.orZero(other));
  }

  /**
   * As Google counts.
   *
   * @param toolUse tokens among the prompt's that tools gave
   */
  static ObjectNode written(Usage usage, long toolUse) {
    ObjectNode written = GeminiJson.object();
    long cached = Usage.orZero(usage.cacheRead()) + Usage.orZero(usage.cacheWrite());
    long prompt = usage.prompt() == Usage.ABSENT
        ? Usage.ABSENT
        : Math.max(0, usage.prompt() + (usage.promptIncludesCache() ? 0 : cached) - toolUse);
    long completion = usage.completion() == Usage.ABSENT
        ? Usage.ABSENT
        : Math.max(0, usage.completionWithReasoning() - Usage.orZero(usage.reasoning()));
    put(written, "promptTokenCount", prompt);
    if (completion > 0 || usage.reasoning() <= 0) {
      put(written, "candidatesTokenCount", completion);
    }
    long known = Usage.orZero(prompt) + toolUse + Usage.orZero(usage.completionWithReasoning());
    put(written, "totalTokenCount", Math.max(usage.total(), known));
    put(written, "cachedContentTokenCount", usage.cacheRead());
    put(written, "thoughtsTokenCount", usage.reasoning());
    return written;
  }

  private static void put(ObjectNode written, String name, long count) {
    if (count != Usage.ABSENT) {
      written.put(name, count);
    }
  }
}
