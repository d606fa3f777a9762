package io.aiproxy.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.aiproxy.call.Protocol;
import io.aiproxy.json.JsonLimits;
import io.aiproxy.json.JsonValue;
import io.aiproxy.ledger.Answer;
import io.aiproxy.stream.Chunk;
import io.aiproxy.stream.Piece;
import io.aiproxy.stream.Transducer;
import io.aiproxy.testing.Recording;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Reads answers that real providers gave, and finds in them what is known to be there, wherever the bytes are cut. */
class RecordedAnswersTest {
  private static final int MOST_CUTS = 1024;

  static Stream<Recording> recordings() {
    return Stream.of(
            "openai-chat",
            "openai-completions",
            "openai-responses",
            "openai-embeddings",
            "anthropic-messages",
            "bedrock-converse",
            "gemini-generate",
            "gemini-embed",
            "cohere-chat",
            "cohere-chat-v1",
            "ollama-chat",
            "ollama-generate")
        .flatMap(Recording::of);
  }

  static Stream<Recording> successes() {
    return recordings().filter(recording -> recording.status() == 200);
  }

  @ParameterizedTest
  @MethodSource("recordings")
  void recognisesTheProtocolOfTheRequest(Recording recording) throws Exception {
    byte[] request = recording.request();
    JsonValue json = JsonValue.parse(request, 0, request.length, JsonLimits.REQUEST);

    assertThat(Protocols.of(recording.meta().path("request").path("path").asText(), json)
            .name())
        .isEqualTo(recording.spoken());
  }

  @ParameterizedTest
  @MethodSource("successes")
  void readsUsage(Recording recording) {
    assertThat(read(recording).usage()).isEqualTo(recording.usage());
  }

  @ParameterizedTest
  @MethodSource("successes")
  void readsWhetherToolsAreCalled(Recording recording) {
    assertThat(read(recording).toolCalls() > 0)
        .isEqualTo(recording.expected().path("tool_calls").asInt() > 0);
  }

  @ParameterizedTest
  @MethodSource("successes")
  void readsWhyItEnded(Recording recording) {
    assertThat(read(recording).finishReason()).isEqualTo(recording.finishReason());
  }

  @ParameterizedTest
  @MethodSource("successes")
  void readsTheTextOfShortAnswers(Recording recording) throws Exception {
    Answer.Text text = read(recording).text();
    boolean isOneText = recording.expected().path("choices").asInt(1) <= 1
        && recording.expected().path("text_chars").asInt() > 0
        && recording.meta().path("features").toString().contains("refusal") == false;

    if (isOneText && text.length() <= Answer.MOST_TEXT) {
      assertThat(sha256(text.toString()))
          .isEqualTo(recording.expected().path("text_sha256").asText());
    }
  }

  @ParameterizedTest
  @MethodSource("successes")
  void noticesTheFirstOutputWithTheEventThatHasIt(Recording recording) {
    JsonNode firstOutput = recording.meta().path("body").path("first_output_end");
    if (!recording.streaming() || !firstOutput.isNumber()) {
      return;
    }
    Answer answer = new Answer();
    Protocol.Reading reading = protocol(recording).read(answer, true);
    long[] seen = {0, -1};
    decode(recording.format().decoder(), recording.body(), recording.body().length, piece -> {
      reading.next(piece);
      seen[0] += piece.length();
      if (answer.hasOutput() && seen[1] < 0) {
        seen[1] = seen[0];
      }
    });

    assertThat(seen[1]).isEqualTo(firstOutput.asLong());
  }

  @ParameterizedTest
  @MethodSource("successes")
  void readsTheSameWhereverTheBytesAreCut(Recording recording) {
    Answer whole = read(recording);
    int length = recording.body().length;
    Random random = new Random(length);
    boolean all = length <= MOST_CUTS;
    for (int i = 0; i < (all ? length : 50); i++) {
      int cut = all ? i : random.nextInt(length);
      assertThat(read(recording, cut))
          .as("cut at %s", cut)
          .usingRecursiveComparison()
          .isEqualTo(whole);
    }
  }

  private static Answer read(Recording recording) {
    return read(recording, recording.body().length);
  }

  private static Answer read(Recording recording, int cut) {
    Answer answer = new Answer();
    Protocol.Reading reading = protocol(recording).read(answer, recording.streaming());
    byte[] body = recording.body();
    if (recording.streaming()) {
      decode(recording.format().decoder(), body, cut, reading::next);
    } else {
      reading.next(new Chunk(body, 0, cut, true));
      reading.next(new Chunk(body, cut, body.length - cut, true));
    }
    reading.end();
    return answer;
  }

  private static void decode(
      Transducer<ByteBuffer, Piece> decoder, byte[] body, int cut, Consumer<Piece> out) {
    decoder.next(ByteBuffer.wrap(body, 0, cut), out);
    decoder.next(ByteBuffer.wrap(body, cut, body.length - cut), out);
    decoder.end(out);
  }

  private static Protocol protocol(Recording recording) {
    return Protocols.named(recording.spoken());
  }

  private static String sha256(String text) throws Exception {
    return HexFormat.of()
        .formatHex(
            MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
  }
}
