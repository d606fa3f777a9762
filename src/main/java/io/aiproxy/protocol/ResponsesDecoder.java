package io.aiproxy.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aiproxy.call.Failure;
import io.aiproxy.json.Mappers;
import io.aiproxy.neutral.Delta;
import io.aiproxy.neutral.Delta.Growth;
import io.aiproxy.neutral.Logprob;
import io.aiproxy.neutral.Part;
import io.aiproxy.neutral.Signature;
import io.aiproxy.stream.Transducer;
import io.aiproxy.usage.Usage;
import io.aiproxy.wire.Event;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Reads a stream of the responses API. Its events name the item they belong to by its place, and a part within by another;
 * some providers leave out all events but those with text, so whatever comes first of a part opens it, and what was not
 * said while it was made is said when it is done.
 */
final class ResponsesDecoder implements Transducer<Event, Delta> {
  private static final JsonMapper JSON = Mappers.mapper().build();
  private static final String BETWEEN = "\n\n";

  private final ResponsesParts parts = new ResponsesParts();
  private boolean begun;
  private boolean calls;
  private boolean over;
  private String summary = "";

  @Override
  public void next(Event event, Consumer<? super Delta> out) {
    parts.read(event.dataLength());
    try {
      if (JSON.readTree(event.dataArray(), event.dataOffset(), event.dataLength())
              instanceof ObjectNode said
          && !over) {
        said(said, out);
      }
    } catch (IOException notJson) {
      Unreadable.passOver(event);
    }
  }

  private void said(ObjectNode event, Consumer<? super Delta> out) {
    switch (event.path("type").asText()) {
      case "response.created", "response.queued", "response.in_progress" ->
        begin(event.path("response"), out);
      case "response.output_item.added" -> added(event, out);
      case "response.content_part.added" -> partAdded(event, out);
      case "response.output_text.delta" -> text(event, out);
      case "response.refusal.delta" ->
        grow(content(event), new Part.Refusal("", OpenAiResponsesDialect.FOUND), event, out);
      case "response.reasoning_text.delta", "response.reasoning_summary_text.delta" ->
        thought(event, out);
      case "response.function_call_arguments.delta", "response.custom_tool_call_input.delta" ->
        arguments(item(event), event.path("delta").asText(), out);
      case "response.output_text.annotation.added" -> cited(event, out);
      case "response.output_text.done" -> late(event, "text", out);
      case "response.refusal.done" -> late(event, "refusal", out);
      case "response.content_part.done" -> parts.close(content(event), out);
      case "response.output_item.done" -> done(event, out);
      case "response.completed", "response.incomplete" -> ended(event.path("response"), out);
      case "response.failed" -> failed(event.path("response").path("error"), out);
      case "error" -> failed(event.hasNonNull("error") ? event.path("error") : event, out);
      default -> {}
    }
  }

  private void begin(JsonNode response, Consumer<? super Delta> out) {
    if (!begun) {
      begun = true;
      out.accept(new Delta.Begun(
          response.path("id").asText(""),
          response.path("model").asText(""),
          response.path("created_at").asLong()));
    }
  }

  private static String item(JsonNode event) {
    return event.path("output_index").asText("0");
  }

  private static String content(JsonNode event) {
    return item(event) + "/" + event.path("content_index").asText("0");
  }

  private void open(String key, Part beginning, Consumer<? super Delta> out) {
    begin(JSON.missingNode(), out);
    parts.open(key, beginning, out);
  }

  private void grow(String key, Part beginning, ObjectNode event, Consumer<? super Delta> out) {
    open(key, beginning, out);
    String more = event.path("delta").asText("");
    if (!more.isEmpty()) {
      parts.say(key, part -> new Delta.Grown(0, part, Growth.TEXT, more), out);
    }
  }

  private void added(ObjectNode event, Consumer<? super Delta> out) {
    if (event.path("item") instanceof ObjectNode item) {
      call(item, item(event), out);
    }
  }

  /** Opens a call, if it is one, without its arguments: some providers have them there already. */
  private boolean call(ObjectNode item, String key, Consumer<? super Delta> out) {
    if (!(ResponsesItems.part(item, "output[" + key + "]") instanceof Part.ToolCall call)) {
      return false;
    }
    calls = true;
    open(key, new Part.ToolCall(call.id(), call.name(), "", call.free(), call.origin()), out);
    return true;
  }

  private void arguments(String key, String more, Consumer<? super Delta> out) {
    if (!more.isEmpty()) {
      parts.say(key, part -> new Delta.Grown(0, part, Growth.ARGUMENTS, more), out);
    }
  }

  private void partAdded(ObjectNode event, Consumer<? super Delta> out) {
    String type = event.path("part").path("type").asText();
    if (type.equals("output_text")) {
      open(content(event), OpenAiResponsesDialect.EMPTY, out);
    } else if (type.equals("refusal")) {
      open(content(event), new Part.Refusal("", OpenAiResponsesDialect.FOUND), out);
    }
  }

  private void text(ObjectNode event, Consumer<? super Delta> out) {
    grow(content(event), OpenAiResponsesDialect.EMPTY, event, out);
    List<Logprob> logprobs = ResponsesContent.logprobs(event.path("logprobs"));
    if (!logprobs.isEmpty()) {
      parts.say(content(event), part -> new Delta.Weighed(0, part, logprobs), out);
    }
  }

  private void thought(ObjectNode event, Consumer<? super Delta> out) {
    String key = item(event);
    String place = key + event.path("summary_index").asText("") + "/"
        + event.path("content_index").asText("");
    if (parts.hasGrown(key) && !place.equals(summary)) {
      parts.say(key, part -> new Delta.Grown(0, part, Growth.TEXT, BETWEEN), out);
    }
    summary = place;
    grow(key, OpenAiResponsesDialect.THOUGHT, event, out);
  }

  private void cited(ObjectNode event, Consumer<? super Delta> out) {
    open(content(event), OpenAiResponsesDialect.EMPTY, out);
    String path = "output[" + item(event) + "].annotations";
    parts.say(
        content(event),
        part -> new Delta.Cited(0, part, ResponsesContent.citation(event.path("annotation"), path)),
        out);
  }

  /** A text of which nothing was said before it was done. */
  private void late(ObjectNode event, String member, Consumer<? super Delta> out) {
    String whole = event.path(member).asText("");
    if (!parts.hasGrown(content(event)) && !whole.isEmpty()) {
      Part beginning = member.equals("text")
          ? OpenAiResponsesDialect.EMPTY
          : new Part.Refusal("", OpenAiResponsesDialect.FOUND);
      open(content(event), beginning, out);
      parts.say(content(event), part -> new Delta.Grown(0, part, Growth.TEXT, whole), out);
    }
  }

  private void done(ObjectNode event, Consumer<? super Delta> out) {
    if (event.path("item") instanceof ObjectNode item) {
      done(item, item(event), out);
    }
  }

  private void done(ObjectNode item, String key, Consumer<? super Delta> out) {
    if (item.path("type").asText().equals("message")) {
      message(item, key, out);
    } else if (item.path("type").asText().equals("reasoning")) {
      reasoning(item, key, out);
    } else if (call(item, key, out)) {
      if (!parts.hasGrown(key)) {
        Part.ToolCall call = (Part.ToolCall) ResponsesItems.part(item, key);
        arguments(key, call.arguments(), out);
      }
    } else {
      open(key, ResponsesItems.part(item, "output[" + key + "]"), out);
    }
    parts.close(key, out);
  }

  /** What no event has told of it. Some count parts from another number in their events than in the item. */
  private void message(ObjectNode item, String key, Consumer<? super Delta> out) {
    JsonNode content = item.path("content");
    for (int i = parts.within(key).size(); i < content.size(); i++) {
      String path = "output[" + key + "].content[" + i + "]";
      open(key + "/" + i, ResponsesContent.read(content.get(i), path), out);
    }
    parts.within(key).forEach(part -> parts.close(part, out));
  }

  private void reasoning(ObjectNode item, String key, Consumer<? super Delta> out) {
    Part.Thought thought = (Part.Thought) ResponsesItems.part(item, "output[" + key + "]");
    if (!parts.has(key) && thought.text().isEmpty() && thought.signature().isEmpty()) {
      return; // nothing that anybody could make something of
    }
    open(key, OpenAiResponsesDialect.THOUGHT, out);
    if (!parts.hasGrown(key) && !thought.text().isEmpty()) {
      parts.say(key, part -> new Delta.Grown(0, part, Growth.TEXT, thought.text()), out);
    }
    Optional<Signature> signature = thought.signature();
    signature.ifPresent(signed -> parts.say(key, part -> new Delta.Signed(0, part, signed), out));
  }

  /** The last event holds the whole answer, for those who have sent nothing else of it. */
  private void ended(JsonNode response, Consumer<? super Delta> out) {
    over = true;
    begin(response, out);
    if (parts.isEmpty()) {
      JsonNode output = response.path("output");
      for (int i = 0; i < output.size(); i++) {
        if (output.get(i) instanceof ObjectNode item) {
          done(item, Integer.toString(i), out);
        }
      }
    }
    parts.closeAll(out);
    Usage usage = OpenAiUsage.read(response.path("usage"));
    if (!usage.isAbsent()) {
      out.accept(new Delta.Counted(usage));
    }
    List<Part> called = new ArrayList<>();
    if (calls) {
      called.add(new Part.ToolCall("", "", "", false, OpenAiResponsesDialect.FOUND));
    }
    out.accept(new Delta.Stopped(0, ResponsesAnswers.stop(response, called)));
    out.accept(new Delta.Ended());
  }

  /** OpenAI says with a code what went wrong; there is no status, since that of the answer was good. */
  private void failed(JsonNode error, Consumer<? super Delta> out) {
    over = true;
    String code = error.path("code").asText("");
    int status = switch (code) {
      case "rate_limit_exceeded", "insufficient_quota" -> 429;
      case "invalid_prompt", "invalid_image", "context_length_exceeded" -> 400;
      default -> 500;
    };
    String type = error.path("type").asText("");
    out.accept(new Delta.Failed(new Failure(
        status,
        type.isEmpty() || type.equals("error") ? "server_error" : type,
        code,
        error.path("message").asText(""),
        error.path("param").asText(""))));
  }
}
