package io.aiproxy.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aiproxy.call.Problem;
import io.aiproxy.neutral.Losses;
import io.aiproxy.neutral.Origin;
import io.aiproxy.neutral.Part;
import io.aiproxy.neutral.Request;
import io.aiproxy.neutral.Response;
import io.aiproxy.neutral.Response.Candidate;
import io.aiproxy.neutral.Stop;
import io.aiproxy.usage.Usage;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads and writes the answers of Ollama's chat, and what they have in common with the lines of its streams. */
final class OllamaAnswers {
  private static final String NAME = OllamaChatDialect.NAME;
  private static final Set<String> UNDERSTOOD = Set.of(
      "model", "created_at", "message", "done", "done_reason", "prompt_eval_count", "eval_count");
  private static final Set<String> OWN = Set.of(
      "created_at", "total_duration", "load_duration", "prompt_eval_duration", "eval_duration");
  private static final Set<String> OF_MESSAGE = Set.of("role", "content", "thinking", "tool_calls");

  private OllamaAnswers() {}

  static Response read(ObjectNode body) {
    if (!(body.path("message") instanceof ObjectNode message)) {
      throw Problem.of(Problem.Kind.UPSTREAM_BROKEN, "the upstream's answer has no message");
    }
    long created = created(body.path("created_at").asText());
    List<Part> parts = new ArrayList<>();
    if (!message.path("thinking").asText().isEmpty()) {
      parts.add(new Part.Thought(message.path("thinking").asText(), Optional.empty(), Origin.NONE));
    }
    if (!message.path("content").asText().isEmpty()) {
      parts.add(Part.Text.of(message.path("content").asText()));
    }
    int calls = 0;
    for (JsonNode call : message.path("tool_calls")) {
      parts.add(call(call, created, calls++));
    }
    Candidate only = new Candidate(
        parts,
        stop(body.path("done_reason").asText(), calls > 0),
        List.of(),
        Origin.of(NAME, "message", message, OF_MESSAGE));
    return new Response(
        "",
        body.path("model").asText(),
        created,
        List.of(only),
        usage(body),
        Bookkeeping.all(Origin.of(NAME, "", body, UNDERSTOOD, OWN)));
  }

  /** The index says no more than the order does. */
  static Part.ToolCall call(JsonNode call, long created, int index) {
    return OllamaCalls.read(
        call,
        "message.tool_calls[" + index + "]",
        created + ":" + index,
        Set.of("name", "arguments", "index"));
  }

  static ObjectNode write(Response answer, Request asked, Losses losses) {
    ObjectNode written = JsonNodeFactory.instance.objectNode();
    written
        .put("model", answer.model().isEmpty() ? asked.model() : answer.model())
        .put("created_at", created(answer.created()));
    ObjectNode message = written.putObject("message").put("role", "assistant").put("content", "");
    Stop stop = Stop.of(Stop.Reason.UNKNOWN);
    for (int i = 0; i < answer.candidates().size(); i++) {
      Candidate candidate = answer.candidates().get(i);
      if (i == 0) {
        candidate.parts().forEach(part -> part(part, message, losses));
        candidate.origin().into(message, NAME, losses);
        stop = candidate.stop();
      } else {
        losses.drop(candidate.origin().path());
      }
    }
    written.put("done", true).put("done_reason", word(stop));
    answer.origin().into(written, NAME, losses);
    count(answer.usage(), written);
    return written;
  }

  private static void part(Part part, ObjectNode message, Losses losses) {
    if (part instanceof Part.Text words) {
      append(message, "content", words.text());
    } else if (part instanceof Part.Refusal words) {
      append(message, "content", words.text());
    } else if (part instanceof Part.Thought thought) {
      append(message, "thinking", thought.text());
    } else if (part instanceof Part.ToolCall call) {
      call(call, message, losses);
    } else {
      losses.drop(part.origin().path());
    }
  }

  private static void append(ObjectNode message, String name, String more) {
    if (!more.isEmpty()) {
      message.put(name, message.path(name).asText() + more);
    }
  }

  private static void call(Part.ToolCall call, ObjectNode message, Losses losses) {
    if (OllamaCalls.arguments(call).isEmpty()) {
      losses.drop(call.origin().at("arguments"));
    }
    ObjectNode written = OllamaCalls.write(call);
    Nesting.restore(call.origin(), written, "function", NAME, losses);
    written
        .withObjectProperty("function")
        .put("index", message.path("tool_calls").size());
    message.withArrayProperty("tool_calls").add(written);
  }

  static Usage usage(JsonNode line) {
    return Usage.of(
        TokenCount.of(line.path("prompt_eval_count")), TokenCount.of(line.path("eval_count")));
  }

  /** Ollama's counts know no cache: what the model read is all that it was given. */
  static void count(Usage usage, ObjectNode written) {
    if (usage.prompt() != Usage.ABSENT) {
      long cached = Usage.orZero(usage.cacheRead()) + Usage.orZero(usage.cacheWrite());
      written.put("prompt_eval_count", usage.prompt() + (usage.promptIncludesCache() ? 0 : cached));
    }
    if (usage.completion() != Usage.ABSENT) {
      written.put("eval_count", usage.completion());
    }
  }

  /** A call of a tool is no reason of Ollama's own to stop. */
  static Stop stop(String word, boolean hasCalls) {
    Stop.Reason reason = switch (word) {
      case "length" -> Stop.Reason.MAX_TOKENS;
      case "stop", "load", "unload" -> hasCalls ? Stop.Reason.TOOL_CALLS : Stop.Reason.END;
      default -> hasCalls ? Stop.Reason.TOOL_CALLS : Stop.Reason.UNKNOWN;
    };
    return new Stop(reason, "", word);
  }

  /** Ollama has no word for an answer that a filter took or a failure cut short; OpenAI's say it to people at least. */
  static String word(Stop stop) {
    return switch (stop.reason()) {
      case MAX_TOKENS -> "length";
      case FILTERED, REFUSED -> "content_filter";
      case FAILED -> "error";
      case END, STOP_SEQUENCE, TOOL_CALLS, PAUSED, UNKNOWN -> "stop";
    };
  }

  /** In seconds since 1970; 0 if it is no time. */
  static long created(String time) {
    try {
      return OffsetDateTime.parse(time).toEpochSecond();
    } catch (DateTimeException notTime) {
      return 0;
    }
  }

  static String created(long seconds) {
    return Instant.ofEpochSecond(seconds).toString();
  }
}
