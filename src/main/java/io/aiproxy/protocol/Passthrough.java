package io.aiproxy.protocol;

import io.aiproxy.json.JsonPaths;
import io.aiproxy.json.JsonValue;
import io.aiproxy.json.JsonValue.Kind;
import io.aiproxy.ledger.Answer;
import io.aiproxy.stream.Piece;

/**
 * Whatever is in no other protocol: goes to the same path with the same method. Of the answer only an object {@code usage}
 * is read, as OpenAI's images and transcriptions have it.
 */
final class Passthrough extends OpenAiProtocol {
  private static final JsonPaths PATHS = JsonPaths.builder().add("usage", 0).build();

  private final boolean counts;

  /**
   * @param counts whether usage in an answer is that of the request; it is another one's if the request fetched something
   */
  Passthrough(boolean counts) {
    super(Protocols.PASSTHROUGH);
    this.counts = counts;
  }

  @Override
  public boolean detects(String path, JsonValue body) {
    return (body.kind() == Kind.OBJECT || body.kind() == Kind.ARRAY) && !body.isEmpty();
  }

  /** What the members mean is not known here, so none is refused. */
  @Override
  public void check(JsonValue body) {}

  @Override
  public Reading read(Answer answer, boolean isStream) {
    JsonReading usage = new JsonReading(PATHS, isStream, new Words(answer));
    return new Reading() {
      @Override
      public void next(Piece piece) {
        answer.output();
        if (counts) {
          usage.next(piece);
        }
      }

      @Override
      public void end() {
        if (counts) {
          usage.end();
        }
        answer.completed();
      }
    };
  }

  private record Words(Answer answer) implements JsonReading.Words {
    @Override
    public void value(int tag, byte[] bytes, int offset, int length, boolean whole) {
      OpenAiUsage.read(bytes, offset, length, whole).ifPresent(answer::usage);
    }

    @Override
    public void done() {}
  }
}
