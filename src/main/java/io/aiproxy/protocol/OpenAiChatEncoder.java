package io.aiproxy.protocol;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aiproxy.neutral.Delta;
import io.aiproxy.neutral.Request;
import io.aiproxy.stream.Chunk;
import io.aiproxy.stream.Piece;
import io.aiproxy.stream.Transducer;
import io.aiproxy.usage.Usage;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/** Writes a stream. What it has cost is told at its end, if the client asked for that. One per answer. */
final class OpenAiChatEncoder implements Transducer<Delta, Piece> {
  /** For answers of providers who number none. */
  static final String NO_ID = "chatcmpl-0";

  private static final byte[] PING = ": ping\n\n".getBytes(StandardCharsets.US_ASCII);
  private static final String DONE = "[DONE]";

  private final Request asked;
  private final Map<Integer, OpenAiChatSpeaker> speakers = new HashMap<>();
  private ObjectNode head = OpenAiJson.object();
  private Usage usage = Usage.NONE;

  OpenAiChatEncoder(Request asked) {
    this.asked = asked;
  }

  @Override
  public void next(Delta delta, Consumer<? super Piece> out) {
    if (delta instanceof Delta.Begun begun) {
      begin(begun);
      speaker(0, out);
    } else if (delta instanceof Delta.Opened opened) {
      speaker(opened.candidate(), out).open(opened.beginning(), to(out));
    } else if (delta instanceof Delta.Grown grown) {
      speaker(grown.candidate(), out).grow(grown.more(), to(out));
    } else if (delta instanceof Delta.Signed signed) {
      speaker(signed.candidate(), out).sign(signed.signature());
    } else if (delta instanceof Delta.Cited cited) {
      speaker(cited.candidate(), out).cite(cited.citation(), to(out));
    } else if (delta instanceof Delta.Weighed weighed) {
      speaker(weighed.candidate(), out).weigh(weighed.logprobs(), to(out));
    } else if (delta instanceof Delta.Closed closed) {
      speaker(closed.candidate(), out).close(to(out));
    } else if (delta instanceof Delta.Stopped stopped) {
      speaker(stopped.candidate(), out).stop(stopped.stop(), to(out));
    } else if (delta instanceof Delta.Counted counted) {
      usage = counted.usage();
    } else if (delta instanceof Delta.Ping) {
      out.accept(Chunk.of(PING));
    } else if (delta instanceof Delta.Ended) {
      finish(out);
    }
  }

  private void begin(Delta.Begun begun) {
    head = OpenAiJson.object()
        .put("id", begun.id().isEmpty() ? NO_ID : begun.id())
        .put("object", "chat.completion.chunk")
        .put("created", begun.created())
        .put("model", begun.model().isEmpty() ? asked.model() : begun.model());
  }

  /** A candidate's first chunk says whose role it has. */
  private OpenAiChatSpeaker speaker(int candidate, Consumer<? super Piece> out) {
    if (!speakers.containsKey(candidate)) {
      speakers.put(candidate, new OpenAiChatSpeaker(candidate));
      speakers.get(candidate).begin(to(out));
    }
    return speakers.get(candidate);
  }

  private Consumer<ObjectNode> to(Consumer<? super Piece> out) {
    return choice -> {
      ObjectNode chunk = head.deepCopy();
      chunk.putArray("choices").add(choice);
      out.accept(OpenAiJson.event(chunk));
    };
  }

  private void finish(Consumer<? super Piece> out) {
    if (asked.streamUsage() && !usage.isAbsent()) {
      ObjectNode chunk = head.deepCopy();
      chunk.putArray("choices");
      chunk.set("usage", OpenAiUsage.write(usage));
      out.accept(OpenAiJson.event(chunk));
    }
    out.accept(OpenAiJson.event(DONE));
  }
}
