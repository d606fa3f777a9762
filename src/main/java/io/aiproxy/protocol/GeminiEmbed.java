package io.aiproxy.protocol;

import com.fasterxml.jackson.databind.node.TextNode;
import io.aiproxy.json.JsonEditor;
import io.aiproxy.json.JsonPaths;
import io.aiproxy.json.JsonValue;
import io.aiproxy.json.JsonValue.Kind;
import io.aiproxy.ledger.Answer;
import io.aiproxy.wire.StreamFormat;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.function.Consumer;

/**
 * Google's embeddings: {@code embedContent} for one content and {@code batchEmbedContents} for several, which differ in the
 * form of the request as well as in the path. Only newer models count tokens.
 */
final class GeminiEmbed extends GeminiProtocol {
  private static final String REQUESTS = "requests";
  private static final String MODEL = "model";
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
        "gemini-embed-batch", "batchEmbedContents", body -> requireList(body, REQUESTS));
  }

  @Override
  public void check(JsonValue body) {
    check.accept(body);
  }

  @Override
  public Asked asked(String path, String query, JsonValue body) {
    return new Asked(model(path), StreamFormat.DOCUMENT, "", 0);
  }

  /** Each request of a batch says it again, and has to say the same as the address (Google's API description). */
  @Override
  public JsonEditor naming(String model, JsonValue body, boolean isAddressed) {
    JsonEditor named = super.naming(model, body, isAddressed);
    body.member(REQUESTS)
        .filter(requests -> requests.kind() == Kind.ARRAY)
        .ifPresent(requests -> named.set(REQUESTS, naming(model, requests)));
    return named;
  }

  private static byte[] naming(String model, JsonValue requests) {
    Splices splices = new Splices(requests, JsonEditor.encode(TextNode.valueOf(resource(model))));
    requests.first(request -> {
      request.member(MODEL).ifPresent(splices::replace);
      return false;
    });
    return splices.bytes();
  }

  /** Puts the same in the place of values within another one, in their order. */
  private static final class Splices {
    private final JsonValue whole;
    private final byte[] with;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private int at;

    Splices(JsonValue whole, byte[] with) {
      this.whole = whole;
      this.with = with;
      this.at = whole.from();
    }

    void replace(JsonValue value) {
      out.write(whole.bytes(), at, value.from() - at);
      out.writeBytes(with);
      at = value.to();
    }

    byte[] bytes() {
      out.write(whole.bytes(), at, whole.to() - at);
      at = whole.to();
      return out.toByteArray();
    }
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
