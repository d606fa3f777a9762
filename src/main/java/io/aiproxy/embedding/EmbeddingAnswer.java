package io.aiproxy.embedding;

import io.aiproxy.json.BadJson;
import io.aiproxy.json.JsonLimits;
import io.aiproxy.json.JsonValue;
import io.aiproxy.json.JsonValue.Kind;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** {@code {"data": [{"index": 0, "embedding": [0.1, ...]}, ...]}}, as OpenAI describes it. Believes nothing. */
final class EmbeddingAnswer {
  private static final int MOST_DIMENSIONS = 16 * 1024;
  private static final JsonLimits LIMITS = new JsonLimits(16, 1_024, 100, 1 << 20, 1_000);

  private EmbeddingAnswer() {}

  /**
   * The vectors of an answer, in the order of the texts.
   *
   * @param count of the texts
   */
  static List<Vector> read(byte[] body, int count) throws NoVectors {
    try {
      List<Vector> vectors = vectors(data(body, count), count);
      if (vectors.stream().mapToInt(Vector::size).distinct().count() != 1) {
        throw NoVectors.ofThese("the endpoint's vectors are not of one size");
      }
      return vectors;
    } catch (BadJson | IllegalArgumentException garbage) {
      throw NoVectors.ofThese("the endpoint's answer is not one with vectors");
    }
  }

  private static List<JsonValue> data(byte[] body, int count) throws BadJson, NoVectors {
    Optional<JsonValue> data = JsonValue.parse(body, 0, body.length, LIMITS).member("data");
    if (data.filter(list -> list.kind() == Kind.ARRAY && list.size() == count).isEmpty()) {
      throw NoVectors.ofThese("the endpoint's answer has not one vector for each text");
    }
    return data.get().elements();
  }

  private static List<Vector> vectors(List<JsonValue> data, int count) {
    Map<Integer, Vector> placed = new TreeMap<>();
    for (int i = 0; i < count; i++) {
      placed.put(place(data.get(i), i), vector(data.get(i)));
    }
    if (placed.size() < count || !placed.containsKey(0) || !placed.containsKey(count - 1)) {
      throw new IllegalArgumentException("places are missing");
    }
    return List.copyOf(placed.values());
  }

  /** Where it belongs; some leave that out, and mean the order. */
  private static int place(JsonValue item, int otherwise) {
    return item.member("index").map(index -> Integer.parseInt(index.text())).orElse(otherwise);
  }

  private static Vector vector(JsonValue item) {
    JsonValue numbers = item.member("embedding")
        .filter(list -> list.holdsOnly(Kind.NUMBER) && list.size() <= MOST_DIMENSIONS)
        .orElseThrow(() -> new IllegalArgumentException("no list of numbers"));
    List<JsonValue> elements = numbers.elements();
    float[] parts = new float[elements.size()];
    for (int i = 0; i < parts.length; i++) {
      parts[i] = Float.parseFloat(elements.get(i).raw());
    }
    return Vector.of(parts);
  }
}
