package io.aiproxy.protocol;

import static io.aiproxy.protocol.DialectJson.string;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aiproxy.call.Failure;
import io.aiproxy.neutral.Delta;
import io.aiproxy.neutral.Delta.Growth;
import io.aiproxy.neutral.Part;
import io.aiproxy.neutral.Stop;
import io.aiproxy.stream.Transducer;
import io.aiproxy.wire.Event;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Reads Anthropic's stream. Its usage comes in parts, each laid over what was known. A block that only Anthropic knows is
 * handed on when it is whole.
 */
final class AnthropicStreamReader implements Transducer<Event, Delta> {
  private final AnthropicBlockReader blocks = new AnthropicBlockReader();
  private final ObjectNode usage = DialectJson.object();
  private final Held counted = new Held(Held.PART);
  private Optional<Block> open = Optional.empty();
  private int parts;
  private boolean begun;
  private boolean stopped;

  /** The block that is being made. */
  private static final class Block {
    private final int part;
    private final ObjectNode beginning;
    private final Part known;
    private final StringBuilder signature = new StringBuilder();
    private final StringBuilder input = new StringBuilder();
    private final Held held = new Held(Held.PART);
    private boolean hasInput;

    Block(int part, ObjectNode beginning, Part known) {
      this.part = part;
      this.beginning = beginning;
      this.known = known;
    }

    private boolean isOther() {
      return known instanceof Part.Other;
    }
  }

  @Override
  public void next(Event event, Consumer<? super Delta> out) {
    DialectJson.object(event).ifPresent(message -> next(message, out));
  }

  private void next(ObjectNode message, Consumer<? super Delta> out) {
    switch (string(message, "type")) {
      case "message_start" -> begin(message.path("message"), out);
      case "content_block_start" -> open(message, out);
      case "content_block_delta" ->
        open.ifPresent(block -> grow(block, message.path("delta"), out));
      case "content_block_stop" -> close(out);
      case "message_delta" -> change(message, out);
      case "message_stop" -> end(message, out);
      case "ping" -> out.accept(new Delta.Ping());
      case "error" -> out.accept(new Delta.Failed(failure(message.path("error"))));
      default -> {} // of a kind that came later
    }
  }

  private void begin(JsonNode message, Consumer<? super Delta> out) {
    if (!begun) {
      begun = true;
      out.accept(new Delta.Begun(string(message, "id"), string(message, "model"), 0));
    }
    count(message.path("usage"), false, out);
  }

  /** What is said of the output before there is any is only a beginning. */
  private void count(JsonNode counts, boolean hasOutput, Consumer<? super Delta> out) {
    counts.properties().stream().filter(count -> !count.getValue().isNull()).forEach(count -> {
      counted.add(usage.has(count.getKey()) ? 0 : count.toString().length());
      usage.set(count.getKey(), count.getValue());
    });
    if (!counts.isEmpty()) {
      out.accept(new Delta.Counted(AnthropicUsage.read(usage, hasOutput)));
    }
  }

  private void open(ObjectNode message, Consumer<? super Delta> out) {
    close(out);
    if (message.path("content_block") instanceof ObjectNode beginning) {
      Part known = blocks.part(beginning, "content[" + parts + "]");
      Block block = new Block(parts++, beginning, known);
      open = Optional.of(block);
      if (!block.isOther()) {
        out.accept(new Delta.Opened(0, block.part, empty(known)));
      }
    }
  }

  /** What a call begins with is only what it is without arguments. */
  private static Part empty(Part known) {
    return known instanceof Part.ToolCall call
        ? new Part.ToolCall(call.id(), call.name(), "", false, call.origin())
        : known;
  }

  private static void grow(Block block, JsonNode delta, Consumer<? super Delta> out) {
    switch (string(delta, "type")) {
      case "text_delta" -> text(block, string(delta, "text"), out);
      case "thinking_delta" -> text(block, string(delta, "thinking"), out);
      case "input_json_delta" -> input(block, string(delta, "partial_json"), out);
      case "signature_delta" -> sign(block, string(delta, "signature"));
      case "citations_delta" -> cite(block, delta.path("citation"), out);
      default -> {} // of a kind that came later
    }
  }

  private static void text(Block block, String more, Consumer<? super Delta> out) {
    boolean isText = block.known instanceof Part.Text || block.known instanceof Part.Thought;
    if (isText && !more.isEmpty()) {
      out.accept(new Delta.Grown(0, block.part, Growth.TEXT, more));
    }
  }

  private static void input(Block block, String more, Consumer<? super Delta> out) {
    block.hasInput |= !more.isEmpty();
    if (block.isOther()) {
      block.held.add(more.length());
      block.input.append(more);
    }
    if (block.known instanceof Part.ToolCall && !more.isEmpty()) {
      out.accept(new Delta.Grown(0, block.part, Growth.ARGUMENTS, more));
    }
  }

  private static void sign(Block block, String more) {
    block.held.add(more.length());
    block.signature.append(more);
  }

  private static void cite(Block block, JsonNode citation, Consumer<? super Delta> out) {
    if (block.known instanceof Part.Text && citation instanceof ObjectNode cited) {
      String at = "content[" + block.part + "].citations[]";
      out.accept(new Delta.Cited(0, block.part, AnthropicBlockReader.citation(cited, at)));
    }
  }

  private void close(Consumer<? super Delta> out) {
    open.ifPresent(block -> {
      if (block.isOther()) {
        out.accept(new Delta.Opened(0, block.part, whole(block)));
      } else if (block.known instanceof Part.ToolCall call && !block.hasInput) {
        out.accept(new Delta.Grown(0, block.part, Growth.ARGUMENTS, call.arguments()));
      } else if (block.known instanceof Part.Thought) {
        AnthropicBlockReader.signature(block.signature.toString())
            .ifPresent(signature -> out.accept(new Delta.Signed(0, block.part, signature)));
      }
      out.accept(new Delta.Closed(0, block.part));
    });
    open = Optional.empty();
  }

  private Part whole(Block block) {
    return DialectJson.object(block.input.toString())
        .map(input -> (ObjectNode) block.beginning.set("input", input))
        .map(json -> blocks.part(json, "content[" + block.part + "]"))
        .orElse(block.known);
  }

  private void change(ObjectNode message, Consumer<? super Delta> out) {
    JsonNode delta = message.path("delta");
    if (delta.hasNonNull("stop_reason")) {
      stop(AnthropicStops.read(delta), out);
    }
    count(message.path("usage"), true, out);
  }

  private void stop(Stop stop, Consumer<? super Delta> out) {
    close(out);
    if (!stopped) {
      stopped = true;
      out.accept(new Delta.Stopped(0, stop));
    }
  }

  private void end(ObjectNode message, Consumer<? super Delta> out) {
    stop(AnthropicStops.read(message), out);
    out.accept(new Delta.Ended());
  }

  private static Failure failure(JsonNode error) {
    String type = string(error, "type");
    return new Failure(AnthropicErrors.status(type), type, "", string(error, "message"), "");
  }
}
