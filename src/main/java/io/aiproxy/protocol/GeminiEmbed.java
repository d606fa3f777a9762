package io.aiproxy.protocol;

import io.aiproxy.json.JsonPaths;
import io.aiproxy.json.JsonValue;
import io.aiproxy.ledger.Answer;
import io.aiproxy.wire.StreamFormat;
import java.util.List;
import java.util.function.Consumer;

/**
 * Google's embeddings: {@code embedContent} for one content and {@code batchEmbedContents} for several, which differ in the
 * form of the request as well as in the path. Only newer models count tokens.
 */
final class GeminiEmbed extends GeminiProtocol {
  private static final int USAGE = 0;
  private static final JsonPaths PATHS =
      JsonPaths.builder().add("usageMetadata", USAGE).build();

  private final Consumer<JsonValue> check;

  private GeminiEmbed(String name, String method, Consumer<JsonValue> check) {
    super(name, List.of(method));
    this.check = check;
  }

  static GeminiEmbed one() {
    return new GeminiEmbed("gemini-embed", "embedContent", body -> requireObject(body, "content"));
  }

  static GeminiEmbed batch() {
    return new GeminiEmbed(
        "gemini-embed-batch", "batchEmbedContents", body -> requireList(body, "requests"));
  }

  @Override
  public void check(JsonValue body) {
    check.accept(body);
  }

  @Override
  public Asked asked(String path, String query, JsonValue body) {
    return new Asked(model(path), StreamFormat.DOCUMENT, "", 0);
  }

  @Override
  public Reading read(Answer answer, boolean isStream) {
    return new JsonReading(PATHS, isStream, new Words(answer));
  }

  private record Words(Answer answer) implements JsonReading.Words {
    @Override
    public void value(int tag, byte[] bytes, int offset, int length, boolean whole) {
      GeminiUsage.read(bytes, offset, length, whole).ifPresent(answer::usage);
    }

    @Override
    public void done() {
      answer.completed();
    }
  }
}
