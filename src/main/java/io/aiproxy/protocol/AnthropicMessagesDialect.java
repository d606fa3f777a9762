package io.aiproxy.protocol;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aiproxy.neutral.Chat;
import io.aiproxy.neutral.Delta;
import io.aiproxy.neutral.Losses;
import io.aiproxy.neutral.Request;
import io.aiproxy.neutral.Response;
import io.aiproxy.stream.Piece;
import io.aiproxy.stream.Transducer;
import io.aiproxy.wire.Event;
import io.aiproxy.wire.StreamFormat;

/** How Anthropic's Messages API says what others say too. */
final class AnthropicMessagesDialect implements Chat {
  @Override
  public String protocol() {
    return AnthropicMessages.NAME;
  }

  @Override
  public Request request(ObjectNode body, String model, boolean stream) {
    return new AnthropicRequestReader(body).read(model, stream);
  }

  @Override
  public ObjectNode request(Request request, Losses losses) {
    return new AnthropicRequestWriter(request, losses).write();
  }

  @Override
  public Response answer(ObjectNode body) {
    return AnthropicAnswers.read(body);
  }

  @Override
  public ObjectNode answer(Response answer, Request asked, Losses losses) {
    return AnthropicAnswers.write(answer, asked, losses);
  }

  @Override
  public Transducer<Event, Delta> decoder() {
    return new AnthropicStreamReader();
  }

  @Override
  public Transducer<Delta, Piece> encoder(Request asked, StreamFormat format) {
    return new AnthropicStreamWriter(asked);
  }
}
