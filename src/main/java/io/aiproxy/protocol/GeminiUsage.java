package io.aiproxy.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
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
}
