package io.aiproxy.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aiproxy.call.Problem;
import io.aiproxy.neutral.Logprob;
import io.aiproxy.neutral.Losses;
import io.aiproxy.neutral.Message;
import io.aiproxy.neutral.Origin;
import io.aiproxy.neutral.Part;
import io.aiproxy.neutral.Request;
import io.aiproxy.neutral.Response;
import io.aiproxy.neutral.Stop;
import io.aiproxy.usage.Usage;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Reads and writes answers of the responses API that are one document. */
final class ResponsesAnswers {
  private static final String NAME = OpenAiResponsesDialect.NAME;
  private static final Set<String> READ = Set.of("model", "created_at", "output");

  /** What only says again what was asked, what all answers have, or what is said in other words. */
  private static final Set<String> ECHOES = Set.of(
      "id",
      "status",
      "usage",
      "object",
      "completed_at",
      "background",
      "error",
      "incomplete_details",
      "instructions",
      "max_output_tokens",
      "max_tool_calls",
      "metadata",
      "output_text",
      "parallel_tool_calls",
      "previous_response_id",
      "prompt_cache_key",
      "prompt_cache_retention",
      "presence_penalty",
      "frequency_penalty",
      "reasoning",
      "safety_identifier",
      "service_tier",
      "status_details",
      "store",
      "temperature",
      "text",
      "tool_choice",
      "tools",
      "top_logprobs",
      "top_p",
      "truncation",
      "user");

  private ResponsesAnswers() {}

  static Response read(ObjectNode body) {
    String status = body.path("status").asText("");
    if (status.equals("failed") || status.equals("cancelled")) {
      throw Problem.of(
          Problem.Kind.UPSTREAM_ERROR,
          body.path("error").path("message").asText("the upstream's answer has " + status));
    }
    if (!body.path("output").isArray()) {
      throw Problem.of(Problem.Kind.UPSTREAM_BROKEN, "the upstream's answer has no output");
    }
    Message said = ResponsesItems.said(body.path("output"));
    Usage usage = OpenAiUsage.read(body.path("usage"));
    return new Response(
        body.path("id").asText(""),
        body.path("model").asText(""),
        body.path("created_at").asLong(),
        List.of(new Response.Candidate(
            said.parts(), stop(body, said.parts()), logprobs(body), said.origin())),
        usage.isAbsent() ? Usage.NONE : usage,
        Bookkeeping.all(Origin.of(NAME, "", body, READ, ECHOES)));
  }

  private static List<Logprob> logprobs(ObjectNode body) {
    List<Logprob> logprobs = new ArrayList<>();
    for (JsonNode item : body.path("output")) {
      for (JsonNode part : item.path("content")) {
        logprobs.addAll(ResponsesContent.logprobs(part.path("logprobs")));
      }
    }
    return logprobs;
  }

  /** A model that would not says so in a part of its own; nothing else tells. */
  static Stop stop(JsonNode response, List<Part> parts) {
    String status = response.path("status").asText("");
    if (status.equals("incomplete")) {
      String why = response.path("incomplete_details").path("reason").asText("");
      return new Stop(
          switch (why) {
            case "max_output_tokens" -> Stop.Reason.MAX_TOKENS;
            case "content_filter" -> Stop.Reason.FILTERED;
            default -> Stop.Reason.UNKNOWN;
          },
          "",
          why);
    }
    boolean calls = parts.stream().anyMatch(Part.ToolCall.class::isInstance);
    return new Stop(calls ? Stop.Reason.TOOL_CALLS : Stop.Reason.END, "", status);
  }

  static ObjectNode write(Response answer, Request asked, Losses losses) {
    ResponsesOutput output = new ResponsesOutput(asked, event -> {}, losses);
    output.begin(answer.id(), answer.model(), answer.created());
    List<Response.Candidate> candidates = answer.candidates();
    candidates.stream().limit(1).forEach(candidate -> {
      said(candidate, output);
      if (!candidate.origin().protocol().equals(NAME)) {
        candidate.origin().into(output.response(), NAME, losses);
      }
    });
    candidates.stream().skip(1).forEach(other -> losses.drop(other.origin().path()));
    output.count(answer.usage());
    ObjectNode written = output.end();
    answer.origin().into(written, NAME, losses);
    return written;
  }

  /** How likely the tokens were is said of the first text. */
  private static void said(Response.Candidate candidate, ResponsesOutput output) {
    List<Logprob> logprobs = candidate.logprobs();
    for (Part part : candidate.parts()) {
      output.open(part);
      if (part instanceof Part.Text && !logprobs.isEmpty()) {
        output.weigh(logprobs);
        logprobs = List.of();
      }
      output.close();
    }
    output.stop(candidate.stop());
  }
}
