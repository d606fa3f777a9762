package io.aiproxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.http.StreamResponse;
import com.openai.errors.SseException;
import com.openai.models.responses.Response;
import com.openai.models.responses.ResponseCreateParams;
import com.openai.models.responses.ResponseOutputItem;
import com.openai.models.responses.ResponseReasoningItem;
import com.openai.models.responses.ResponseStatus;
import com.openai.models.responses.ResponseStreamEvent;
import io.aiproxy.neutral.Chat;
import io.aiproxy.neutral.Citation;
import io.aiproxy.neutral.Delta;
import io.aiproxy.neutral.Losses;
import io.aiproxy.neutral.Origin;
import io.aiproxy.neutral.Part;
import io.aiproxy.neutral.Request;
import io.aiproxy.neutral.Signature;
import io.aiproxy.neutral.Stop;
import io.aiproxy.protocol.Protocols;
import io.aiproxy.stream.Piece;
import io.aiproxy.stream.Transducer;
import io.aiproxy.usage.Usage;
import io.aiproxy.wire.StreamFormat;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** OpenAI's own client reads the answers of the responses API that the gateway writes. */
class OpenAiSdkResponsesTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final Chat DIALECT =
      (Chat) Protocols.dialect("openai-responses").orElseThrow();
  private static final Origin ELSEWHERE = new Origin("other", "", Origin.NONE.rest());
  private static final Usage USAGE = new Usage(11, 7, 18, 3, Usage.ABSENT, 2, true);
  private static final List<Part> PARTS = List.of(
      new Part.Thought("hm", Optional.of(new Signature("other", "sig")), ELSEWHERE),
      new Part.Text(
          "hello", List.of(new Citation("http://a.example", "A", "", 0, 5, ELSEWHERE)), ELSEWHERE),
      new Part.ToolCall("call_1", "weather", "{\"city\":\"Rome\"}", false, ELSEWHERE));

  private static Rig rig;
  private static OpenAIClient client;

  @BeforeAll
  static void start() {
    rig = new Rig();
    client = OpenAIOkHttpClient.builder()
        .baseUrl("http://127.0.0.1:" + rig.port() + "/v1")
        .apiKey("client-key")
        .maxRetries(0)
        .responseValidation(true)
        .build();
  }

  @AfterAll
  static void stop() {
    client.close();
    rig.close();
  }

  @Test
  void readsAnAnswer() throws Exception {
    String document = JSON.writeValueAsString(DIALECT.answer(
        new io.aiproxy.neutral.Response(
            "msg_1",
            "m",
            5,
            List.of(new io.aiproxy.neutral.Response.Candidate(
                PARTS, Stop.of(Stop.Reason.TOOL_CALLS), List.of(), ELSEWHERE)),
            USAGE,
            ELSEWHERE),
        asked(),
        new Losses()));
    rig.upstream().answers(turn -> turn.json(document));

    assertAnswer(client.responses().create(input()));
  }

  @Test
  void readsAStream() {
    List<Delta> deltas = new ArrayList<>(List.of(new Delta.Begun("msg_1", "m", 5)));
    for (int i = 0; i < PARTS.size(); i++) {
      deltas.add(new Delta.Opened(0, i, PARTS.get(i)));
      deltas.add(new Delta.Closed(0, i));
    }
    deltas.add(new Delta.Stopped(0, Stop.of(Stop.Reason.TOOL_CALLS)));
    deltas.add(new Delta.Counted(USAGE));
    deltas.add(new Delta.Ended());
    rig.upstream()
        .answers(turn -> turn.header("Content-Type", "text/event-stream")
            .chunk(written(deltas))
            .end());

    List<ResponseStreamEvent> events = streamed();

    assertThat(events)
        .allSatisfy(event -> assertThat(event.isValid()).as("%s", event).isTrue());
    assertThat(events.stream()
            .flatMap(event -> event.outputTextDelta().stream())
            .map(delta -> delta.delta()))
        .containsExactly("hello");
    assertAnswer(events.get(events.size() - 1).completed().orElseThrow().response());
  }

  @Test
  void readsThatAnAnswerIsIncomplete() {
    rig.upstream()
        .answers(turn -> turn.header("Content-Type", "text/event-stream")
            .chunk(written(List.of(
                new Delta.Begun("1", "m", 5),
                new Delta.Stopped(0, Stop.of(Stop.Reason.MAX_TOKENS)),
                new Delta.Ended())))
            .end());

    List<ResponseStreamEvent> events = streamed();

    assertThat(events
            .get(events.size() - 1)
            .incomplete()
            .orElseThrow()
            .response()
            .incompleteDetails()
            .orElseThrow()
            .reason()
            .orElseThrow()
            .asString())
        .isEqualTo("max_output_tokens");
  }

  @Test
  void raisesThatAStreamBrokeOff() {
    byte[] begun = written(List.of(new Delta.Begun("1", "m", 5)));
    rig.upstream()
        .answers(turn -> turn.header("Content-Type", "text/event-stream")
            .chunk(begun)
            .raw("5\r\ndata")
            .close());

    SseException raised =
        catchThrowableOfType(SseException.class, OpenAiSdkResponsesTest::streamed);

    assertThat(raised.code()).contains("upstream_broken");
  }

  private static void assertAnswer(Response answer) {
    answer.validate();
    assertThat(answer.status()).contains(ResponseStatus.COMPLETED);
    assertThat(answer.instructions().orElseThrow().asString()).isEqualTo("be brief");
    List<ResponseOutputItem> output = answer.output();
    assertThat(output).hasSize(3);
    ResponseReasoningItem thought = output.get(0).asReasoning();
    assertThat(thought.summary().get(0).text()).isEqualTo("hm");
    assertThat(thought.encryptedContent()).contains("ai-proxy:other:sig");
    assertThat(output.get(1).asMessage().content().get(0).asOutputText().text()).isEqualTo("hello");
    assertThat(output.get(1).asMessage().content().get(0).asOutputText().annotations())
        .hasSize(1);
    assertThat(output.get(2).asFunctionCall().callId()).isEqualTo("call_1");
    assertThat(output.get(2).asFunctionCall().arguments()).isEqualTo("{\"city\":\"Rome\"}");
    assertThat(answer.usage().orElseThrow().inputTokensDetails().cachedTokens()).isEqualTo(3);
    assertThat(answer.usage().orElseThrow().totalTokens()).isEqualTo(18);
  }

  private static List<ResponseStreamEvent> streamed() {
    try (StreamResponse<ResponseStreamEvent> stream = client.responses().createStreaming(input())) {
      return stream.stream().toList();
    }
  }

  private static byte[] written(List<Delta> deltas) {
    Transducer<Delta, Piece> encoder = DIALECT.encoder(asked(), StreamFormat.SSE);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    deltas.forEach(delta ->
        encoder.next(delta, piece -> bytes.write(piece.array(), piece.offset(), piece.length())));
    return bytes.toByteArray();
  }

  private static Request asked() {
    ObjectNode body = JSON.createObjectNode().put("input", "hi").put("instructions", "be brief");
    return DIALECT.request(body, "m", true);
  }

  private static ResponseCreateParams input() {
    return ResponseCreateParams.builder().model("m").input("hi").build();
  }
}
