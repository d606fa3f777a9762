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

/** Google's {@code generateContent} in neutral terms. Model and stream are in the address of a request. */
final class GeminiGenerateDialect implements Chat {
  @Override
  public String protocol() {
    return GeminiJson.PROTOCOL;
  }

  @Override
  public String streamQuery() {
    return "alt=sse";
  }

  @Override
  public Request request(ObjectNode body, String model, boolean stream) {
    return GeminiRequests.read(body, model, stream);
  }

  @Override
  public ObjectNode request(Request request, Losses losses) {
    return GeminiRequests.written(request, losses);
  }

  @Override
  public Response answer(ObjectNode body) {
    return GeminiAnswers.read(body);
  }

  @Override
  public ObjectNode answer(Response answer, Request asked, Losses losses) {
    return GeminiAnswers.written(answer, losses);
  }

  @Override
  public Transducer<Event, Delta> decoder() {
    return new GeminiDecoder();
  }

  @Override
  public Transducer<Delta, Piece> encoder(Request asked, StreamFormat format) {
    return new GeminiEncoder(format);
  }
}
