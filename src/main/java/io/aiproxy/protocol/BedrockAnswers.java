package io.aiproxy.protocol;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aiproxy.call.Problem;
import io.aiproxy.neutral.Losses;
import io.aiproxy.neutral.Origin;
import io.aiproxy.neutral.Part;
import io.aiproxy.neutral.Response;
import io.aiproxy.neutral.Stop;
import java.util.List;
import java.util.Set;

/** Answers of Converse that are one document. */
final class BedrockAnswers {
  private static final String NAME = BedrockConverse.NAME;
  private static final String CONTENT = "output.message.content";

  /** How long the service took is of no use to anybody else. */
  private static final Set<String> UNDERSTOOD = Set.of("output", "stopReason", "usage", "metrics");

  private BedrockAnswers() {}

  static Response read(ObjectNode body) {
    if (!(body.path("output").path("message") instanceof ObjectNode message)) {
      throw Problem.of(Problem.Kind.UPSTREAM_BROKEN, "the upstream's answer has no message in it");
    }
    Response.Candidate only = new Response.Candidate(
        new BedrockBlocks().read(message.path("content"), CONTENT),
        BedrockStops.read(body.path("stopReason").asText()),
        List.of(),
        Origin.of(NAME, "output.message", message, Set.of("role", "content")));
    return new Response(
        "",
        "",
        0,
        List.of(only),
        BedrockUsage.of(body.path("usage")),
        Bookkeeping.but(
            Origin.of(NAME, "", body, UNDERSTOOD), "additionalModelResponseFields"::equals));
  }

  /** There is one answer in Converse; others are lost. */
  static ObjectNode write(Response answer, Losses losses) {
    ObjectNode body = BedrockJson.object();
    ObjectNode message = body.putObject("output").putObject("message").put("role", "assistant");
    BedrockBlockWriter writer = new BedrockBlockWriter(losses);
    answer.candidates().stream().limit(1).forEach(candidate -> {
      ArrayNode content = message.putArray("content");
      candidate.parts().forEach(part -> {
        if (part instanceof Part.Thought thought) {
          content.add(writer.reasoning(thought));
        } else {
          writer.write(List.of(part), content);
        }
      });
      candidate.origin().into(message, NAME, losses);
      if (!candidate.logprobs().isEmpty()) {
        losses.drop(candidate.origin().at("logprobs"));
      }
    });
    answer.candidates().stream()
        .skip(1)
        .forEach(more -> losses.drop(more.origin().path()));
    body.put("stopReason", BedrockStops.write(stop(answer)));
    BedrockUsage.write(answer.usage(), body.putObject("usage"));
    answer.origin().into(body, NAME, losses);
    return body;
  }

  private static Stop stop(Response answer) {
    return answer.candidates().isEmpty()
        ? Stop.of(Stop.Reason.UNKNOWN)
        : answer.candidates().get(0).stop();
  }
}
