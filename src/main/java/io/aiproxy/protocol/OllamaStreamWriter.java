package io.aiproxy.protocol;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aiproxy.json.Mappers;
import io.aiproxy.json.WellFormed;
import io.aiproxy.neutral.Delta;
import io.aiproxy.neutral.Part;
import io.aiproxy.neutral.Request;
import io.aiproxy.neutral.Stop;
import io.aiproxy.stream.Chunk;
import io.aiproxy.stream.Piece;
import io.aiproxy.stream.Transducer;
import io.aiproxy.usage.Usage;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Writes a stream of Ollama's chat, a line for each step. A call of a tool has its arguments as an object, so it goes out when
 * it is whole. Of several candidates only the first can be told.
 */
final class OllamaStreamWriter implements Transducer<Delta, Piece> {
  private static final JsonMapper JSON = Mappers.mapper().build();

  private String model;
  private String created = OllamaAnswers.created(0);
  private Optional<Part> open = Optional.empty();
  private final StringBuilder arguments = new StringBuilder();
  private final Held held = new Held(Held.PART);
  private int calls;
  private Stop stop = Stop.of(Stop.Reason.UNKNOWN);
  private Usage usage = Usage.NONE;

  OllamaStreamWriter(Request asked) {
    model = asked.model();
  }

  @Override
  public void next(Delta delta, Consumer<? super Piece> out) {
    if (delta instanceof Delta.Begun begun) {
      model = begun.model().isEmpty() ? model : begun.model();
      created = OllamaAnswers.created(begun.created());
    } else if (delta instanceof Delta.Opened opened && opened.candidate() == 0) {
      open(opened.beginning(), out);
    } else if (delta instanceof Delta.Grown grown && grown.candidate() == 0) {
      grow(grown, out);
    } else if (delta instanceof Delta.Closed closed && closed.candidate() == 0) {
      close(out);
    } else if (delta instanceof Delta.Stopped stopped && stopped.candidate() == 0) {
      stop = stopped.stop();
    } else if (delta instanceof Delta.Counted counted) {
      usage = counted.usage();
    } else if (delta instanceof Delta.Ended) {
      finish(out);
    }
  }

  private void open(Part beginning, Consumer<? super Piece> out) {
    open = Optional.of(beginning);
    if (beginning instanceof Part.ToolCall call) {
      arguments.append(call.arguments());
    } else if (beginning instanceof Part.Text words) {
      say("content", words.text(), out);
    } else if (beginning instanceof Part.Refusal words) {
      say("content", words.text(), out);
    } else if (beginning instanceof Part.Thought thought) {
      say("thinking", thought.text(), out);
    }
  }

  private void grow(Delta.Grown grown, Consumer<? super Piece> out) {
    if (grown.growth() == Delta.Growth.ARGUMENTS) {
      held.add(grown.more().length());
      arguments.append(grown.more());
    } else {
      boolean isThought = open.filter(Part.Thought.class::isInstance).isPresent();
      say(isThought ? "thinking" : "content", grown.more(), out);
    }
  }

  private void say(String member, String more, Consumer<? super Piece> out) {
    if (!more.isEmpty()) {
      ObjectNode line = line();
      line.withObjectProperty("message").put(member, more);
      write(line.put("done", false), out);
    }
  }

  private void close(Consumer<? super Piece> out) {
    if (open.isPresent() && open.get() instanceof Part.ToolCall call) {
      ObjectNode written = OllamaCalls.write(new Part.ToolCall(
          call.id(), call.name(), arguments.toString(), call.free(), call.origin()));
      written.withObjectProperty("function").put("index", calls++);
      ObjectNode line = line();
      line.withObjectProperty("message").putArray("tool_calls").add(written);
      write(line.put("done", false), out);
      arguments.setLength(0);
      held.release();
    }
    open = Optional.empty();
  }

  private void finish(Consumer<? super Piece> out) {
    ObjectNode line = line().put("done", true).put("done_reason", OllamaAnswers.word(stop));
    OllamaAnswers.count(usage, line);
    write(line, out);
  }

  private ObjectNode line() {
    ObjectNode line =
        JsonNodeFactory.instance.objectNode().put("model", model).put("created_at", created);
    line.putObject("message").put("role", "assistant").put("content", "");
    return line;
  }

  private static void write(ObjectNode line, Consumer<? super Piece> out) {
    byte[] json = WellFormed.bytes(JSON, line);
    byte[] whole = Arrays.copyOf(json, json.length + 1);
    whole[json.length] = '\n';
    out.accept(Chunk.of(whole));
  }
}
