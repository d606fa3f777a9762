package io.aiproxy.protocol;

import io.aiproxy.call.Failure;
import io.aiproxy.call.Protocol;
import io.aiproxy.json.JsonValue;
import io.aiproxy.ledger.Answer;
import io.aiproxy.stream.Piece;
import io.aiproxy.wire.StreamFormat;

/** Anthropic's count of what a request would cost: no model is asked, so the answer tells nothing of usage. */
final class AnthropicTokenCount implements Protocol {
  static final String NAME = "anthropic-count-tokens";

  private static final Protocol MESSAGES = new AnthropicMessages();

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public boolean isEndpoint(String path) {
    return path.endsWith("/v1/messages/count_tokens");
  }

  @Override
  public boolean detects(String path, JsonValue body) {
    return isEndpoint(path);
  }

  @Override
  public void check(JsonValue body) {
    MESSAGES.check(body);
  }

  @Override
  public Asked asked(String path, String query, JsonValue body) {
    Asked counted = MESSAGES.asked(path, query, body);
    return new Asked(counted.model(), StreamFormat.DOCUMENT, counted.endUser(), counted.tools());
  }

  @Override
  public Reading read(Answer answer, boolean isStream) {
    return new Reading() {
      @Override
      public void next(Piece piece) {}

      @Override
      public void end() {
        answer.completed();
      }
    };
  }

  @Override
  public Failure failure(int status, JsonValue body) {
    return MESSAGES.failure(status, body);
  }

  @Override
  public byte[] error(Failure failure) {
    return MESSAGES.error(failure);
  }

  @Override
  public byte[] errorEvent(Failure failure, StreamFormat format) {
    return MESSAGES.errorEvent(failure, format);
  }

  @Override
  public String toString() {
    return name();
  }
}
