package io.aiproxy.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.aiproxy.call.Failure;
import io.aiproxy.json.Mappers;
import io.aiproxy.neutral.Delta;
import io.aiproxy.neutral.Delta.Growth;
import io.aiproxy.neutral.Origin;
import io.aiproxy.neutral.Part;
import io.aiproxy.stream.Transducer;
import io.aiproxy.usage.Usage;
import io.aiproxy.wire.Event;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Consumer;

/** Reads a stream of Ollama's chat. Calls of tools come whole. */
final class OllamaStreamReader implements Transducer<Event, Delta> {
  private static final JsonMapper JSON = Mappers.mapper().build();

  private enum Open {
    NOTHING,
    THOUGHT,
    TEXT
  }

  private Open open = Open.NOTHING;
  private int part = -1;
  private int calls;
  private long created;
  private boolean begun;
  private boolean over;

  @Override
  public void next(Event event, Consumer<? super Delta> out) {
    if (over) {
      return;
    }
    try {
      JsonNode line = JSON.readTree(event.dataArray(), event.dataOffset(), event.dataLength());
      if (line.isObject()) {
        line(line, out);
      }
    } catch (IOException notJson) {
      Unreadable.passOver(event);
    }
  }

  private void line(JsonNode line, Consumer<? super Delta> out) {
    if (line.hasNonNull("error")) {
      over = true;
      out.accept(new Delta.Failed(failure(line.path("error"))));
      return;
    }
    if (!begun) {
      begun = true;
      created = OllamaAnswers.created(line.path("created_at").asText());
      out.accept(new Delta.Begun("", line.path("model").asText(), created));
    }
    JsonNode message = line.path("message");
    grow(Open.THOUGHT, message.path("thinking").asText(), out);
    grow(Open.TEXT, message.path("content").asText(), out);
    message.path("tool_calls").forEach(call -> call(call, out));
    if (line.path("done").asBoolean()) {
      end(line, out);
    }
  }

  /** Within a stream there is no status that would say whose fault it is. */
  private static Failure failure(JsonNode error) {
    String message =
        error.isTextual() ? error.asText() : error.path("message").asText("the upstream failed");
    return new Failure(500, "", "", message, "");
  }

  private void grow(Open kind, String more, Consumer<? super Delta> out) {
    if (more.isEmpty()) {
      return;
    }
    if (open != kind) {
      close(out);
      open = kind;
      part++;
      Part beginning = kind == Open.TEXT
          ? Part.Text.of("")
          : new Part.Thought("", Optional.empty(), Origin.NONE);
      out.accept(new Delta.Opened(0, part, beginning));
    }
    out.accept(new Delta.Grown(0, part, Growth.TEXT, more));
  }

  private void call(JsonNode json, Consumer<? super Delta> out) {
    close(out);
    part++;
    Part.ToolCall call = OllamaAnswers.call(json, created, calls++);
    out.accept(new Delta.Opened(
        0, part, new Part.ToolCall(call.id(), call.name(), "", false, call.origin())));
    out.accept(new Delta.Grown(0, part, Growth.ARGUMENTS, call.arguments()));
    out.accept(new Delta.Closed(0, part));
  }

  private void close(Consumer<? super Delta> out) {
    if (open != Open.NOTHING) {
      open = Open.NOTHING;
      out.accept(new Delta.Closed(0, part));
    }
  }

  private void end(JsonNode line, Consumer<? super Delta> out) {
    over = true;
    close(out);
    out.accept(
        new Delta.Stopped(0, OllamaAnswers.stop(line.path("done_reason").asText(), calls > 0)));
    Usage usage = OllamaAnswers.usage(line);
    if (!usage.isAbsent()) {
      out.accept(new Delta.Counted(usage));
    }
    out.accept(new Delta.Ended());
  }
}
