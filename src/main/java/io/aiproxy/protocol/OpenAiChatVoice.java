package io.aiproxy.protocol;

import static io.aiproxy.protocol.OpenAiChatDialect.PROTOCOL;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aiproxy.neutral.Delta;
import io.aiproxy.neutral.Logprob;
import io.aiproxy.neutral.Origin;
import io.aiproxy.neutral.Part;
import io.aiproxy.neutral.Signature;
import io.aiproxy.neutral.Stop;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** One candidate of a stream: what its pieces are parts of. For one thread. */
final class OpenAiChatVoice {
  private final int index;
  private final OpenAiChatFragments calls;
  private int parts;
  private Optional<Part> open = Optional.empty();
  private boolean refuses;
  private Stop stop = Stop.of(Stop.Reason.UNKNOWN);
  private boolean reasoned;

  OpenAiChatVoice(int index) {
    this.index = index;
    this.calls = new OpenAiChatFragments(this);
  }

  int index() {
    return index;
  }

  /** Whether it has been said why it ends. */
  boolean hasReason() {
    return reasoned;
  }

  void next(ObjectNode choice, Consumer<? super Delta> out) {
    JsonNode delta = choice.has("delta") ? choice.path("delta") : choice.path("message");
    for (String name : OpenAiChatThoughts.MEMBERS) {
      String more = OpenAiJson.text(delta, name);
      if (!more.isEmpty()) {
        thought(more, name, out);
        break; // who says it twice means the same
      }
    }
    delta.path(OpenAiChatThoughts.DETAILS).forEach(detail -> detail(detail, out));
    content(delta.path("content"), out);
    text(OpenAiJson.text(delta.path("audio"), "transcript"), "audio.transcript", out);
    refusal(OpenAiJson.text(delta, OpenAiChatParts.REFUSAL), out);
    calls.next(delta, out);
    cite(delta, out);
    weigh(choice, out);
    if (OpenAiChatStops.hasReason(choice)) {
      reasoned = true;
      calls.end(out);
      close(out);
      stop = OpenAiChatStops.read(choice, calls.any(), refuses);
    }
  }

  private void content(JsonNode content, Consumer<? super Delta> out) {
    if (content.isTextual()) {
      text(content.textValue(), "content", out);
    }
    for (JsonNode part : content) {
      text(OpenAiJson.text(part, OpenAiChatParts.TEXT), "content", out);
      thought(OpenAiChatParts.thinking(part.path(OpenAiChatParts.THINKING)), "content", out);
    }
  }

  private void text(String more, String name, Consumer<? super Delta> out) {
    grow(more, new Part.Text("", List.of(), origin(name)), out);
  }

  private void thought(String more, String name, Consumer<? super Delta> out) {
    grow(more, new Part.Thought("", Optional.empty(), origin(name)), out);
  }

  private void refusal(String more, Consumer<? super Delta> out) {
    refuses |= !more.isEmpty();
    grow(more, new Part.Refusal("", origin(OpenAiChatParts.REFUSAL)), out);
  }

  private Origin origin(String name) {
    return new Origin(PROTOCOL, "choices[" + index + "].delta." + name, OpenAiJson.object());
  }

  private void grow(String more, Part beginning, Consumer<? super Delta> out) {
    if (more.isEmpty()) {
      return;
    }
    if (open.filter(part -> part.getClass() == beginning.getClass()).isEmpty()) {
      calls.end(out);
      open(beginning, out);
    }
    out.accept(new Delta.Grown(index, parts - 1, Delta.Growth.TEXT, more));
  }

  /** Ends what is open and begins this. */
  void open(Part beginning, Consumer<? super Delta> out) {
    close(out);
    open = Optional.of(beginning);
    out.accept(new Delta.Opened(index, parts++, beginning));
  }

  /** Adds to the call that is open. */
  void argue(String more, Consumer<? super Delta> out) {
    if (!more.isEmpty()) {
      out.accept(new Delta.Grown(index, parts - 1, Delta.Growth.ARGUMENTS, more));
    }
  }

  boolean callIsOpen() {
    return open.filter(Part.ToolCall.class::isInstance).isPresent();
  }

  void close(Consumer<? super Delta> out) {
    if (open.isPresent()) {
      open = Optional.empty();
      out.accept(new Delta.Closed(index, parts - 1));
    }
  }

  /** Only what other protocols' providers have signed is looked at, behind the words of the thought. */
  private void detail(JsonNode detail, Consumer<? super Delta> out) {
    Signature signature = OpenAiChatThoughts.signature(detail);
    if (signature.protocol().equals(PROTOCOL)) {
      return;
    }
    if (open.filter(Part.Thought.class::isInstance).isEmpty()) {
      calls.end(out);
      open(new Part.Thought("", Optional.empty(), origin(OpenAiChatThoughts.DETAILS)), out);
    }
    out.accept(new Delta.Signed(index, parts - 1, signature));
    close(out);
  }

  private void cite(JsonNode delta, Consumer<? super Delta> out) {
    if (delta instanceof ObjectNode said
        && open.filter(Part.Text.class::isInstance).isPresent()) {
      OpenAiChatCitations.read(said, "choices[" + index + "].delta")
          .forEach(citation -> out.accept(new Delta.Cited(index, parts - 1, citation)));
    }
  }

  private void weigh(ObjectNode choice, Consumer<? super Delta> out) {
    List<Logprob> tokens = OpenAiChatLogprobs.read(choice.path("logprobs").path("content"));
    if (!tokens.isEmpty() && parts > 0) {
      out.accept(new Delta.Weighed(index, parts - 1, tokens));
    }
  }

  /** It is whole. */
  void stop(Consumer<? super Delta> out) {
    calls.end(out);
    close(out);
    out.accept(new Delta.Stopped(index, stop));
  }
}
