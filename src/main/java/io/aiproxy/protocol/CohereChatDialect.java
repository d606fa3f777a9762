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
 * The second version of Cohere's chat (Cohere's API reference). A plan for tools is a thought: the model speaks to itself there,
 * and says what it has to say in its content.
 */
final class CohereChatDialect implements Chat {
  static final String NAME = "cohere-chat";

  /** Where a plan stands, which sets it apart from other thoughts. */
  static final String PLAN = "tool_plan";

  @Override
  public String protocol() {
    return NAME;
  }

  @Override
  public Request request(ObjectNode body, String model, boolean stream) {
    return CohereRequestReader.read(body, model, stream);
  }

  @Override
  public ObjectNode request(Request request, Losses losses) {
    return new CohereRequestWriter(losses).write(request);
  }

  @Override
  public Response answer(ObjectNode body) {
    return CohereAnswers.read(body);
  }

  @Override
  public ObjectNode answer(Response answer, Request asked, Losses losses) {
    return new CohereAnswers(losses).write(answer);
  }

  @Override
  public Transducer<Event, Delta> decoder() {
    return new CohereStreamReader();
  }

  @Override
  public Transducer<Delta, Piece> encoder(Request asked, StreamFormat format) {
    return new CohereStreamWriter();
  }
}
