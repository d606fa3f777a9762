package io.aiproxy.protocol;

import io.aiproxy.json.JsonPaths;
import io.aiproxy.json.JsonValue;
import io.aiproxy.ledger.Answer;
import io.aiproxy.wire.StreamFormat;

/** Embeddings. They are never streamed, and nothing is written: their usage is the prompt alone. */
final class OpenAiEmbeddings extends OpenAiProtocol {
  private static final int USAGE = 0;
  private static final int MODEL = 1;
  private static final JsonPaths PATHS =
      JsonPaths.builder().add("usage", USAGE).add("model", MODEL).build();

  OpenAiEmbeddings() {
    super("openai-embeddings");
  }

  @Override
  public boolean isEndpoint(String path) {
    return path.endsWith("/embeddings");
  }

  @Override
  public boolean detects(String path, JsonValue body) {
    return body.has("input");
  }

  @Override
  public Asked asked(String path, String query, JsonValue body) {
    Asked asked = super.asked(path, query, body);
    return new Asked(asked.model(), StreamFormat.DOCUMENT, asked.endUser(), 0);
  }

  @Override
  public Reading read(Answer answer, boolean isStream) {
    return new JsonReading(PATHS, isStream, new Words(answer));
  }

  private record Words(Answer answer) implements JsonReading.Words {
    @Override
    public void value(int tag, byte[] bytes, int offset, int length, boolean whole) {
      if (tag == USAGE) {
        OpenAiUsage.read(bytes, offset, length, whole).ifPresent(answer::usage);
      } else if (tag == MODEL && bytes[offset] == '"') {
        answer.model(JsonReading.text(bytes, offset, length));
      }
    }

    @Override
    public void done() {
      answer.completed();
    }
  }
}
