package io.aiproxy.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aiproxy.call.Problem;
import io.aiproxy.neutral.Chat;
import io.aiproxy.neutral.Delta;
import io.aiproxy.neutral.Losses;
import io.aiproxy.neutral.Origin;
import io.aiproxy.neutral.Part;
import io.aiproxy.neutral.Request;
import io.aiproxy.neutral.Response;
import io.aiproxy.stream.Piece;
import io.aiproxy.stream.Transducer;
import io.aiproxy.wire.Event;
import io.aiproxy.wire.StreamFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * How the responses API of OpenAI says what chats say (OpenAI's API description, {@code CreateResponse} and
 * {@code Response}).
 */
final class OpenAiResponsesDialect implements Chat {
  static final String NAME = "openai-responses";

  /** Of what is read in a stream. */
  static final Origin FOUND = new Origin(NAME, "", Origin.NONE.rest());

  /** How a text begins. */
  static final Part EMPTY = new Part.Text("", List.of(), FOUND);

  /** How a thought begins. */
  static final Part THOUGHT = new Part.Thought("", Optional.empty(), FOUND);

  /** What stands for a conversation that its provider alone has. */
  private static final List<String> STATE =
      List.of("previous_response_id", "conversation", "prompt", "background");

  /** The same among the items. */
  private static final Set<String> STATE_ITEMS =
      Set.of("item_reference", "compaction", "compaction_summary");

  static Problem bad(String path, String message) {
    return Problem.of(Problem.Kind.INVALID_REQUEST, path + " " + message).at(path);
  }

  @Override
  public String protocol() {
    return NAME;
  }

  @Override
  public Request request(ObjectNode body, String model, boolean stream) {
    return new ResponsesRequestReader(body).request(model, stream);
  }

  /**
   * {@inheritDoc} An earlier response, a conversation or a prompt that OpenAI keeps cannot be said to anybody else, nor can
   * it be asked to go on in the background.
   */
  @Override
  public void checkStandsAlone(Request request) {
    for (String member : STATE) {
      JsonNode value = request.origin().rest().path(member);
      if (!value.isMissingNode() && !value.isNull() && !value.equals(BooleanNode.FALSE)) {
        throw keptElsewhere(member);
      }
    }
    request.messages().stream()
        .flatMap(message -> message.parts().stream())
        .filter(part -> part instanceof Part.Other other
            && STATE_ITEMS.contains(other.json().path("type").asText()))
        .findFirst()
        .ifPresent(part -> {
          throw keptElsewhere(part.origin().path());
        });
  }

  private static Problem keptElsewhere(String path) {
    return bad(
        path,
        "is kept by a provider of the responses API, and this one has another: send the whole conversation as input");
  }

  @Override
  public ObjectNode request(Request request, Losses losses) {
    return new ResponsesRequestWriter(request, losses).written();
  }

  @Override
  public Response answer(ObjectNode body) {
    return ResponsesAnswers.read(body);
  }

  @Override
  public ObjectNode answer(Response answer, Request asked, Losses losses) {
    return ResponsesAnswers.write(answer, asked, losses);
  }

  @Override
  public Transducer<Event, Delta> decoder() {
    return new ResponsesDecoder();
  }

  @Override
  public Transducer<Delta, Piece> encoder(Request asked, StreamFormat format) {
    return new ResponsesEncoder(asked);
  }
}
