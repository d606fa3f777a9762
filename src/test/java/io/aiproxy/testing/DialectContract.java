package io.aiproxy.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aiproxy.call.Problem;
import io.aiproxy.neutral.Chat;
import io.aiproxy.neutral.Delta;
import io.aiproxy.neutral.Losses;
import io.aiproxy.neutral.Origin;
import io.aiproxy.neutral.Request;
import io.aiproxy.neutral.Response;
import io.aiproxy.stream.Piece;
import io.aiproxy.stream.Transducer;
import io.aiproxy.usage.Usage;
import io.aiproxy.wire.Event;
import io.aiproxy.wire.StreamFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What holds for the dialect of every protocol, over all recordings of it: what it reads of an answer is what is known to be
 * in there, and what it reads and writes again is what it was. A dialect's test extends this, says which dialect it is, and
 * overrides a hook where its protocol has several ways to say one thing.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class DialectContract {
  private static final int MOST_CUTS = 1024;
  private static final int SOME_CUTS = 50;

  /** Numbers keep the text they were written with, as where dialects are used. */
  protected static final JsonMapper JSON = JsonMapper.builder()
      .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
      .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
      .build();

  /** The one to be tested. */
  protected abstract Chat dialect();

  /** What of a request must be as it was, for protocols with several ways to say one thing. */
  protected JsonNode comparableRequest(ObjectNode request) {
    return request;
  }

  /** What of an answer must be as it was; a missing node if the protocol cannot say the same twice. */
  protected JsonNode comparableAnswer(ObjectNode answer) {
    return answer;
  }

  /** What of a stream must be as it was, where the protocol has to say more than nothing. */
  protected Heard comparable(Heard heard) {
    return heard;
  }

  /** What the answer is to be written for. It asks for all that an answer may have, usage above all. */
  protected ObjectNode asked(Recording recording) {
    return tree(recording.request());
  }

  /** What of a count must be as it was, for protocols that count otherwise than some of their providers. */
  protected Usage comparableUsage(Usage usage) {
    return usage;
  }

  /** Whether all that is said is in the recording's expectations, and nothing else. */
  protected boolean hasOneText(Recording recording) {
    return recording.expected().path("choices").asInt(1) <= 1
        && recording.expected().path("text_sha256").isTextual();
  }

  /** How an exchange ended, in the protocol's own words, one for each candidate that has one. */
  protected List<String> expectedStops(Recording recording) {
    return texts(recording.expected().path("finish_reasons"));
  }

  final Stream<Recording> recordings() {
    return Recording.of(dialect().protocol());
  }

  final Stream<Recording> successes() {
    return recordings().filter(recording -> recording.status() == 200);
  }

  final Stream<Recording> documents() {
    return successes()
        .filter(recording -> !recording.streaming())
        .filter(recording -> recording.expected().path("error").isNull());
  }

  final Stream<Recording> streams() {
    return successes().filter(Recording::streaming);
  }

  final Stream<Recording> wholeStreams() {
    return streams().filter(recording -> recording.expected().path("error").isNull());
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("successes")
  final void writesARequestAsItWas(Recording recording) {
    ObjectNode body = tree(recording.request());
    Losses losses = new Losses();

    ObjectNode written = dialect().request(request(recording, body), losses);

    assertThat(same(comparableRequest(same(written))))
        .isEqualTo(same(comparableRequest(same(body))));
    assertThat(losses.places()).isEmpty();
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("recordings")
  final void changesNothingInWhatItReads(Recording recording) {
    ObjectNode body = tree(recording.request());

    try {
      dialect().request(request(recording, body), new Losses());
    } catch (Problem bad) {
      assertThat(bad.kind().status()).isEqualTo(400);
    }

    assertThat(body).isEqualTo(tree(recording.request()));
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("documents")
  final void readsWhatADocumentSays(Recording recording) {
    check(Heard.of(dialect().answer(tree(recording.body()))), recording);
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("documents")
  final void writesADocumentAsItWas(Recording recording) {
    ObjectNode body = tree(recording.body());
    Response answer = dialect().answer(body);
    Losses losses = new Losses();

    ObjectNode written = dialect().answer(answer, request(recording, asked(recording)), losses);

    assertThat(dialect().answer(same(written)))
        .usingRecursiveComparison()
        .ignoringFieldsOfTypes(Origin.class)
        .withEqualsForType(JsonNode::equals, ObjectNode.class)
        .withEqualsForType(JsonNode::equals, ArrayNode.class)
        .ignoringFields(ignored(answer))
        .isEqualTo(answer);
    assertThat(comparableUsage(dialect().answer(same(written)).usage()))
        .isEqualTo(comparableUsage(answer.usage()));
    assertThat(same(comparableAnswer(same(written)))).isEqualTo(same(comparableAnswer(same(body))));
    assertThat(losses.places()).isEmpty();
    assertThat(body).isEqualTo(tree(recording.body()));
  }

  /** What a provider leaves out may have to be filled in. */
  private static String[] ignored(Response answer) {
    boolean saysWhy = answer.candidates().stream()
        .noneMatch(candidate -> candidate.stop().word().isEmpty());
    return Stream.of(
            "usage",
            answer.id().isEmpty() ? "id" : "",
            answer.model().isEmpty() ? "model" : "",
            saysWhy ? "" : "candidates.stop")
        .filter(name -> !name.isEmpty())
        .toArray(String[]::new);
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("streams")
  final void readsAStreamInOrder(Recording recording) {
    DeltaOrder.check(decode(recording.body(), format(recording)));
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("wholeStreams")
  final void readsWhatAStreamSays(Recording recording) {
    check(Heard.of(decode(recording.body(), format(recording))), recording);
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("streams")
  final void endsAStreamAsItsProviderDoes(Recording recording) {
    Heard heard = Heard.of(decode(recording.body(), format(recording)));
    boolean failed = !recording.expected().path("error").isNull();
    boolean terminal = recording.meta().path("body").path("terminal_event").asBoolean();

    assertThat(heard.failure().isPresent()).isEqualTo(failed);
    if (!failed && terminal) {
      assertThat(heard.ended()).isTrue();
    } else if (failed || expectedStops(recording).isEmpty()) {
      assertThat(heard.ended()).isFalse();
    }
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("streams")
  final void inventsNoEndForAStreamThatBreaksOff(Recording recording) {
    List<String> data = new ArrayList<>();
    events(recording.body(), 0, format(recording), event -> data.add(data(event)));
    long before = data.stream()
        .limit(data.size() / 2)
        .takeWhile(said -> !saysWhy(said, recording))
        .count();
    Transducer<Event, Delta> decoder = dialect().decoder();
    List<Delta> deltas = new ArrayList<>();
    long[] left = {before};
    events(recording.body(), 0, format(recording), event -> {
      if (left[0]-- > 0) {
        decoder.next(event, deltas::add);
      }
    });
    decoder.end(deltas::add);

    assertThat(deltas).noneMatch(DialectContract::isEnd);
  }

  private static String data(Event event) {
    return new String(
        event.dataArray(), event.dataOffset(), event.dataLength(), StandardCharsets.UTF_8);
  }

  private static boolean saysWhy(String data, Recording recording) {
    return texts(recording.expected().path("finish_reasons")).stream()
        .anyMatch(word -> data.contains("\"" + word + "\""));
  }

  private static boolean isEnd(Delta delta) {
    return delta instanceof Delta.Ended
        || delta instanceof Delta.Stopped
        || delta instanceof Delta.Failed;
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("streams")
  final void readsTheSameWhereverAStreamIsCut(Recording recording) {
    StreamFormat format = format(recording);
    List<Delta> whole = decode(recording.body(), format);
    int length = recording.body().length;
    Random random = new Random(length);
    boolean all = length <= MOST_CUTS;
    for (int i = 0; i < (all ? length : SOME_CUTS); i++) {
      int cut = all ? i : random.nextInt(length);
      assertThat(decode(recording.body(), cut, format)).as("cut at %s", cut).isEqualTo(whole);
    }
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("wholeStreams")
  final void writesAStreamThatSaysTheSame(Recording recording) {
    List<Delta> deltas = decode(recording.body(), format(recording));

    List<Delta> again =
        decode(encode(deltas, recording, dialect().streams()), dialect().streams());

    DeltaOrder.check(again);
    Heard first = comparable(Heard.of(deltas));
    Heard second = comparable(Heard.of(again));
    assertThat(second.said(first)).isEqualTo(first.said(first));
    assertThat(second.ended()).isEqualTo(first.ended());
    assertThat(comparableUsage(second.usage())).isEqualTo(comparableUsage(first.usage()));
  }

  /** No text waits for more than what follows it; the arguments of a tool may have to be whole. */
  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("wholeStreams")
  final void holdsNoTextBack(Recording recording) {
    Transducer<Delta, Piece> encoder =
        dialect().encoder(request(recording, asked(recording)), dialect().streams());
    int[] written = {0};
    int[] waiting = {0};
    decode(recording.body(), format(recording)).forEach(delta -> {
      int before = written[0];
      encoder.next(delta, piece -> written[0] += piece.length());
      waiting[0] = written[0] > before ? 0 : waiting[0] + (isText(delta) ? 1 : 0);
      assertThat(waiting[0]).as("nothing was written at %s", delta).isLessThanOrEqualTo(1);
    });
  }

  private static boolean isText(Delta delta) {
    return delta instanceof Delta.Grown grown
        && grown.growth() == Delta.Growth.TEXT
        && !grown.more().isEmpty();
  }

  private void check(Heard heard, Recording recording) {
    JsonNode expected = recording.expected();
    if (hasOneText(recording)) {
      assertThat(heard.text()).startsWith(expected.path("text_head").asText());
      assertThat(sha256(heard.text())).isEqualTo(expected.path("text_sha256").asText());
    }
    assertThat(heard.toolNames())
        .containsExactlyInAnyOrderElementsOf(texts(expected.path("tool_names")).stream()
            .filter(name -> !name.isEmpty())
            .toList());
    assertThat(heard.voices().stream().map(voice -> voice.stop().word()).toList())
        .filteredOn(word -> !word.isEmpty())
        .isEqualTo(expectedStops(recording));
    assertThat(heard.usage()).isEqualTo(expectedUsage(recording));
  }

  /** What is known of the tokens. */
  protected Usage expectedUsage(Recording recording) {
    return recording.usage();
  }

  protected final Request request(Recording recording, ObjectNode body) {
    JsonNode asked = recording.meta().path("request");
    return dialect()
        .request(body, asked.path("model").asText(""), asked.path("stream").asBoolean());
  }

  /** What a dialect reads of a stream. */
  protected final List<Delta> decode(byte[] body, StreamFormat format) {
    return decode(body, body.length, format);
  }

  private List<Delta> decode(byte[] body, int cut, StreamFormat format) {
    Transducer<Event, Delta> decoder = dialect().decoder();
    List<Delta> deltas = new ArrayList<>();
    events(body, cut, format, event -> decoder.next(event, deltas::add));
    decoder.end(deltas::add);
    return deltas;
  }

  /** Hands out what has data, as it is done where dialects are used. */
  private static void events(byte[] body, int cut, StreamFormat format, Consumer<Event> out) {
    Transducer<ByteBuffer, Piece> cutter = format.decoder();
    Consumer<Piece> each = piece -> {
      if (piece instanceof Event event && event.hasData()) {
        out.accept(event);
      }
    };
    cutter.next(ByteBuffer.wrap(body, 0, cut), each);
    cutter.next(ByteBuffer.wrap(body, cut, body.length - cut), each);
    cutter.end(each);
  }

  private byte[] encode(List<Delta> deltas, Recording recording, StreamFormat format) {
    Transducer<Delta, Piece> encoder =
        dialect().encoder(request(recording, asked(recording)), format);
    ByteArrayOutputStream written = new ByteArrayOutputStream();
    Consumer<Piece> out = piece -> written.write(piece.array(), piece.offset(), piece.length());
    deltas.forEach(delta -> encoder.next(delta, out));
    encoder.end(out);
    return written.toByteArray();
  }

  private static StreamFormat format(Recording recording) {
    return switch (recording.meta().path("body").path("format").asText()) {
      case "sse" -> StreamFormat.SSE;
      case "ndjson" -> StreamFormat.NDJSON;
      case "eventstream" -> StreamFormat.EVENT_STREAM;
      case "json-array" -> StreamFormat.JSON_ARRAY;
      default -> throw new IllegalStateException("no stream: " + recording);
    };
  }

  protected static List<String> texts(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false)
        .filter(JsonNode::isTextual)
        .map(JsonNode::asText)
        .toList();
  }

  protected static ObjectNode tree(byte[] json) {
    try {
      return (ObjectNode) JSON.readTree(json);
    } catch (IOException notJson) {
      throw new UncheckedIOException(notJson);
    }
  }

  /** As it comes out at the other end: a number is one whatever type it had here. */
  @SuppressWarnings("unchecked")
  private static <T extends JsonNode> T same(T node) {
    try {
      return node.isMissingNode() ? node : (T) JSON.readTree(JSON.writeValueAsBytes(node));
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  private static String sha256(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
