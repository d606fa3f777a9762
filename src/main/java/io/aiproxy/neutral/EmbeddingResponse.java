package io.aiproxy.neutral;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.aiproxy.usage.Usage;
import java.util.List;

/**
 * The vectors of texts, in their order. Immutable, but for the JSON that it holds, which nobody may change.
 *
 * @param model which one answered; empty if the provider did not say
 */
public record EmbeddingResponse(String model, List<Vector> vectors, Usage usage, Origin origin) {
  public EmbeddingResponse {
    vectors = List.copyOf(vectors);
  }

  /**
   * The vector of one text.
   *
   * @param values numbers, as the provider wrote them
   */
  public record Vector(ArrayNode values, Origin origin) {}
}
