package io.aiproxy.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import io.aiproxy.call.Failure;
import io.aiproxy.neutral.Delta;
import io.aiproxy.neutral.Delta.Growth;
import io.aiproxy.neutral.Part;
import io.aiproxy.stream.Transducer;
import io.aiproxy.wire.Event;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Reads a stream of Cohere's chat. A text stays open until something else begins: what it cites may follow its end. */
final class CohereStreamReader implements Transducer<Event, Delta> {
  private enum Open {
    NOTHING,
    TEXT,
    THOUGHT,
    PLAN,
    CALL
  }

  private Open open = Open.NOTHING;
  private int part = -1;
  private int calls;
  private int citations;
  private boolean begun;
  private boolean over;

  @Override
  public void next(Event event, Consumer<? super Delta> out) {
    if (over) {
      return;
    }
    try {
      JsonNode json =
          CohereParts.JSON.readTree(event.dataArray(), event.dataOffset(), event.dataLength());
      if (json.isObject()) {
        event(json, out);
      }
    } catch (IOException notJson) {
      Unreadable.passOver(event);
    }
  }

  private void event(JsonNode event, Consumer<? super Delta> out) {
    JsonNode delta = event.path("delta");
    JsonNode message = delta.path("message");
    switch (event.path("type").asText()) {
      case "message-start" -> begin(event.path("id").asText(), out);
      case "content-start" -> contentBegins(message.path("content"), out);
      case "content-delta" -> contentGrows(event, message.path("content"), out);
      case "tool-plan-delta" -> grow(Open.PLAN, message.path("tool_plan").asText(), out);
      case "tool-call-start" -> callBegins(message.path("tool_calls"), out);
      case "tool-call-delta" -> callGrows(message.path("tool_calls"), out);
      case "tool-call-end" -> close(out);
      case "citation-start" -> cite(message.path("citations"), out);
      case "message-end" -> end(delta, out);
      default -> {}
    }
  }

  private void begin(String id, Consumer<? super Delta> out) {
    if (!begun) {
      begun = true;
      out.accept(new Delta.Begun(id, "", 0));
    }
  }

  private void contentBegins(JsonNode content, Consumer<? super Delta> out) {
    close(out);
    Open kind = content.path("type").asText().equals("thinking") ? Open.THOUGHT : Open.TEXT;
    open(kind, out);
    grow(kind, content.path(kind == Open.TEXT ? "text" : "thinking").asText(), out);
  }

  private void contentGrows(JsonNode event, JsonNode content, Consumer<? super Delta> out) {
    grow(Open.THOUGHT, content.path("thinking").asText(), out);
    grow(Open.TEXT, content.path("text").asText(), out);
    if (event.path("logprobs").isObject() && open == Open.TEXT) {
      out.accept(new Delta.Weighed(0, part, List.of(CohereParts.logprob(event.path("logprobs")))));
    }
  }

  private void grow(Open kind, String more, Consumer<? super Delta> out) {
    if (more.isEmpty()) {
      return;
    }
    if (open != kind) {
      open(kind, out);
    }
    out.accept(new Delta.Grown(0, part, Growth.TEXT, more));
  }

  private void open(Open kind, Consumer<? super Delta> out) {
    close(out);
    begin("", out);
    open = kind;
    part++;
    Part beginning = switch (kind) {
      case PLAN ->
        new Part.Thought("", Optional.empty(), CohereParts.at("message." + CohereChatDialect.PLAN));
      case THOUGHT -> new Part.Thought("", Optional.empty(), CohereParts.at("message.content"));
      default -> Part.Text.of("");
    };
    out.accept(new Delta.Opened(0, part, beginning));
  }

  private void callBegins(JsonNode json, Consumer<? super Delta> out) {
    close(out);
    begin("", out);
    open = Open.CALL;
    part++;
    Part.ToolCall call = CohereParts.call(json, "message.tool_calls[" + calls++ + "]");
    out.accept(new Delta.Opened(
        0, part, new Part.ToolCall(call.id(), call.name(), "", false, call.origin())));
    callGrows(json, out);
  }

  private void callGrows(JsonNode json, Consumer<? super Delta> out) {
    String more = json.path("function").path("arguments").asText();
    if (open == Open.CALL && !more.isEmpty()) {
      out.accept(new Delta.Grown(0, part, Growth.ARGUMENTS, more));
    }
  }

  private void cite(JsonNode citation, Consumer<? super Delta> out) {
    if (open == Open.TEXT && citation.isObject()) {
      String path = "message.citations[" + citations++ + "]";
      out.accept(new Delta.Cited(0, part, CohereParts.citation(citation, path)));
    }
  }

  private void close(Consumer<? super Delta> out) {
    if (open != Open.NOTHING) {
      open = Open.NOTHING;
      out.accept(new Delta.Closed(0, part));
    }
  }

  private void end(JsonNode delta, Consumer<? super Delta> out) {
    over = true;
    Optional<String> error = CohereAnswers.error(delta);
    if (error.isPresent()) {
      out.accept(new Delta.Failed(new Failure(500, "", "", error.get(), "")));
      return;
    }
    begin("", out);
    close(out);
    out.accept(
        new Delta.Stopped(0, CohereAnswers.stop(delta.path("finish_reason").asText())));
    CohereChat.usage(delta.path("usage")).ifPresent(usage -> out.accept(new Delta.Counted(usage)));
    out.accept(new Delta.Ended());
  }
}
