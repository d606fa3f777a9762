package io.aiproxy.protocol;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aiproxy.json.Mappers;
import io.aiproxy.json.WellFormed;
import io.aiproxy.neutral.Delta;
import io.aiproxy.neutral.Losses;
import io.aiproxy.neutral.Request;
import io.aiproxy.stream.Chunk;
import io.aiproxy.stream.Piece;
import io.aiproxy.stream.Transducer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Writes a stream of the responses API. It knows but one candidate. */
final class ResponsesEncoder implements Transducer<Delta, Piece> {
  private static final JsonMapper JSON = Mappers.mapper().build();

  private final List<Piece> due = new ArrayList<>();
  private final ResponsesOutput output;

  ResponsesEncoder(Request asked) {
    output = new ResponsesOutput(asked, event -> due.add(written(event)), new Losses());
  }

  @Override
  public void next(Delta delta, Consumer<? super Piece> out) {
    write(delta);
    due.forEach(out);
    due.clear();
  }

  private void write(Delta delta) {
    if (delta instanceof Delta.Begun begun) {
      output.begin(begun.id(), begun.model(), begun.created());
    } else if (delta instanceof Delta.Opened opened && opened.candidate() == 0) {
      output.open(opened.beginning());
    } else if (delta instanceof Delta.Grown grown && grown.candidate() == 0) {
      output.grow(grown.more());
    } else if (delta instanceof Delta.Signed signed && signed.candidate() == 0) {
      output.sign(signed.signature());
    } else if (delta instanceof Delta.Cited cited && cited.candidate() == 0) {
      output.cite(cited.citation());
    } else if (delta instanceof Delta.Weighed weighed && weighed.candidate() == 0) {
      output.weigh(weighed.logprobs());
    } else if (delta instanceof Delta.Closed closed && closed.candidate() == 0) {
      output.close();
    } else if (delta instanceof Delta.Stopped stopped && stopped.candidate() == 0) {
      output.stop(stopped.stop());
    } else if (delta instanceof Delta.Counted counted) {
      output.count(counted.usage());
    } else if (delta instanceof Delta.Ended) {
      output.end();
    }
  }

  private static Piece written(ObjectNode event) {
    try {
      String text = "event: " + event.path("type").asText() + "\ndata: "
          + JSON.writeValueAsString(event) + "\n\n";
      return Chunk.of(WellFormed.utf8(text));
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
