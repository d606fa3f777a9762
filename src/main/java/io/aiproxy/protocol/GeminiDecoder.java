package io.aiproxy.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aiproxy.call.Failure;
import io.aiproxy.neutral.Citation;
import io.aiproxy.neutral.Delta;
import io.aiproxy.neutral.Delta.Growth;
import io.aiproxy.neutral.Part;
import io.aiproxy.neutral.Stop;
import io.aiproxy.stream.Transducer;
import io.aiproxy.usage.Usage;
import io.aiproxy.wire.Event;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Reads a stream, of which each message is an answer in itself. It has come to its end when each candidate that began has
 * said why it finished and nothing follows; usage may still come with that or behind it.
 */
final class GeminiDecoder implements Transducer<Event, Delta> {
  private final Held known = new Held(Held.CANDIDATES);
  private final Held calls = new Held(Held.PART);
  private final Map<Integer, Candidate> candidates = new TreeMap<>();
  private Optional<GeminiPartReader> parts = Optional.empty();
  private boolean failed;

  /** How far a candidate has come. */
  private static final class Candidate {
    private int number = -1;
    private boolean open;
    private boolean isThought;
    private boolean calls;
    private boolean stopped;
  }

  @Override
  public void next(Event event, Consumer<? super Delta> out) {
    if (failed) {
      return;
    }
    try {
      JsonNode json =
          GeminiPartWriter.JSON.readTree(event.dataArray(), event.dataOffset(), event.dataLength());
      if (json.isObject()) {
        message(GeminiJson.usual(json), out);
      }
    } catch (IOException notJson) {
      Unreadable.passOver(event);
    }
  }

  private void message(ObjectNode message, Consumer<? super Delta> out) {
    if (message.path("error").isObject()) {
      failed = true;
      out.accept(new Delta.Failed(failure(message.get("error"))));
      return;
    }
    GeminiPartReader reader = parts.orElseGet(() -> begin(message, out));
    for (ObjectNode candidate : GeminiJson.objects(message.path("candidates"))) {
      candidate(candidate, reader, out);
    }
    String blocked = GeminiJson.text(message.path("promptFeedback"), "blockReason");
    if (!blocked.isEmpty() && candidates.isEmpty()) {
      at(0).stopped = true;
      out.accept(new Delta.Stopped(0, GeminiStops.blocked(blocked)));
    }
    Usage usage = GeminiUsage.neutral(GeminiJson.usual(message.path("usageMetadata")));
    if (!usage.isAbsent()) {
      out.accept(new Delta.Counted(usage));
    }
  }

  private GeminiPartReader begin(ObjectNode message, Consumer<? super Delta> out) {
    String id = GeminiJson.text(message, "responseId");
    GeminiPartReader reader = new GeminiPartReader(new GeminiCalls(id));
    parts = Optional.of(reader);
    out.accept(new Delta.Begun(
        id,
        GeminiJson.text(message, "modelVersion"),
        GeminiAnswers.created(GeminiJson.text(message, "createTime"))));
    return reader;
  }

  private static Failure failure(JsonNode error) {
    int code = error.path("code").asInt(500);
    return new Failure(
        code >= 400 && code < 600 ? code : 500,
        GeminiJson.text(error, "status"),
        "",
        GeminiJson.text(error, "message"),
        "");
  }

  private Candidate at(int index) {
    return candidates.computeIfAbsent(index, each -> {
      known.add(1);
      return new Candidate();
    });
  }

  private void candidate(ObjectNode json, GeminiPartReader reader, Consumer<? super Delta> out) {
    int index = Math.max(0, json.path("index").asInt());
    Candidate candidate = at(index);
    if (candidate.stopped) {
      return;
    }
    json.path("content")
        .path("parts")
        .forEach(part -> reader
            .read(part, "candidates[" + index + "].content.parts[]")
            .forEach(read -> part(read, index, candidate, out)));
    beside(json, index, candidate, out);
    String finish = GeminiJson.text(json, "finishReason");
    if (!finish.isEmpty()) {
      close(index, candidate, out);
      candidate.stopped = true;
      Stop stop = GeminiStops.read(finish, candidate.calls);
      out.accept(new Delta.Stopped(index, stop));
    }
  }

  private void part(Part part, int index, Candidate candidate, Consumer<? super Delta> out) {
    if (part instanceof Part.Text text) {
      grow(text.text(), Part.Text.of(""), index, candidate, out);
    } else if (part instanceof Part.Thought thought) {
      Part empty = new Part.Thought("", Optional.empty(), thought.origin());
      if (thought.text().isEmpty() && thought.signature().isPresent() && !candidate.isThought) {
        open(empty, index, candidate, out);
      } else {
        grow(thought.text(), empty, index, candidate, out);
      }
      thought.signature().ifPresent(signature -> {
        out.accept(new Delta.Signed(index, candidate.number, signature));
        close(index, candidate, out);
      });
    } else if (part instanceof Part.ToolCall call) {
      candidate.calls = true;
      calls.add(call.id().length() + call.name().length()); // in case results ask for them
      open(
          new Part.ToolCall(call.id(), call.name(), "", false, call.origin()),
          index,
          candidate,
          out);
      out.accept(new Delta.Grown(index, candidate.number, Growth.ARGUMENTS, call.arguments()));
      close(index, candidate, out);
    } else {
      open(part, index, candidate, out);
      close(index, candidate, out);
    }
  }

  private static void grow(
      String more, Part empty, int index, Candidate candidate, Consumer<? super Delta> out) {
    boolean isThought = empty instanceof Part.Thought;
    if (more.isEmpty() && !(candidate.open && candidate.isThought == isThought)) {
      return;
    }
    if (!candidate.open || candidate.isThought != isThought) {
      open(empty, index, candidate, out);
    }
    if (!more.isEmpty()) {
      out.accept(new Delta.Grown(index, candidate.number, Growth.TEXT, more));
    }
  }

  private static void open(Part part, int index, Candidate candidate, Consumer<? super Delta> out) {
    close(index, candidate, out);
    candidate.number++;
    candidate.open = true;
    candidate.isThought = part instanceof Part.Thought;
    out.accept(new Delta.Opened(index, candidate.number, part));
  }

  private static void close(int index, Candidate candidate, Consumer<? super Delta> out) {
    if (candidate.open) {
      candidate.open = false;
      candidate.isThought = false;
      out.accept(new Delta.Closed(index, candidate.number));
    }
  }

  /** Places are counted in a text that has gone by, so they stay unknown. */
  private static void beside(
      ObjectNode json, int index, Candidate candidate, Consumer<? super Delta> out) {
    if (candidate.open && !candidate.isThought) {
      for (Citation citation : GeminiCandidates.citations(json, 0, "")) {
        out.accept(new Delta.Cited(index, candidate.number, citation));
      }
    }
    if (json.path("logprobsResult").isObject() && candidate.open) {
      out.accept(new Delta.Weighed(
          index, candidate.number, GeminiCandidates.logprobs(json.get("logprobsResult"))));
    }
  }

  @Override
  public void end(Consumer<? super Delta> out) {
    boolean finished = !candidates.isEmpty()
        && candidates.values().stream().allMatch(candidate -> candidate.stopped);
    if (finished && !failed) {
      out.accept(new Delta.Ended());
    }
  }
}
