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
 * Ollama's {@code /api/chat} (Ollama's docs/api). A message is a text with images beside it; arguments of tools are objects,
 * and calls have ids only in later versions, so that an id is made of what is known where there is none.
 */
final class OllamaChatDialect implements Chat {
  static final String NAME = "ollama-chat";

  @Override
  public String protocol() {
    return NAME;
  }

  @Override
  public StreamFormat streams() {
    return StreamFormat.NDJSON;
  }

  @Override
  public Request request(ObjectNode body, String model, boolean stream) {
    return new OllamaRequestReader().read(body, model, stream);
  }

  @Override
  public ObjectNode request(Request request, Losses losses) {
    return new OllamaRequestWriter(losses).write(request);
  }

  @Override
  public Response answer(ObjectNode body) {
    return OllamaAnswers.read(body);
  }

  @Override
  public ObjectNode answer(Response answer, Request asked, Losses losses) {
    return OllamaAnswers.write(answer, asked, losses);
  }

  @Override
  public Transducer<Event, Delta> decoder() {
    return new OllamaStreamReader();
  }

  @Override
  public Transducer<Delta, Piece> encoder(Request asked, StreamFormat format) {
    return new OllamaStreamWriter(asked);
  }
}
