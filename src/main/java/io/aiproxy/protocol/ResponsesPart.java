package io.aiproxy.protocol;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aiproxy.neutral.Citation;
import io.aiproxy.neutral.Losses;
import java.util.Optional;

/** The part of an answer that is open, and what is said of it while it grows. */
abstract class ResponsesPart {
  final ResponsesOutput answer;
  final ObjectNode item;
  final StringBuilder text = new StringBuilder();

  private ResponsesPart(ResponsesOutput answer, ObjectNode item) {
    this.answer = answer;
    this.item = item;
  }

  static ResponsesPart text(ResponsesOutput answer, ObjectNode message, boolean holds) {
    return new Text(answer, message, holds);
  }

  static ResponsesPart refusal(ResponsesOutput answer, ObjectNode message) {
    return new Refusal(answer, message);
  }

  static ResponsesPart call(ResponsesOutput answer, ObjectNode item, boolean free) {
    return new Call(answer, item, free);
  }

  static ResponsesPart thought(ResponsesOutput answer, ObjectNode item) {
    return new Thought(answer, item);
  }

  abstract void grow(String more);

  abstract void close();

  void sign(String signature) {}

  void cite(Citation citation, Losses losses) {}

  void weigh(ArrayNode logprobs) {}

  /** A part of a message. */
  private abstract static class Content extends ResponsesPart {
    final ArrayNode content;
    final ObjectNode part = JsonNodeFactory.instance.objectNode();

    Content(ResponsesOutput answer, ObjectNode message) {
      super(answer, message);
      content = message.withArray("content");
    }

    ObjectNode event(String type) {
      return answer.at("response." + type, item).put("content_index", content.size());
    }

    void added() {
      answer.tell(event("content_part.added").set("part", part));
    }

    void done() {
      answer.tell(event("content_part.done").set("part", part));
      content.add(part);
    }
  }

  private static final class Text extends Content {
    private final boolean holds;
    private final ArrayNode annotations;
    private final ArrayNode logprobs;
    private Optional<ObjectNode> held = Optional.empty();

    /** Holds each delta for what may still be said of its tokens, if that is asked for. */
    Text(ResponsesOutput answer, ObjectNode message, boolean holds) {
      super(answer, message);
      this.holds = holds;
      part.put("type", "output_text").put("text", "");
      annotations = part.putArray("annotations");
      logprobs = part.putArray("logprobs");
      added();
    }

    @Override
    void grow(String more) {
      text.append(more);
      flush();
      ObjectNode delta = event("output_text.delta").put("delta", more);
      delta.putArray("logprobs");
      held = Optional.of(delta);
      if (!holds) {
        flush();
      }
    }

    @Override
    void weigh(ArrayNode more) {
      logprobs.addAll(more);
      held.ifPresent(delta -> delta.set("logprobs", more));
      flush();
    }

    private void flush() {
      held.ifPresent(answer::tell);
      held = Optional.empty();
    }

    @Override
    void cite(Citation citation, Losses losses) {
      flush();
      Optional<ObjectNode> annotation = ResponsesContent.annotation(citation, text.length());
      if (annotation.isEmpty()) {
        losses.drop(citation.origin().path());
      }
      annotation.ifPresent(written -> {
        answer.tell(event("output_text.annotation.added")
            .put("annotation_index", annotations.size())
            .set("annotation", written));
        annotations.add(written);
      });
    }

    @Override
    void close() {
      flush();
      part.put("text", text.toString());
      answer.tell(event("output_text.done").put("text", text.toString()).set("logprobs", logprobs));
      done();
    }
  }

  private static final class Refusal extends Content {
    Refusal(ResponsesOutput answer, ObjectNode message) {
      super(answer, message);
      part.put("type", "refusal").put("refusal", "");
      added();
    }

    @Override
    void grow(String more) {
      text.append(more);
      answer.tell(event("refusal.delta").put("delta", more));
    }

    @Override
    void close() {
      part.put("refusal", text.toString());
      answer.tell(event("refusal.done").put("refusal", text.toString()));
      done();
    }
  }

  private static final class Call extends ResponsesPart {
    private final String member;
    private final String event;

    Call(ResponsesOutput answer, ObjectNode item, boolean free) {
      super(answer, item);
      member = free ? "input" : "arguments";
      event = free ? "response.custom_tool_call_input" : "response.function_call_arguments";
      answer.add(item.put(member, ""));
    }

    @Override
    void grow(String more) {
      text.append(more);
      answer.tell(answer.at(event + ".delta", item).put("delta", more));
    }

    @Override
    void close() {
      answer.tell(answer
          .at(event + ".done", item)
          .put("name", item.path("name").asText())
          .put(member, text.toString()));
      answer.done(item.put(member, text.toString()).put("status", "completed"));
    }
  }

  /** Thoughts are told as what sums them up: that is what clients show. */
  private static final class Thought extends ResponsesPart {
    Thought(ResponsesOutput answer, ObjectNode item) {
      super(answer, item);
      item.putArray("summary");
      answer.add(item);
    }

    private ObjectNode event(String type) {
      return answer.at("response.reasoning_summary_" + type, item).put("summary_index", 0);
    }

    private static ObjectNode summary(String text) {
      return JsonNodeFactory.instance.objectNode().put("type", "summary_text").put("text", text);
    }

    @Override
    void grow(String more) {
      if (text.isEmpty()) {
        answer.tell(event("part.added").set("part", summary("")));
      }
      text.append(more);
      answer.tell(event("text.delta").put("delta", more));
    }

    @Override
    void sign(String signature) {
      item.put("encrypted_content", signature);
    }

    @Override
    void close() {
      if (!text.isEmpty()) {
        ObjectNode whole = summary(text.toString());
        answer.tell(event("text.done").put("text", text.toString()));
        answer.tell(event("part.done").set("part", whole));
        item.withArray("summary").add(whole);
      }
      answer.done(item.put("status", "completed"));
    }
  }
}
