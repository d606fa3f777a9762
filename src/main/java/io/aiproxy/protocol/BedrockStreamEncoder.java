package io.aiproxy.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aiproxy.neutral.Delta;
import io.aiproxy.neutral.Part;
import io.aiproxy.neutral.Signature;
import io.aiproxy.neutral.Stop;
import io.aiproxy.stream.Piece;
import io.aiproxy.stream.Transducer;
import io.aiproxy.usage.Usage;
import io.aiproxy.wire.AwsFrame;
import java.util.function.Consumer;

/**
 * Writes a stream of Converse. It has one answer: other candidates are not said, nor parts for which there is no block. The
 * count of tokens is kept for the last frame.
 */
final class BedrockStreamEncoder implements Transducer<Delta, Piece> {
  private static final String NAME = BedrockConverse.NAME;

  private int blocks;
  private boolean silent;
  private boolean isThought;
  private boolean hasBlock;
  private boolean stopped;
  private Usage usage = Usage.NONE;

  @Override
  public void next(Delta delta, Consumer<? super Piece> out) {
    if (delta instanceof Delta.Begun) {
      frame("messageStart", BedrockJson.object("role", "assistant"), out);
    } else if (delta instanceof Delta.Opened opened && opened.candidate() == 0) {
      open(opened.beginning(), out);
    } else if (delta instanceof Delta.Grown grown && grown.candidate() == 0) {
      grow(grown.growth(), grown.more(), out);
    } else if (delta instanceof Delta.Signed signed && signed.candidate() == 0) {
      sign(signed.signature(), out);
    } else if (delta instanceof Delta.Cited cited && cited.candidate() == 0) {
      piece(BedrockJson.object("citation", BedrockBlockWriter.citation(cited.citation())), out);
    } else if (delta instanceof Delta.Closed closed && closed.candidate() == 0) {
      close(out);
    } else if (delta instanceof Delta.Stopped stop && stop.candidate() == 0) {
      stop(stop.stop(), out);
    } else if (delta instanceof Delta.Counted counted) {
      usage = counted.usage();
    } else if (delta instanceof Delta.Ended) {
      conclude(out);
    }
  }

  private void open(Part part, Consumer<? super Piece> out) {
    silent = !(part instanceof Part.Text
        || part instanceof Part.Refusal
        || part instanceof Part.Thought
        || part instanceof Part.ToolCall);
    isThought = part instanceof Part.Thought;
    hasBlock = false;
    if (part instanceof Part.Text text) {
      grow(Delta.Growth.TEXT, text.text(), out);
      text.citations()
          .forEach(citation ->
              piece(BedrockJson.object("citation", BedrockBlockWriter.citation(citation)), out));
    } else if (part instanceof Part.Refusal refusal) {
      grow(Delta.Growth.TEXT, refusal.text(), out);
    } else if (part instanceof Part.Thought thought) {
      think(thought, out);
    } else if (part instanceof Part.ToolCall call) {
      call(call, out);
    }
  }

  private void think(Part.Thought thought, Consumer<? super Piece> out) {
    grow(Delta.Growth.TEXT, thought.text(), out);
    thought.signature().ifPresent(signature -> sign(signature, out));
    JsonNode hidden = thought.origin().rest().path("redactedContent");
    if (thought.origin().protocol().equals(NAME) && hidden.isTextual()) {
      thought(BedrockJson.object("redactedContent", hidden), out);
    }
  }

  private void call(Part.ToolCall call, Consumer<? super Piece> out) {
    ObjectNode start = BedrockJson.object("contentBlockIndex", blocks());
    ObjectNode use = start.putObject("start").putObject("toolUse");
    use.put("toolUseId", call.id()).put("name", call.name());
    frame("contentBlockStart", start, out);
    hasBlock = true;
    grow(Delta.Growth.ARGUMENTS, call.arguments(), out);
  }

  private void grow(Delta.Growth growth, String more, Consumer<? super Piece> out) {
    if (more.isEmpty()) {
      return;
    }
    if (growth == Delta.Growth.ARGUMENTS) {
      piece(BedrockJson.object("toolUse", BedrockJson.object("input", more)), out);
    } else if (isThought) {
      thought(BedrockJson.object("text", more), out);
    } else {
      piece(BedrockJson.object("text", more), out);
    }
  }

  private void sign(Signature signature, Consumer<? super Piece> out) {
    thought(BedrockJson.object("signature", signature.in(NAME)), out);
  }

  private void thought(ObjectNode said, Consumer<? super Piece> out) {
    piece(BedrockJson.object("reasoningContent", said), out);
  }

  private void piece(ObjectNode delta, Consumer<? super Piece> out) {
    if (!silent) {
      hasBlock = true;
      ObjectNode said = BedrockJson.object("contentBlockIndex", blocks());
      frame("contentBlockDelta", said.set("delta", delta), out);
    }
  }

  private JsonNode blocks() {
    return BedrockJson.object().numberNode(blocks);
  }

  private void close(Consumer<? super Piece> out) {
    if (hasBlock) {
      frame("contentBlockStop", BedrockJson.object("contentBlockIndex", blocks()), out);
      blocks++;
      hasBlock = false;
    }
  }

  private void stop(Stop why, Consumer<? super Piece> out) {
    stopped = true;
    frame("messageStop", BedrockJson.object("stopReason", BedrockStops.write(why)), out);
  }

  private void conclude(Consumer<? super Piece> out) {
    if (!stopped) {
      stop(Stop.of(Stop.Reason.UNKNOWN), out);
    }
    ObjectNode metadata = BedrockJson.object();
    BedrockUsage.write(usage, metadata.putObject("usage"));
    frame("metadata", metadata, out);
  }

  private static void frame(String name, ObjectNode said, Consumer<? super Piece> out) {
    out.accept(AwsFrame.of(AwsFrame.EVENT, name, BedrockJson.bytes(said)));
  }
}
