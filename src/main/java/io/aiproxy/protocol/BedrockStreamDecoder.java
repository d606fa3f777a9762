package io.aiproxy.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aiproxy.neutral.Delta;
import io.aiproxy.neutral.Origin;
import io.aiproxy.neutral.Part;
import io.aiproxy.stream.Transducer;
import io.aiproxy.wire.AwsFrame;
import io.aiproxy.wire.Event;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Reads a stream of Converse. Only blocks of tools are begun in so many words, others with their first piece. The last frame is
 * {@code metadata}, behind the one that says why the model ended.
 */
final class BedrockStreamDecoder implements Transducer<Event, Delta> {
  private static final String NAME = BedrockConverse.NAME;
  private static final int NONE = -1;

  private boolean begun;
  /** The block that is open; of others nothing more is expected. */
  private int block = NONE;

  private int part = NONE;

  @Override
  public void next(Event event, Consumer<? super Delta> out) {
    JsonNode said = BedrockJson.parsed(event.dataArray(), event.dataOffset(), event.dataLength());
    if (event instanceof AwsFrame frame && !frame.messageType().equals(AwsFrame.EVENT)) {
      out.accept(new Delta.Failed(BedrockErrors.read(frame, said.path("message").asText())));
      return;
    }
    if (said.isMissingNode() && event.dataLength() > 0) {
      Unreadable.passOver(event);
    }
    switch (event.name()) {
      case "messageStart" -> begin(out);
      case "contentBlockStart" -> start(said, out);
      case "contentBlockDelta" -> grow(said, out);
      case "contentBlockStop" -> close(out);
      case "messageStop" -> stop(said, out);
      case "metadata" -> conclude(said, out);
      default -> {} // of a kind that is not known yet
    }
  }

  private void begin(Consumer<? super Delta> out) {
    if (!begun) {
      begun = true;
      out.accept(new Delta.Begun("", "", 0));
    }
  }

  private void start(JsonNode said, Consumer<? super Delta> out) {
    if (said.path("start").path("toolUse") instanceof ObjectNode use) {
      String path = "start.toolUse";
      Origin origin = Origin.of(NAME, path, use, Set.of("toolUseId", "name"));
      open(
          said,
          new Part.ToolCall(
              use.path("toolUseId").asText(), use.path("name").asText(), "", false, origin),
          out);
    }
  }

  private void open(JsonNode said, Part beginning, Consumer<? super Delta> out) {
    begin(out);
    close(out);
    block = said.path("contentBlockIndex").asInt();
    part++;
    out.accept(new Delta.Opened(0, part, beginning));
  }

  private void grow(JsonNode said, Consumer<? super Delta> out) {
    JsonNode delta = said.path("delta");
    JsonNode thought = delta.path("reasoningContent");
    JsonNode arguments = delta.path("toolUse").path("input");
    if (delta.path("text").isTextual()) {
      grow(said, Part.Text.of(""), delta.path("text").asText(), out);
    } else if (thought.path("text").isTextual()) {
      grow(said, thought(BedrockJson.object()), thought.path("text").asText(), out);
    } else if (thought.path("signature").isTextual()) {
      opened(said, thought(BedrockJson.object()), out);
      BedrockBlocks.signature(thought.path("signature"))
          .ifPresent(signature -> out.accept(new Delta.Signed(0, part, signature)));
    } else if (thought instanceof ObjectNode hidden && hidden.has("redactedContent")) {
      opened(said, thought(hidden), out);
    } else if (arguments.isTextual() && isOpen(said) && !arguments.asText().isEmpty()) {
      out.accept(new Delta.Grown(0, part, Delta.Growth.ARGUMENTS, arguments.asText()));
    } else if (delta.has("citation")) {
      opened(said, Part.Text.of(""), out);
      out.accept(new Delta.Cited(
          0, part, BedrockBlocks.citation(delta.get("citation"), "delta.citation")));
    }
  }

  private static Part thought(ObjectNode rest) {
    return new Part.Thought("", Optional.empty(), new Origin(NAME, "delta.reasoningContent", rest));
  }

  /** Empty pieces are how Converse begins and pads blocks; they say nothing. */
  private void grow(JsonNode said, Part beginning, String more, Consumer<? super Delta> out) {
    if (!more.isEmpty()) {
      opened(said, beginning, out);
      out.accept(new Delta.Grown(0, part, Delta.Growth.TEXT, more));
    }
  }

  private void opened(JsonNode said, Part beginning, Consumer<? super Delta> out) {
    if (!isOpen(said)) {
      open(said, beginning, out);
    }
  }

  private boolean isOpen(JsonNode said) {
    return block != NONE && block == said.path("contentBlockIndex").asInt();
  }

  private void close(Consumer<? super Delta> out) {
    if (block != NONE) {
      block = NONE;
      out.accept(new Delta.Closed(0, part));
    }
  }

  private void stop(JsonNode said, Consumer<? super Delta> out) {
    begin(out);
    close(out);
    out.accept(new Delta.Stopped(0, BedrockStops.read(said.path("stopReason").asText())));
  }

  private void conclude(JsonNode said, Consumer<? super Delta> out) {
    begin(out);
    close(out);
    if (said.path("usage").isObject()) {
      out.accept(new Delta.Counted(BedrockUsage.of(said.path("usage"))));
    }
    out.accept(new Delta.Ended());
  }
}
