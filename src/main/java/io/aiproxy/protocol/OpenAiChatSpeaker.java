package io.aiproxy.protocol;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aiproxy.neutral.Citation;
import io.aiproxy.neutral.Logprob;
import io.aiproxy.neutral.Part;
import io.aiproxy.neutral.Signature;
import io.aiproxy.neutral.Stop;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** One candidate of a stream as it is written: what its parts are pieces of. For one thread. */
final class OpenAiChatSpeaker {
  private static final String CONTENT = "content";

  private final int index;
  private Optional<Part> open = Optional.empty();
  private final StringBuilder thought = new StringBuilder();
  private final Held held = new Held(Held.PART);
  private Optional<Signature> signature = Optional.empty();
  private int details;
  private int calls;
  private boolean argued;
  private int begin;
  private int length;

  OpenAiChatSpeaker(int index) {
    this.index = index;
  }

  void begin(Consumer<ObjectNode> out) {
    say(OpenAiJson.object().put("role", "assistant").put(CONTENT, ""), out);
  }

  private void say(ObjectNode delta, Consumer<ObjectNode> out) {
    out.accept(choice(delta).putNull("finish_reason"));
  }

  private ObjectNode choice(ObjectNode delta) {
    ObjectNode choice = OpenAiJson.object().put("index", index);
    choice.set("delta", delta);
    return choice;
  }

  void open(Part beginning, Consumer<ObjectNode> out) {
    open = Optional.of(beginning);
    if (beginning instanceof Part.Text text) {
      sealThought(out);
      begin = length;
      grow(text.text(), out);
      text.citations().forEach(citation -> cite(citation, out));
    } else if (beginning instanceof Part.Thought thoughts) {
      sealThought(out);
      signature = thoughts.signature();
      grow(thoughts.text(), out);
    } else if (beginning instanceof Part.Refusal refusal) {
      grow(refusal.text(), out);
    } else if (beginning instanceof Part.ToolCall call) {
      call(call, out);
    }
  }

  private void call(Part.ToolCall call, Consumer<ObjectNode> out) {
    boolean legacy = call.id().startsWith(OpenAiChatMessageReader.MADE_UP);
    argued = !call.arguments().isEmpty();
    ObjectNode delta = OpenAiJson.object();
    if (legacy) {
      delta
          .putObject(OpenAiChatTools.FUNCTION_CALL)
          .put("name", call.name())
          .put("arguments", call.arguments());
    } else {
      ObjectNode written = OpenAiChatCalls.begin(call, calls++);
      signature.ifPresent(signed -> OpenAiChatThoughts.sign(written, signed));
      signature = Optional.empty();
      delta.putArray(OpenAiChatCalls.CALLS).add(written);
    }
    say(delta, out);
  }

  void grow(String more, Consumer<ObjectNode> out) {
    if (more.isEmpty() || open.isEmpty()) {
      return;
    }
    Part part = open.get();
    if (part instanceof Part.Text) {
      length += more.length();
      say(OpenAiJson.object().put(CONTENT, more), out);
    } else if (part instanceof Part.Thought) {
      held.add(more.length());
      thought.append(more);
      say(OpenAiJson.object().put(OpenAiChatThoughts.MEMBERS.get(0), more), out);
    } else if (part instanceof Part.Refusal) {
      say(OpenAiJson.object().put(OpenAiChatParts.REFUSAL, more), out);
    } else if (part instanceof Part.ToolCall call) {
      argue(call, more, out);
    }
  }

  private void argue(Part.ToolCall call, String more, Consumer<ObjectNode> out) {
    argued = true;
    ObjectNode delta = OpenAiJson.object();
    if (call.id().startsWith(OpenAiChatMessageReader.MADE_UP)) {
      delta.putObject(OpenAiChatTools.FUNCTION_CALL).put("arguments", more);
    } else {
      delta.putArray(OpenAiChatCalls.CALLS).add(OpenAiChatCalls.more(call, calls - 1, more));
    }
    say(delta, out);
  }

  void sign(Signature signed) {
    signature = Optional.of(signed);
  }

  void cite(Citation citation, Consumer<ObjectNode> out) {
    OpenAiChatCitations.write(citation, begin, length).ifPresent(annotation -> {
      ObjectNode delta = OpenAiJson.object();
      delta.putArray(OpenAiChatCitations.ANNOTATIONS).add(annotation);
      say(delta, out);
    });
  }

  void weigh(List<Logprob> tokens, Consumer<ObjectNode> out) {
    ObjectNode choice = choice(OpenAiJson.object());
    choice.set("logprobs", OpenAiChatLogprobs.write(tokens));
    out.accept(choice.putNull("finish_reason"));
  }

  void close(Consumer<ObjectNode> out) {
    Optional<Part> closed = open;
    if (closed.isPresent() && closed.get() instanceof Part.ToolCall call) {
      if (!argued && !call.free()) {
        argue(call, "{}", out);
      }
    } else if (closed.isPresent() && closed.get() instanceof Part.Thought) {
      boolean waits = signature.filter(OpenAiChatThoughts::isGoogles).isPresent();
      if (!waits || !thought.isEmpty()) {
        sealThought(out);
      }
    }
    open = Optional.empty();
  }

  /** Google's signature without words waits for the call that it belongs to; any other goes out with its thought. */
  private void sealThought(Consumer<ObjectNode> out) {
    signature.ifPresent(signed -> {
      ObjectNode delta = OpenAiJson.object();
      delta
          .putArray(OpenAiChatThoughts.DETAILS)
          .add(OpenAiChatThoughts.detail(details++, thought.toString(), signed));
      say(delta, out);
    });
    signature = Optional.empty();
    thought.setLength(0);
    held.release();
  }

  void stop(Stop stop, Consumer<ObjectNode> out) {
    sealThought(out);
    out.accept(choice(JsonNodeFactory.instance.objectNode())
        .put("finish_reason", OpenAiChatStops.word(stop)));
  }
}
