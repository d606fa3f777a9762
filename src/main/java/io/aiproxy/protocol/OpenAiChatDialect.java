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

/**
 * Chat completions, as OpenAI describes them and as those extend them who speak them too: thoughts in
 * {@code reasoning_content} or {@code reasoning}, content in parts, and signatures in Google's {@code extra_content}.
 */
final class OpenAiChatDialect implements Chat {
  static final String PROTOCOL = "openai-chat";

  @Override
  public String protocol() {
    return PROTOCOL;
  }

  @Override
  public Request request(ObjectNode body, String model, boolean stream) {
    return new OpenAiChatRequestReader(new Place(body, "")).read(model, stream);
  }

  @Override
  public ObjectNode request(Request request, Losses losses) {
    return new OpenAiChatRequestWriter(request, losses).write();
  }

  @Override
  public Response answer(ObjectNode body) {
    return OpenAiChatAnswerReader.read(body);
  }

  @Override
  public ObjectNode answer(Response answer, Request asked, Losses losses) {
    return new OpenAiChatAnswerWriter(losses).write(answer, asked);
  }

  @Override
  public Transducer<Event, Delta> decoder() {
    return new OpenAiChatDecoder();
  }

  @Override
  public Transducer<Delta, Piece> encoder(Request asked, StreamFormat format) {
    return new OpenAiChatEncoder(asked);
  }

  @Override
  public String toString() {
    return PROTOCOL;
  }
}
