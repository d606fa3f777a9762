package io.aiproxy.protocol;

import static io.aiproxy.protocol.DialectJson.typed;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aiproxy.neutral.Delta;
import io.aiproxy.neutral.Delta.Growth;
import io.aiproxy.neutral.Losses;
import io.aiproxy.neutral.Part;
import io.aiproxy.neutral.Request;
import io.aiproxy.neutral.Stop;
import io.aiproxy.neutral.Stop.Reason;
import io.aiproxy.stream.Piece;
import io.aiproxy.stream.Transducer;
import io.aiproxy.usage.Usage;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Writes Anthropic's stream, of the first candidate alone. A block begins when there is something in it. Why the model ended is
 * told at the end, together with what it has cost.
 */
final class AnthropicStreamWriter implements Transducer<Delta, Piece> {
  /** The member of a call's input that holds what a tool that takes free text is called with. */
  static final String FREE_TEXT = "input";

  private static final String FREE_TEXT_BEGINS = "{\"" + FREE_TEXT + "\":\"";
  private static final String FREE_TEXT_ENDS = "\"}";
  private static final String DELTA = "content_block_delta";
  private static final String SIGNATURE = "signature";

  private final Request asked;
  private final Losses unsaid = new Losses();
  private final AnthropicBlockWriter blocks = new AnthropicBlockWriter(true, unsaid);
  private Optional<Part> announced = Optional.empty();
  private Optional<Part> open = Optional.empty();
  private Stop stop = Stop.of(Reason.UNKNOWN);
  private Usage usage = Usage.NONE;
  private int index;
  private boolean begun;
  /** Whether the open call was given any of its input. */
  private boolean hasInput;

  private boolean over;

  AnthropicStreamWriter(Request asked) {
    this.asked = asked;
  }

  @Override
  public void next(Delta delta, Consumer<? super Piece> out) {
    if (over) {
      return;
    }
    if (delta instanceof Delta.Begun start) {
      begin(start.id(), start.model(), out);
    } else if (delta instanceof Delta.Counted counted) {
      usage = counted.usage();
    } else if (delta instanceof Delta.Ping) {
      out.accept(DialectJson.event("ping", typed("ping")));
    } else if (delta instanceof Delta.Ended) {
      finish(out);
    } else if (delta instanceof Delta.Stopped stopped && stopped.candidate() == 0) {
      close(out);
      stop = stopped.stop();
    } else {
      part(delta, out);
    }
  }

  private void part(Delta delta, Consumer<? super Piece> out) {
    if (delta instanceof Delta.Opened opened && opened.candidate() == 0) {
      close(out);
      announce(opened.beginning(), out);
    } else if (delta instanceof Delta.Grown grown && grown.candidate() == 0) {
      grow(grown, out);
    } else if (delta instanceof Delta.Signed signed && signed.candidate() == 0) {
      delta("signature_delta", SIGNATURE, AnthropicBlockWriter.signature(signed.signature()), out);
    } else if (delta instanceof Delta.Cited cited && cited.candidate() == 0) {
      blocks.citation(cited.citation()).ifPresent(citation -> {
        ObjectNode change = typed("citations_delta");
        change.set("citation", citation);
        delta(change, out);
      });
    } else if (delta instanceof Delta.Closed closed && closed.candidate() == 0) {
      close(out);
    }
  }

  private void begin(String id, String model, Consumer<? super Piece> out) {
    if (begun) {
      return;
    }
    begun = true;
    ObjectNode message = typed("message")
        .put("id", AnthropicAnswers.id(id, asked))
        .put("role", "assistant")
        .put("model", model.isEmpty() ? asked.model() : model);
    message.putArray("content");
    message.set("usage", AnthropicUsage.write(Usage.NONE));
    ObjectNode start = typed("message_start");
    start.set("message", message);
    event(start, out);
  }

  /** Texts may stay empty, and then are not worth a block; all else is something from its beginning. */
  private void announce(Part part, Consumer<? super Piece> out) {
    announced = Optional.of(part);
    if (part instanceof Part.Text text) {
      grow(text.text(), out);
      text.citations().forEach(citation -> part(new Delta.Cited(0, 0, citation), out));
    } else if (part instanceof Part.Refusal refusal) {
      grow(refusal.text(), out);
    } else if (part instanceof Part.Thought thought) {
      thought(thought, out);
    } else if (part instanceof Part.ToolCall call) {
      start(out);
      input(call.free() ? FREE_TEXT_BEGINS : "", out);
      arguments(call.arguments(), out);
    } else {
      start(out);
    }
  }

  private void thought(Part.Thought thought, Consumer<? super Piece> out) {
    ObjectNode block = AnthropicBlockWriter.thinking(thought);
    if (block.has("data")) {
      start(out);
      return;
    }
    grow(thought.text(), out);
    thought.signature().ifPresent(signature -> part(new Delta.Signed(0, 0, signature), out));
  }

  /** Begins the block of the part that was announced, unless it has begun, or there is no word for it. */
  private void start(Consumer<? super Piece> out) {
    Optional<ObjectNode> block = announced.flatMap(this::beginning);
    if (block.isPresent()) {
      begin("", "", out);
      ObjectNode start = typed("content_block_start").put("index", index);
      start.set("content_block", block.get());
      event(start, out);
      open = announced;
      hasInput = false;
    }
    announced = Optional.empty();
  }

  private Optional<ObjectNode> beginning(Part part) {
    if (part instanceof Part.Text || part instanceof Part.Refusal) {
      return Optional.of(typed("text").put("text", ""));
    }
    if (part instanceof Part.ToolCall call) {
      ObjectNode block = AnthropicBlockWriter.call(call.id(), call);
      block.putObject("input");
      return Optional.of(block);
    }
    if (part instanceof Part.Thought thought) {
      ObjectNode block = AnthropicBlockWriter.thinking(thought);
      return Optional.of(block.has("data") ? block : typed("thinking").put("thinking", ""));
    }
    return blocks.block(part);
  }

  private void grow(Delta.Grown grown, Consumer<? super Piece> out) {
    if (grown.growth() == Growth.ARGUMENTS) {
      arguments(grown.more(), out);
    } else {
      grow(grown.more(), out);
    }
  }

  private void grow(String more, Consumer<? super Piece> out) {
    if (more.isEmpty()) {
      return;
    }
    start(out);
    boolean isThought = open.filter(Part.Thought.class::isInstance).isPresent();
    String name = isThought ? "thinking" : "text";
    delta(name + "_delta", name, more, out);
  }

  private void arguments(String more, Consumer<? super Piece> out) {
    boolean isFree = open.filter(AnthropicStreamWriter::isFree).isPresent();
    input(isFree ? DialectJson.inString(more) : more, out);
  }

  private static boolean isFree(Part part) {
    return part instanceof Part.ToolCall call && call.free();
  }

  private void input(String json, Consumer<? super Piece> out) {
    if (!json.isEmpty()) {
      hasInput = true;
      delta("input_json_delta", "partial_json", json, out);
    }
  }

  private void delta(String type, String name, String more, Consumer<? super Piece> out) {
    delta(typed(type).put(name, more), out);
  }

  private void delta(ObjectNode change, Consumer<? super Piece> out) {
    start(out);
    if (open.isPresent()) {
      ObjectNode delta = typed(DELTA).put("index", index);
      delta.set("delta", change);
      event(delta, out);
    }
  }

  private void close(Consumer<? super Piece> out) {
    announced = Optional.empty();
    if (open.isPresent()) {
      input(ending(open.get()), out);
      event(typed("content_block_stop").put("index", index), out);
      index++;
      open = Optional.empty();
    }
  }

  /** What the input of a call still lacks; clients insist on an object, also for a tool that takes nothing. */
  private String ending(Part part) {
    if (isFree(part)) {
      return FREE_TEXT_ENDS;
    }
    return part instanceof Part.ToolCall && !hasInput ? "{}" : "";
  }

  private void finish(Consumer<? super Piece> out) {
    begin("", "", out);
    close(out);
    ObjectNode change = typed("message_delta");
    AnthropicStops.write(stop, change.putObject("delta"));
    change.set("usage", AnthropicUsage.write(usage));
    event(change, out);
    event(typed("message_stop"), out);
    over = true;
  }

  private static void event(ObjectNode event, Consumer<? super Piece> out) {
    out.accept(DialectJson.event(event.path("type").asText(), event));
  }
}
