package io.aiproxy.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aiproxy.call.Problem;
import io.aiproxy.neutral.Citation;
import io.aiproxy.neutral.Logprob;
import io.aiproxy.neutral.Losses;
import io.aiproxy.neutral.Origin;
import io.aiproxy.neutral.Part;
import io.aiproxy.neutral.Response;
import io.aiproxy.neutral.Response.Candidate;
import io.aiproxy.neutral.Stop;
import io.aiproxy.usage.Usage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads and writes the answers of Cohere's chat, and what they have in common with its streams. They name no model. */
final class CohereAnswers {
  private static final String NAME = CohereChatDialect.NAME;
  private static final Set<String> OF_MESSAGE =
      Set.of("role", "content", "tool_plan", "tool_calls", "citations");

  private final Losses losses;

  CohereAnswers(Losses losses) {
    this.losses = losses;
  }

  static Response read(ObjectNode body) {
    if (!(body.path("message") instanceof ObjectNode message)) {
      throw Problem.of(Problem.Kind.UPSTREAM_BROKEN, "the upstream's answer has no message");
    }
    List<Logprob> logprobs = new ArrayList<>();
    body.path("logprobs").forEach(item -> logprobs.add(CohereParts.logprob(item)));
    Candidate only = new Candidate(
        CohereParts.said(message, "message"),
        stop(body.path("finish_reason").asText()),
        logprobs,
        Origin.of(NAME, "message", message, OF_MESSAGE));
    return new Response(
        body.path("id").asText(),
        "",
        0,
        List.of(only),
        CohereChat.usage(body.path("usage")).orElse(Usage.NONE),
        Bookkeeping.all(Nesting.origin(
            NAME,
            "",
            body,
            Set.of("id", "message", "finish_reason", "logprobs"),
            "usage",
            Set.of("tokens", "cached_tokens"))));
  }

  ObjectNode write(Response answer) {
    ObjectNode written = JsonNodeFactory.instance.objectNode().put("id", answer.id());
    Optional<Candidate> first = answer.candidates().stream().findFirst();
    ObjectNode message = written.putObject("message").put("role", "assistant");
    first.ifPresent(candidate -> {
      candidate.parts().forEach(part -> part(part, message));
      candidate.origin().into(message, NAME, losses);
    });
    answer.candidates().stream()
        .skip(1)
        .forEach(candidate -> losses.drop(candidate.origin().path()));
    written.put(
        "finish_reason", word(first.map(Candidate::stop).orElse(Stop.of(Stop.Reason.UNKNOWN))));
    usage(answer.usage()).ifPresent(usage -> written.set("usage", usage));
    first
        .map(Candidate::logprobs)
        .filter(all -> !all.isEmpty())
        .ifPresent(all -> all.forEach(
            logprob -> written.withArrayProperty("logprobs").add(CohereParts.logprob(logprob))));
    Nesting.restore(answer.origin(), written, "usage", NAME, losses);
    return written;
  }

  private void part(Part part, ObjectNode message) {
    if (part instanceof Part.Text words) {
      text(words, message);
    } else if (part instanceof Part.Refusal words) {
      content(message).put("type", "text").put("text", words.text());
    } else if (part instanceof Part.Thought thought) {
      thought(thought, message);
    } else if (part instanceof Part.ToolCall call) {
      ObjectNode written = CohereParts.call(call);
      Nesting.restore(call.origin(), written, "function", NAME, losses);
      message.withArrayProperty("tool_calls").add(written);
    } else {
      losses.drop(part.origin().path());
    }
  }

  private void text(Part.Text words, ObjectNode message) {
    int index = message.path("content").size();
    ObjectNode written = content(message).put("type", "text").put("text", words.text());
    words.origin().into(written, NAME, losses);
    for (Citation citation : words.citations()) {
      ObjectNode cited = CohereParts.citation(citation, words.text());
      if (!citation.origin().protocol().equals(NAME)) {
        cited.put("content_index", index);
      }
      message.withArrayProperty("citations").add(cited);
    }
  }

  private void thought(Part.Thought thought, ObjectNode message) {
    if (CohereParts.isPlan(thought)) {
      message.put(CohereChatDialect.PLAN, thought.text());
    } else if (!thought.text().isEmpty()) {
      content(message).put("type", "thinking").put("thinking", thought.text());
    }
    thought.signature().ifPresent(signed -> losses.drop(thought.origin().at("signature")));
  }

  private static ObjectNode content(ObjectNode message) {
    return message.withArrayProperty("content").addObject();
  }

  /** What the model read includes what came from a cache. */
  static Optional<ObjectNode> usage(Usage usage) {
    if (usage.isAbsent()) {
      return Optional.empty();
    }
    ObjectNode written = JsonNodeFactory.instance.objectNode();
    ObjectNode tokens = written.putObject("tokens");
    long cached = Usage.orZero(usage.cacheRead()) + Usage.orZero(usage.cacheWrite());
    tokens.put(
        "input_tokens", Usage.orZero(usage.prompt()) + (usage.promptIncludesCache() ? 0 : cached));
    tokens.put("output_tokens", Usage.orZero(usage.completion()));
    if (usage.cacheRead() != Usage.ABSENT) {
      written.put("cached_tokens", usage.cacheRead());
    }
    return Optional.of(written);
  }

  static Stop stop(String word) {
    Stop.Reason reason = switch (word) {
      case "COMPLETE" -> Stop.Reason.END;
      case "STOP_SEQUENCE" -> Stop.Reason.STOP_SEQUENCE;
      case "MAX_TOKENS" -> Stop.Reason.MAX_TOKENS;
      case "TOOL_CALL" -> Stop.Reason.TOOL_CALLS;
      case "ERROR", "TIMEOUT" -> Stop.Reason.FAILED;
      default -> Stop.Reason.UNKNOWN;
    };
    return new Stop(reason, "", word);
  }

  /** There is no word for a filter's work; that of an error says at least that the answer is not whole. */
  static String word(Stop stop) {
    return switch (stop.reason()) {
      case END, REFUSED, PAUSED, UNKNOWN -> "COMPLETE";
      case STOP_SEQUENCE -> "STOP_SEQUENCE";
      case MAX_TOKENS -> "MAX_TOKENS";
      case TOOL_CALLS -> "TOOL_CALL";
      case FILTERED, FAILED -> stop.word().equals("TIMEOUT") ? "TIMEOUT" : "ERROR";
    };
  }

  /** What the end of a stream says; a {@code path} of it may be missing. */
  static Optional<String> error(JsonNode end) {
    return Optional.of(end.path("error").asText()).filter(error -> !error.isEmpty());
  }
}
