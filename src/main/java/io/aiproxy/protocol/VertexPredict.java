package io.aiproxy.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import io.aiproxy.json.JsonPaths;
import io.aiproxy.json.JsonValue;
import io.aiproxy.ledger.Answer;
import io.aiproxy.usage.Usage;
import io.aiproxy.wire.StreamFormat;
import java.io.IOException;
import java.util.List;

/**
 * Predictions of Vertex AI, of which the embeddings are read: each says how many tokens its text had (Google's API
 * description, {@code TextEmbeddingPredictionResult.statistics.token_count}).
 */
final class VertexPredict extends GeminiProtocol {
  private static final int TOKENS = 0;
  private static final JsonPaths PATHS = JsonPaths.builder()
      .add("predictions[].embeddings.statistics.token_count", TOKENS)
      .build();

  VertexPredict() {
    super("vertex-predict", List.of("predict"));
  }

  @Override
  public void check(JsonValue body) {
    requireList(body, "instances");
  }

  @Override
  public Asked asked(String path, String query, JsonValue body) {
    return new Asked(model(path), StreamFormat.DOCUMENT, "", 0);
  }

  @Override
  public Reading read(Answer answer, boolean isStream) {
    return new JsonReading(PATHS, isStream, new Words(answer));
  }

  /** Adds up. For one answer. */
  private static final class Words implements JsonReading.Words {
    private final Answer answer;
    private long tokens;

    private Words(Answer answer) {
      this.answer = answer;
    }

    @Override
    public void value(int tag, byte[] bytes, int offset, int length, boolean whole) {
      tokens += Usage.orZero(whole ? count(bytes, offset, length) : Usage.ABSENT);
      if (tokens > 0 && tokens <= Usage.MOST) {
        answer.usage(VertexPredict.usage(tokens));
      }
    }

    private static long count(byte[] bytes, int offset, int length) {
      try {
        JsonNode number = JsonReading.JSON.readTree(bytes, offset, length);
        return TokenCount.of(number);
      } catch (IOException notJson) {
        return Usage.ABSENT;
      }
    }

    @Override
    public void done() {
      answer.completed();
    }
  }

  /** Of prompts alone: nothing is written. */
  static Usage usage(long tokens) {
    return new Usage(tokens, Usage.ABSENT, tokens, Usage.ABSENT, Usage.ABSENT, Usage.ABSENT, true);
  }
}
