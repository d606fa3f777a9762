package io.aiproxy.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aiproxy.call.Failure;
import io.aiproxy.json.BadJson;
import io.aiproxy.json.JsonLimits;
import io.aiproxy.json.JsonValue;
import io.aiproxy.neutral.Delta;
import io.aiproxy.stream.Transducer;
import io.aiproxy.wire.Event;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Reads a stream. A candidate stops when the stream ends, for some providers go on behind a reason to stop. The end is
 * {@code [DONE]}, or, from providers who do not send that, that all candidates had a reason.
 */
final class OpenAiChatDecoder implements Transducer<Event, Delta> {
  private static final byte[] DONE = "[DONE]".getBytes(StandardCharsets.US_ASCII);
  private static final int BAD_GATEWAY = 502;

  private final Held known = new Held(Held.CANDIDATES);
  private final Map<Integer, OpenAiChatVoice> voices = new TreeMap<>();
  private boolean begun;
  private boolean over;

  @Override
  public void next(Event event, Consumer<? super Delta> out) {
    if (over) {
      return;
    }
    if (event.isData(DONE)) {
      if (begun) {
        finish(out);
      }
    } else {
      OpenAiJson.object(event).ifPresent(chunk -> chunk(chunk, out));
    }
  }

  private void chunk(ObjectNode chunk, Consumer<? super Delta> out) {
    if (chunk.hasNonNull("error")) {
      over = true;
      out.accept(new Delta.Failed(failure(chunk)));
      return;
    }
    JsonNode choices = chunk.path("choices");
    begin(chunk, !choices.isEmpty(), out);
    for (JsonNode choice : choices) {
      if (choice instanceof ObjectNode said) {
        int index = Math.max(0, choice.path("index").asInt());
        voices.computeIfAbsent(index, this::voice).next(said, out);
      }
    }
    if (begun) {
      OpenAiChatAnswerReader.usage(chunk).ifPresent(usage -> out.accept(new Delta.Counted(usage)));
    }
  }

  private OpenAiChatVoice voice(int index) {
    known.add(1);
    return new OpenAiChatVoice(index);
  }

  /** Azure first tells what its filter thinks of the prompt, and nothing of the answer. */
  private void begin(ObjectNode chunk, boolean hasChoices, Consumer<? super Delta> out) {
    String id = OpenAiJson.text(chunk, "id");
    if (!begun && (hasChoices || !id.isEmpty())) {
      begun = true;
      out.accept(new Delta.Begun(
          id, OpenAiJson.text(chunk, "model"), chunk.path("created").asLong()));
    }
  }

  /** The code of some is a status. */
  private static Failure failure(ObjectNode chunk) {
    JsonNode error = chunk.path("error");
    int said = error.path("status_code").asInt(error.path("code").asInt());
    int status = said >= 400 && said < 600 ? said : BAD_GATEWAY;
    byte[] bytes = OpenAiJson.bytes(chunk);
    try {
      return OpenAiErrors.read(status, JsonValue.parse(bytes, 0, bytes.length, JsonLimits.REQUEST));
    } catch (BadJson tooDeep) {
      return new Failure(status, "", "", "the upstream failed", "");
    }
  }

  @Override
  public void end(Consumer<? super Delta> out) {
    boolean stopped =
        !voices.isEmpty() && voices.values().stream().allMatch(OpenAiChatVoice::hasReason);
    if (!over && stopped) {
      finish(out);
    }
  }

  private void finish(Consumer<? super Delta> out) {
    over = true;
    voices.values().forEach(voice -> voice.stop(out));
    out.accept(new Delta.Ended());
  }
}
