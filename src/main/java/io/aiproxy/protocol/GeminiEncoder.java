package io.aiproxy.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aiproxy.json.WellFormed;
import io.aiproxy.neutral.Citation;
import io.aiproxy.neutral.Delta;
import io.aiproxy.neutral.Delta.Growth;
import io.aiproxy.neutral.Losses;
import io.aiproxy.neutral.Part;
import io.aiproxy.neutral.Signature;
import io.aiproxy.neutral.Stop;
import io.aiproxy.stream.Chunk;
import io.aiproxy.stream.Piece;
import io.aiproxy.stream.Transducer;
import io.aiproxy.usage.Usage;
import io.aiproxy.wire.StreamFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Writes a stream. A call is held until its arguments are whole, since Google has no parts of them; why it finished and what
 * it cost are in the last message.
 */
final class GeminiEncoder implements Transducer<Delta, Piece> {
  private final StreamFormat format;
  private final Held citations = new Held(Held.PART);
  private final Map<Integer, Candidate> candidates = new TreeMap<>();
  private Delta.Begun begun = new Delta.Begun("", "", 0);
  private Usage usage = Usage.NONE;
  private boolean first = true;

  GeminiEncoder(StreamFormat format) {
    this.format = format;
  }

  /** How far a candidate has come. */
  private static final class Candidate {
    private Optional<Part> open = Optional.empty();
    private final StringBuilder arguments = new StringBuilder();
    private final Held held = new Held(Held.PART);
    private boolean hasWords;
    private Optional<Signature> signature = Optional.empty();
    private final List<Citation> citations = new ArrayList<>();
    private Stop stop = Stop.of(Stop.Reason.UNKNOWN);
  }

  @Override
  public void next(Delta delta, Consumer<? super Piece> out) {
    if (delta instanceof Delta.Begun beginning) {
      begun = beginning;
    } else if (delta instanceof Delta.Opened opened) {
      open(opened.beginning(), opened.candidate(), out);
    } else if (delta instanceof Delta.Grown grown) {
      grow(grown, out);
    } else if (delta instanceof Delta.Signed signed) {
      at(signed.candidate()).signature = Optional.of(signed.signature());
    } else if (delta instanceof Delta.Cited cited) {
      cite(cited.citation(), at(cited.candidate()));
    } else if (delta instanceof Delta.Weighed weighed) {
      ObjectNode candidate = candidate(weighed.candidate());
      candidate.set("logprobsResult", GeminiCandidates.written(weighed.logprobs()));
      write(message(candidate), out);
    } else if (delta instanceof Delta.Closed closed) {
      close(closed.candidate(), out);
    } else if (delta instanceof Delta.Stopped stopped) {
      flush(stopped.candidate(), out);
      at(stopped.candidate()).stop = stopped.stop();
    } else if (delta instanceof Delta.Counted counted) {
      usage = counted.usage();
    } else if (delta instanceof Delta.Ended) {
      last(out);
    }
  }

  private Candidate at(int index) {
    return candidates.computeIfAbsent(index, each -> new Candidate());
  }

  private void open(Part part, int index, Consumer<? super Piece> out) {
    Candidate candidate = at(index);
    candidate.open = Optional.of(part);
    candidate.hasWords = false;
    candidate.arguments.setLength(0);
    candidate.held.release();
    if (part instanceof Part.Text text) {
      words(text.text(), index, out);
    } else if (part instanceof Part.Refusal refusal) {
      words(refusal.text(), index, out);
    } else if (part instanceof Part.Thought thought) {
      flush(index, out);
      words(thought.text(), index, out);
      candidate.signature = thought.signature();
    } else if (part instanceof Part.ToolCall call) {
      candidate.arguments.append(call.arguments());
    } else {
      flush(index, out);
      parts(new GeminiPartWriter(new Losses(), false).written(List.of(part)), index, out);
    }
  }

  private void grow(Delta.Grown grown, Consumer<? super Piece> out) {
    Candidate candidate = at(grown.candidate());
    if (grown.growth() == Growth.TEXT) {
      words(grown.more(), grown.candidate(), out);
    } else {
      candidate.held.add(grown.more().length());
      candidate.arguments.append(grown.more());
    }
  }

  private void words(String text, int index, Consumer<? super Piece> out) {
    if (text.isEmpty()) {
      return;
    }
    Candidate candidate = at(index);
    ObjectNode part = GeminiJson.object().put("text", text);
    candidate.hasWords = true;
    if (candidate.open.filter(Part.Thought.class::isInstance).isPresent()) {
      part.put("thought", true);
    } else {
      sign(part, candidate);
    }
    part(part, index, out);
  }

  private void cite(Citation citation, Candidate candidate) {
    citations.add(citation.toString().length());
    candidate.citations.add(citation);
  }

  private void close(int index, Consumer<? super Piece> out) {
    Candidate candidate = at(index);
    Part closed = candidate.open.orElse(Part.Text.of(""));
    candidate.open = Optional.empty();
    if (closed instanceof Part.ToolCall call) {
      ObjectNode part = GeminiPartWriter.call(new Part.ToolCall(
          call.id(), call.name(), candidate.arguments.toString(), call.free(), call.origin()));
      sign(part, candidate);
      part(part, index, out);
    } else if (closed instanceof Part.Thought
        && candidate.hasWords
        && candidate.signature.isPresent()) {
      ObjectNode part = GeminiJson.object().put("text", "").put("thought", true);
      sign(part, candidate);
      part(part, index, out);
    }
  }

  private static void sign(ObjectNode part, Candidate candidate) {
    candidate.signature.ifPresent(
        signature -> part.put("thoughtSignature", GeminiSignature.written(signature)));
    candidate.signature = Optional.empty();
  }

  /** A signature that no part has taken stands alone. */
  private void flush(int index, Consumer<? super Piece> out) {
    Candidate candidate = at(index);
    if (candidate.signature.isPresent()) {
      ObjectNode part = GeminiJson.object().put("text", "");
      sign(part, candidate);
      part(part, index, out);
    }
  }

  private void part(ObjectNode part, int index, Consumer<? super Piece> out) {
    parts(JsonNodeFactory.instance.arrayNode().add(part), index, out);
  }

  private void parts(ArrayNode parts, int index, Consumer<? super Piece> out) {
    if (!parts.isEmpty()) {
      ObjectNode candidate = candidate(index);
      candidate.putObject("content").put("role", "model").set("parts", parts);
      write(message(candidate), out);
    }
  }

  private static ObjectNode candidate(int index) {
    return GeminiJson.object().put("index", index);
  }

  private static ObjectNode message(ObjectNode candidate) {
    ObjectNode message = GeminiJson.object();
    message.putArray("candidates").add(candidate);
    return message;
  }

  private void last(Consumer<? super Piece> out) {
    ObjectNode message = GeminiJson.object();
    ArrayNode all = message.putArray("candidates");
    candidates.forEach((index, candidate) -> {
      ObjectNode written = candidate(index);
      ObjectNode content = written.putObject("content").put("role", "model");
      content.putArray("parts").addObject().put("text", "");
      written.put("finishReason", GeminiStops.word(candidate.stop));
      if (!candidate.citations.isEmpty()) {
        GeminiCandidates.cite(written, candidate.citations, 0, "");
      }
      all.add(written);
    });
    if (!usage.isAbsent()) {
      message.set("usageMetadata", GeminiUsage.written(usage, 0));
    }
    write(message, out);
    if (format == StreamFormat.JSON_ARRAY) {
      out.accept(new Chunk("]".getBytes(UTF_8), 0, 1, false));
    }
  }

  private void write(ObjectNode message, Consumer<? super Piece> out) {
    GeminiAnswers.head(message, begun.id(), begun.model(), begun.created());
    String json = json(message);
    String text = format == StreamFormat.JSON_ARRAY
        ? (first ? "[" : ",\r\n") + json
        : "data: " + json + "\r\n\r\n";
    first = false;
    out.accept(Chunk.of(WellFormed.utf8(text)));
  }

  private static String json(ObjectNode message) {
    try {
      return GeminiPartWriter.JSON.writeValueAsString(message);
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
