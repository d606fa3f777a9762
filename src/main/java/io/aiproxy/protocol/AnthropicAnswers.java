package io.aiproxy.protocol;

import static io.aiproxy.protocol.DialectJson.string;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aiproxy.call.Problem;
import io.aiproxy.neutral.Losses;
import io.aiproxy.neutral.Origin;
import io.aiproxy.neutral.Request;
import io.aiproxy.neutral.Response;
import io.aiproxy.neutral.Response.Candidate;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Anthropic's answers that are one document: a message. */
final class AnthropicAnswers {
  private static final String USAGE = "usage";
  private static final String CONTENT = "content";
  private static final Set<String> OF_MESSAGE =
      Set.of("id", "type", "role", "model", CONTENT, "stop_reason", "stop_sequence", USAGE);
  private static final Set<String> OF_USAGE = ofUsage();

  private AnthropicAnswers() {}

  private static Set<String> ofUsage() {
    Set<String> names = new HashSet<>(AnthropicUsage.COUNTS);
    names.add("output_tokens_details");
    return Set.copyOf(names);
  }

  /**
   * Reads one.
   *
   * @throws Problem if it is none
   */
  static Response read(ObjectNode body) {
    JsonNode content = body.path(CONTENT);
    if (!content.isArray()) {
      throw Problem.of(Problem.Kind.UPSTREAM_BROKEN, "no content in response");
    }
    JsonNode usage = body.path(USAGE);
    Origin ofUsage = usage instanceof ObjectNode counts
        ? Bookkeeping.all(Origin.of(AnthropicMessages.NAME, USAGE, counts, OF_USAGE))
        : Origin.NONE;
    Candidate only = new Candidate(
        new AnthropicBlockReader().parts(content, CONTENT),
        AnthropicStops.read(body),
        List.of(),
        ofUsage);
    return new Response(
        string(body, "id"),
        string(body, "model"),
        0,
        List.of(only),
        AnthropicUsage.read(usage, true),
        Bookkeeping.all(Origin.of(AnthropicMessages.NAME, "", body, OF_MESSAGE)));
  }

  /** Writes one; a client is told the model that was asked for, as clients of Apache APISIX are. */
  static ObjectNode write(Response answer, Request asked, Losses losses) {
    boolean isOurs = answer.origin().protocol().equals(AnthropicMessages.NAME);
    Candidate candidate = only(answer, losses);
    ObjectNode body = DialectJson.object()
        .put("id", id(answer.id(), asked))
        .put("type", "message")
        .put("role", "assistant")
        .put("model", isOurs || asked.model().isEmpty() ? answer.model() : asked.model());
    ArrayNode content = body.putArray(CONTENT);
    new AnthropicBlockWriter(true, losses).add(candidate.parts(), content);
    if (content.isEmpty() && !isOurs) {
      content.add(DialectJson.typed("text").put("text", ""));
    }
    AnthropicStops.write(candidate.stop(), body);
    ObjectNode usage = AnthropicUsage.write(answer.usage());
    candidate.origin().into(usage, AnthropicMessages.NAME, losses);
    body.set(USAGE, usage);
    answer.origin().into(body, AnthropicMessages.NAME, losses);
    return body;
  }

  /** A provider's own, or one that is made up of what is asked: it goes with the conversation. */
  static String id(String id, Request asked) {
    return id.isEmpty() ? "msg_" + Integer.toHexString(asked.messages().hashCode()) : id;
  }

  private static Candidate only(Response answer, Losses losses) {
    if (answer.candidates().isEmpty()) {
      throw Problem.of(Problem.Kind.UPSTREAM_BROKEN, "no answer in response");
    }
    Candidate first = answer.candidates().get(0);
    answer.candidates().stream()
        .skip(1)
        .forEach(other -> losses.drop(other.origin().path()));
    if (!first.logprobs().isEmpty()) {
      losses.drop(first.origin().at("logprobs"));
    }
    return first;
  }
}
