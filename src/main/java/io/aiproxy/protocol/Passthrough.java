package io.aiproxy.protocol;

import io.aiproxy.json.JsonValue;
import io.aiproxy.json.JsonValue.Kind;
import io.aiproxy.ledger.Answer;
import io.aiproxy.stream.Piece;

/** Any other JSON: goes to the same path with the same method, and nothing is read of the answer. */
final class Passthrough extends OpenAiProtocol {
  Passthrough() {
    super(Protocols.PASSTHROUGH);
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
    return new Reading() {
      @Override
      public void next(Piece piece) {
        answer.output();
      }

      @Override
      public void end() {
        answer.completed();
      }
    };
  }
}
