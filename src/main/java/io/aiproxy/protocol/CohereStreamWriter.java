package io.aiproxy.protocol;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aiproxy.json.WellFormed;
import io.aiproxy.neutral.Delta;
import io.aiproxy.neutral.Logprob;
import io.aiproxy.neutral.Part;
import io.aiproxy.neutral.Stop;
import io.aiproxy.stream.Chunk;
import io.aiproxy.stream.Piece;
import io.aiproxy.stream.Transducer;
import io.aiproxy.usage.Usage;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** Writes a stream of Cohere's chat, an event for each step. Of several candidates only the first can be told. */
final class CohereStreamWriter implements Transducer<Delta, Piece> {
  private static final byte[] DONE = "data: [DONE]\n\n".getBytes(StandardCharsets.US_ASCII);

  /** What is open, by the member that it grows in. */
  private enum Open {
    TEXT("text"),
    THOUGHT("thinking"),
    PLAN("tool_plan"),
    CALL("arguments"),
    NOTHING("");

    private final String member;

    Open(String member) {
      this.member = member;
    }
  }

  private Open open = Open.NOTHING;
  private int contents = -1;
  private int calls = -1;
  private int citations;
  private Stop stop = Stop.of(Stop.Reason.UNKNOWN);
  private Usage usage = Usage.NONE;

  @Override
  public void next(Delta delta, Consumer<? super Piece> out) {
    if (delta instanceof Delta.Begun begun) {
      begin(begun, out);
    } else if (delta instanceof Delta.Opened opened && opened.candidate() == 0) {
      open(opened.beginning(), out);
    } else if (delta instanceof Delta.Grown grown && grown.candidate() == 0) {
      grow(grown.more(), out);
    } else if (delta instanceof Delta.Cited cited && cited.candidate() == 0) {
      cite(cited, out);
    } else if (delta instanceof Delta.Weighed weighed && weighed.candidate() == 0) {
      weighed.logprobs().forEach(logprob -> weigh(logprob, out));
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

  private static void begin(Delta.Begun begun, Consumer<? super Piece> out) {
    ObjectNode event = event("message-start").put("id", begun.id());
    ObjectNode message = message(event).put("role", "assistant");
    message.putArray("content");
    message.put("tool_plan", "");
    message.putArray("tool_calls");
    message.putArray("citations");
    write(event, out);
  }

  private void open(Part beginning, Consumer<? super Piece> out) {
    if (beginning instanceof Part.ToolCall call) {
      open = Open.CALL;
      ObjectNode event = event("tool-call-start").put("index", ++calls);
      message(event).set("tool_calls", CohereParts.call(call));
      write(event, out);
    } else if (beginning instanceof Part.Thought thought) {
      open = CohereParts.isPlan(thought) ? Open.PLAN : Open.THOUGHT;
      contentBegins(thought.text(), out);
    } else if (beginning instanceof Part.Text words) {
      open = Open.TEXT;
      contentBegins(words.text(), out);
    } else if (beginning instanceof Part.Refusal words) {
      open = Open.TEXT;
      contentBegins(words.text(), out);
    }
  }

  private void contentBegins(String text, Consumer<? super Piece> out) {
    if (open != Open.PLAN) {
      ObjectNode event = event("content-start").put("index", ++contents);
      message(event).putObject("content").put("type", open.member).put(open.member, "");
      write(event, out);
    }
    if (!text.isEmpty()) {
      grow(text, out);
    }
  }

  private void grow(String more, Consumer<? super Piece> out) {
    switch (open) {
      case TEXT, THOUGHT -> write(content(more), out);
      case PLAN -> {
        ObjectNode event = event("tool-plan-delta");
        message(event).put(open.member, more);
        write(event, out);
      }
      case CALL -> {
        ObjectNode event = event("tool-call-delta").put("index", calls);
        message(event).putObject("tool_calls").putObject("function").put(open.member, more);
        write(event, out);
      }
      case NOTHING -> {}
    }
  }

  private ObjectNode content(String more) {
    ObjectNode event = event("content-delta").put("index", contents);
    message(event).putObject("content").put(open.member, more);
    return event;
  }

  private void weigh(Logprob logprob, Consumer<? super Piece> out) {
    if (open == Open.TEXT) {
      write(content("").set("logprobs", CohereParts.logprob(logprob)), out);
    }
  }

  private void cite(Delta.Cited cited, Consumer<? super Piece> out) {
    ObjectNode event = event("citation-start").put("index", citations);
    message(event).set("citations", CohereParts.citation(cited.citation(), ""));
    write(event, out);
    write(event("citation-end").put("index", citations++), out);
  }

  private void close(Consumer<? super Piece> out) {
    switch (open) {
      case TEXT, THOUGHT -> write(event("content-end").put("index", contents), out);
      case CALL -> write(event("tool-call-end").put("index", calls), out);
      case PLAN, NOTHING -> {}
    }
    open = Open.NOTHING;
  }

  private void finish(Consumer<? super Piece> out) {
    ObjectNode event = event("message-end");
    ObjectNode delta = event.putObject("delta").put("finish_reason", CohereAnswers.word(stop));
    CohereAnswers.usage(usage).ifPresent(counted -> delta.set("usage", counted));
    write(event, out);
    out.accept(Chunk.of(DONE));
  }

  private static ObjectNode event(String type) {
    return JsonNodeFactory.instance.objectNode().put("type", type);
  }

  private static ObjectNode message(ObjectNode event) {
    return event.putObject("delta").putObject("message");
  }

  private static void write(ObjectNode event, Consumer<? super Piece> out) {
    String text =
        "event: " + event.path("type").asText() + "\ndata: " + CohereParts.text(event) + "\n\n";
    out.accept(Chunk.of(WellFormed.utf8(text)));
  }
}
