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

/** How Amazon Bedrock's Converse says what other chat protocols say too. Model and stream are in its address, not its body. */
final class BedrockConverseDialect implements Chat {
  @Override
  public String protocol() {
    return BedrockConverse.NAME;
  }

  @Override
  public StreamFormat streams() {
    return StreamFormat.EVENT_STREAM;
  }

  @Override
  public Request request(ObjectNode body, String model, boolean stream) {
    return new BedrockRequestReader(body).read(model, stream);
  }

  @Override
  public ObjectNode request(Request request, Losses losses) {
    return new BedrockRequestWriter(request, losses).write();
  }

  @Override
  public Response answer(ObjectNode body) {
    return BedrockAnswers.read(body);
  }

  @Override
  public ObjectNode answer(Response answer, Request asked, Losses losses) {
    return BedrockAnswers.write(answer, losses);
  }

  @Override
  public Transducer<Event, Delta> decoder() {
    return new BedrockStreamDecoder();
  }

  @Override
  public Transducer<Delta, Piece> encoder(Request asked, StreamFormat format) {
    return new BedrockStreamEncoder();
  }
}
