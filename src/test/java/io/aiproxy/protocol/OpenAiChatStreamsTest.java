package io.aiproxy.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.openai.core.ObjectMappers;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import io.aiproxy.call.Problem;
import io.aiproxy.neutral.Delta;
import io.aiproxy.neutral.Losses;
import io.aiproxy.neutral.Origin;
import io.aiproxy.neutral.Part;
import io.aiproxy.neutral.Request;
import io.aiproxy.neutral.Response;
import io.aiproxy.neutral.Signature;
import io.aiproxy.neutral.Stop;
import io.aiproxy.stream.Piece;
import io.aiproxy.stream.Transducer;
import io.aiproxy.testing.DeltaOrder;
import io.aiproxy.testing.Heard;
import io.aiproxy.usage.Usage;
import io.aiproxy.wire.Event;
import io.aiproxy.wire.StreamFormat;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Streams that no recording has, and what OpenAI's own client makes of what is written for it. */
class OpenAiChatStreamsTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final OpenAiChatDialect DIALECT = new OpenAiChatDialect();
  private static final Signature GOOGLES = new Signature("gemini-generate", "g");

  @Test
  void keepsInterleavedCandidatesApart() {
    Heard heard = heard(
        choice(0, "{'content':'a'}"),
        choice(1, "{'content':'x'}"),
        choice(0, "{'content':'b'}"),
        "[DONE]");

    assertThat(heard.voices()).extracting(Heard.Voice::text).containsExactly("ab", "x");
  }

  @Test
  void countsAStreamWithAReasonButWithoutDoneAsEnded() {
    assertThat(heard(choice(0, "{'content':'a'}"), finish("stop")).ended()).isTrue();
    assertThat(heard(choice(0, "{'content':'a'}")).ended()).isFalse();
  }

  @Test
  void takesWhatComesBehindTheReasonToStop() {
    Heard heard = heard(finish("stop"), choice(0, "{'content':'late'}"), "[DONE]");

    assertThat(heard.text()).isEqualTo("late");
    assertThat(heard.voices().get(0).stop().reason()).isEqualTo(Stop.Reason.END);
  }

  @Test
  void tellsCallsApartThatHaveNoIndexOrTheSame() {
    Heard heard = heard(
        choice(
            0,
            "{'tool_calls':[{'function':{'name':'f','arguments':'{}'}},"
                + "{'function':{'name':'g','arguments':'{}'}}]}"),
        choice(0, "{'tool_calls':[{'index':0,'id':'a','function':{'name':'h','arguments':'['}}]}"),
        choice(0, "{'tool_calls':[{'index':0,'id':'a','function':{'arguments':']'}}]}"),
        choice(
            0, "{'tool_calls':[{'index':0,'id':'b','function':{'name':'i','arguments':'[1]'}}]}"),
        "[DONE]");

    assertThat(heard.calls())
        .containsExactly(
            new Heard.Called("call_0_0", "f", "{}"),
            new Heard.Called("call_0_1", "g", "{}"),
            new Heard.Called("a", "h", "[]"),
            new Heard.Called("b", "i", "[1]"));
  }

  @Test
  void putsCallsInOrderThatAreWrittenAtOnce() {
    Heard heard = heard(
        call(
            "{'index':0,'id':'a','function':{'name':'f'}},{'index':1,'id':'b','function':{'name':'g'}}"),
        call("{'index':1,'function':{'arguments':'{'}},{'index':0,'function':{'arguments':'{'}}"),
        call("{'index':0,'function':{'arguments':'}'}},{'index':1,'function':{'arguments':'}'}}"),
        finish("tool_calls"));

    assertThat(heard.calls())
        .containsExactly(new Heard.Called("a", "f", "{}"), new Heard.Called("b", "g", "{}"));
  }

  @Test
  void holdsNoCallBackBehindOneThatIsWhole() {
    List<Delta> deltas = deltas(
        call("{'index':0,'id':'a','function':{'name':'f','arguments':'{}'}}"),
        call("{'index':1,'id':'b','function':{'name':'g','arguments':'{'}}"));

    assertThat(deltas).endsWith(new Delta.Grown(0, 1, Delta.Growth.ARGUMENTS, "{"));
  }

  @Test
  void refusesCallsThatGoOnWhenTheyAreOver() {
    assertThatThrownBy(() -> heard(
            call("{'index':0,'id':'a','function':{'name':'f','arguments':'{}'}}"),
            call("{'index':1,'id':'b','function':{'name':'g'}}"),
            call("{'index':0,'function':{'arguments':'{}'}}")))
        .isInstanceOf(Problem.class);
  }

  @Test
  void passesOverBlanksBehindACallThatIsOver() {
    Heard heard = heard(
        call("{'index':0,'id':'a','function':{'name':'f','arguments':'{}'}}"),
        call("{'index':1,'id':'b','function':{'name':'g','arguments':'{}'}}"),
        call("{'index':0,'function':{'arguments':' '}},{'index':1,'function':{'arguments':' '}}"),
        finish("tool_calls"));

    assertThat(heard.calls()).extracting(Heard.Called::id).containsExactly("a", "b");
  }

  @Test
  void learnsTheNameOfACallLate() {
    Heard heard = heard(
        call("{'index':0,'id':'a','function':{'arguments':'{'}}"),
        call("{'index':0,'function':{'name':'f'}}"),
        call("{'index':0,'function':{'name':'f','arguments':'}'}}"),
        finish("tool_calls"));

    assertThat(heard.calls()).containsExactly(new Heard.Called("a", "f", "{}"));
  }

  @Test
  void takesNoPaddingForACall() {
    Heard heard = heard(
        choice(0, "{'role':'assistant','content':null,'tool_calls':[{'index':0}]}"),
        choice(0, "{'role':'assistant','content':'a','tool_calls':[]}"),
        finish("stop"));

    assertThat(heard.calls()).isEmpty();
    assertThat(heard.voices().get(0).stop().reason()).isEqualTo(Stop.Reason.END);
  }

  @Test
  void boundsWhatWaitsForItsTurn() {
    String much = "x".repeat(512 * 1024);
    String[] events = new String[OpenAiChatFragments.MOST_WAITING / much.length() + 2];
    Arrays.fill(events, call("{'index':1,'function':{'arguments':'" + much + "'}}"));
    events[0] =
        call("{'index':0,'id':'a','function':{'name':'f'}},{'index':1,'function':{'name':'g'}}");

    assertThatThrownBy(() -> heard(events)).isInstanceOf(Problem.class);
  }

  private static String call(String fragments) {
    return choice(0, "{'tool_calls':[" + fragments + "]}");
  }

  @Test
  void readsAFailure() {
    Heard heard = heard(
        choice(0, "{'content':'a'}"),
        "{'error':{'message':'slow down','type':'t','code':429}}",
        "[DONE]");

    assertThat(heard.ended()).isFalse();
    assertThat(heard.failure().orElseThrow().status()).isEqualTo(429);
    assertThat(heard.failure().orElseThrow().message()).isEqualTo("slow down");
  }

  @Test
  void readsRefusalsThoughtsAndGooglesSignatures() {
    Heard.Voice voice = heard(
            choice(0, "{'reasoning_content':'hm','reasoning':'hm'}"),
            choice(0, "{'refusal':'no'}"),
            choice(
                0,
                "{'tool_calls':[{'index':0,'id':'a','function':{'name':'f','arguments':'{}'},"
                    + "'extra_content':{'google':{'thought_signature':'g'}}}]}"),
            "[DONE]")
        .voices()
        .get(0);

    assertThat(voice.thought()).isEqualTo("hm");
    assertThat(voice.refusal()).isEqualTo("no");
    assertThat(voice.signatures()).containsExactly("gemini-generate g");
  }

  @Test
  void saysWhatItCostOnlyIfAsked() {
    List<Delta> deltas = List.of(
        new Delta.Begun("i", "m", 1),
        new Delta.Stopped(0, Stop.of(Stop.Reason.END)),
        new Delta.Counted(new Usage(5, 3, Usage.ABSENT, 2, 1, Usage.ABSENT, false)),
        new Delta.Ended());

    assertThat(written(deltas, false)).doesNotContain("usage").endsWith("data: [DONE]\n\n");
    assertThat(written(deltas, true))
        .contains("\"choices\":[],\"usage\":{\"prompt_tokens\":8,\"completion_tokens\":3,"
            + "\"total_tokens\":11,\"prompt_tokens_details\":{\"cached_tokens\":2,"
            + "\"cache_write_tokens\":1}}");
  }

  @Test
  void writesWhatOpenAisClientTakes() throws Exception {
    for (String chunk : written(all(), true).split("\n\n")) {
      String data = chunk.substring("data: ".length());
      if (!data.equals("[DONE]")) {
        ObjectMappers.jsonMapper().readValue(data, ChatCompletionChunk.class).validate();
      }
    }
  }

  @Test
  void readsTheSignaturesOfOthersThatItWrote() {
    Heard.Voice voice = Heard.of(decoded(written(all(), true))).voices().get(0);

    assertThat(voice.thought()).isEqualTo("hm");
    assertThat(voice.signatures()).containsExactly("anthropic-messages a", "gemini-generate g");
    assertThat(voice.calls()).containsExactly(new Heard.Called("c", "f", "{}"));
  }

  @Test
  void writesADocumentThatOpenAisClientTakes() throws Exception {
    Response answer = new Response(
        "",
        "",
        0,
        List.of(new Response.Candidate(
            List.of(
                new Part.Thought(
                    "hm", Optional.of(new Signature("anthropic-messages", "a")), Origin.NONE),
                Part.Text.of("hi"),
                new Part.Thought("", Optional.of(GOOGLES), Origin.NONE),
                new Part.ToolCall("c", "f", "", false, Origin.NONE)),
            new Stop(Stop.Reason.TOOL_CALLS, "", "tool_use"),
            List.of(),
            Origin.NONE)),
        Usage.of(1, 2),
        Origin.NONE);

    ObjectNode written = DIALECT.answer(answer, asked(false), new Losses());

    ObjectMappers.jsonMapper()
        .readValue(written.toString(), ChatCompletion.class)
        .validate();
    assertThat(written.path("model").asText()).isEqualTo("asked");
    assertThat(written.path("choices").get(0))
        .isEqualTo(JSON.readTree(("{'index':0,'message':{'role':'assistant','content':'hi',"
                + "'reasoning_content':'hm','reasoning_details':[{'type':'reasoning.text','text':'hm',"
                + "'signature':'ai-proxy:anthropic-messages:a','index':0}],'refusal':null,"
                + "'tool_calls':[{'id':'c','type':'function','function':{'name':'f',"
                + "'arguments':'{}'},'extra_content':{'google':{'thought_signature':'g'}}}]},"
                + "'logprobs':null,'finish_reason':'tool_calls'}")
            .replace('\'', '"')));
  }

  @Test
  void saysThatAnAnswerIsNone() {
    assertThatThrownBy(() -> DIALECT.answer(
            JSON.createObjectNode().set("error", JSON.createObjectNode().put("message", "m"))))
        .isInstanceOf(Problem.class)
        .hasMessage("m");
  }

  private static List<Delta> all() {
    return List.of(
        new Delta.Begun("", "", 0),
        new Delta.Opened(0, 0, new Part.Thought("", Optional.empty(), Origin.NONE)),
        new Delta.Grown(0, 0, Delta.Growth.TEXT, "hm"),
        new Delta.Signed(0, 0, new Signature("anthropic-messages", "a")),
        new Delta.Closed(0, 0),
        new Delta.Opened(0, 1, Part.Text.of("")),
        new Delta.Grown(0, 1, Delta.Growth.TEXT, "hi"),
        new Delta.Closed(0, 1),
        new Delta.Opened(0, 2, new Part.Thought("", Optional.of(GOOGLES), Origin.NONE)),
        new Delta.Closed(0, 2),
        new Delta.Opened(0, 3, new Part.ToolCall("c", "f", "", false, Origin.NONE)),
        new Delta.Closed(0, 3),
        new Delta.Stopped(0, Stop.of(Stop.Reason.TOOL_CALLS)),
        new Delta.Counted(Usage.of(1, 2)),
        new Delta.Ended());
  }

  private static Request asked(boolean usage) {
    ObjectNode body = JSON.createObjectNode();
    body.putArray("messages");
    body.putObject("stream_options").put("include_usage", usage);
    return DIALECT.request(body, "asked", true);
  }

  private static String written(List<Delta> deltas, boolean usage) {
    Transducer<Delta, Piece> encoder = DIALECT.encoder(asked(usage), StreamFormat.SSE);
    StringBuilder written = new StringBuilder();
    deltas.forEach(delta -> encoder.next(
        delta,
        piece -> written.append(new String(piece.array(), piece.offset(), piece.length(), UTF_8))));
    return written.toString();
  }

  private static String choice(int index, String delta) {
    return "{'id':'i','choices':[{'index':" + index + ",'delta':" + delta + "}]}";
  }

  private static String finish(String reason) {
    return "{'id':'i','choices':[{'index':0,'delta':{},'finish_reason':'" + reason + "'}]}";
  }

  private static Heard heard(String... chunks) {
    return Heard.of(deltas(chunks));
  }

  private static List<Delta> deltas(String... chunks) {
    StringBuilder stream = new StringBuilder();
    for (String chunk : chunks) {
      stream.append("data: ").append(chunk.replace('\'', '"')).append("\n\n");
    }
    return decoded(stream.toString());
  }

  private static List<Delta> decoded(String stream) {
    Transducer<Event, Delta> decoder = DIALECT.decoder();
    List<Delta> deltas = new ArrayList<>();
    StreamFormat.SSE.decoder().next(ByteBuffer.wrap(stream.getBytes(UTF_8)), piece -> {
      if (piece instanceof Event event && event.hasData()) {
        decoder.next(event, deltas::add);
      }
    });
    decoder.end(deltas::add);
    DeltaOrder.check(deltas);
    return deltas;
  }
}
