package io.aiproxy.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.aiproxy.call.Problem;
import io.aiproxy.neutral.Chat;
import io.aiproxy.neutral.Citation;
import io.aiproxy.neutral.Delta;
import io.aiproxy.neutral.Delta.Growth;
import io.aiproxy.neutral.Origin;
import io.aiproxy.neutral.Part;
import io.aiproxy.neutral.Request;
import io.aiproxy.stream.Piece;
import io.aiproxy.stream.Transducer;
import io.aiproxy.wire.Event;
import io.aiproxy.wire.SseDecoder;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is kept of an answer while it is made has an end, also where the answer has none. */
class StreamBoundsTest {
  /** More than any stream needs that ends. */
  private static final int ENDLESS = 20_000;

  private static final Request ASKED = new Request(
      "m",
      true,
      true,
      List.of(),
      List.of(),
      Optional.empty(),
      Optional.empty(),
      Optional.empty(),
      Map.of(),
      Origin.NONE);

  private static final String LONG = "x".repeat(512 * 1024);

  @ParameterizedTest
  @ValueSource(strings = {"gemini-generate", "ollama-chat", "openai-responses"})
  void argumentsOfACall(String client) {
    Part call = new Part.ToolCall("c", "f", "", false, Origin.NONE);

    assertIsCutOff(writing(client, call, i -> new Delta.Grown(0, 0, Growth.ARGUMENTS, LONG)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"openai-chat", "openai-responses"})
  void thoughts(String client) {
    Part thought = new Part.Thought("", Optional.empty(), Origin.NONE);

    assertIsCutOff(writing(client, thought, i -> new Delta.Grown(0, 0, Growth.TEXT, LONG)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"gemini-generate", "openai-responses"})
  void citations(String client) {
    Citation citation = new Citation("https://a", "t", LONG, -1, -1, Origin.NONE);

    assertIsCutOff(writing(client, Part.Text.of("a"), i -> new Delta.Cited(0, 0, citation)));
  }

  @Test
  void signaturesOfAnthropics() {
    assertIsCutOff(reading(
        "anthropic-messages",
        "{'type':'content_block_start','index':0,'content_block':{'type':'thinking','thinking':''}}",
        i ->
            "{'type':'content_block_delta','index':0,'delta':{'type':'signature_delta','signature':'"
                + LONG + "'}}"));
  }

  @Test
  void blocksThatOnlyAnthropicKnows() {
    assertIsCutOff(reading(
        "anthropic-messages",
        "{'type':'content_block_start','index':0,'content_block':{'type':'server_tool_use','id':'s','name':'n','input':{}}}",
        i ->
            "{'type':'content_block_delta','index':0,'delta':{'type':'input_json_delta','partial_json':'"
                + LONG + "'}}"));
  }

  @Test
  void countsOfAnthropics() {
    assertIsCutOff(reading(
        "anthropic-messages",
        "{}",
        i -> "{'type':'message_delta','usage':{'u" + i + "':'" + LONG + "'}}"));
  }

  @Test
  void candidatesOfOpenAis() {
    assertIsCutOff(reading(
        "openai-chat", "{}", i -> "{'choices':[{'index':" + i + ",'delta':{'content':'a'}}]}"));
  }

  @Test
  void candidatesOfGooglesModels() {
    assertIsCutOff(reading(
        "gemini-generate",
        "{}",
        i -> "{'candidates':[{'index':" + i + ",'content':{'parts':[{'text':'a'}]}}]}"));
  }

  @Test
  void partsOfAResponse() {
    assertIsCutOff(reading(
        "openai-responses",
        "{}",
        i -> "{'type':'response.output_text.delta','output_index':" + i + ",'delta':'a'}"));
  }

  @Test
  void whatWaitsForAnotherPartOfAResponse() {
    assertIsCutOff(reading(
        "openai-responses",
        "{'type':'response.output_text.delta','output_index':0,'delta':'a'}",
        i -> "{'type':'response.output_text.delta','output_index':1,'delta':'" + LONG + "'}"));
  }

  private static void assertIsCutOff(Runnable stream) {
    Problem problem = catchThrowableOfType(Problem.class, stream::run);

    assertThat(problem).isNotNull();
    assertThat(problem.kind()).isEqualTo(Problem.Kind.RESPONSE_TOO_LARGE);
  }

  private static Runnable writing(String client, Part beginning, IntFunction<Delta> more) {
    Transducer<Delta, Piece> encoder = chat(client).encoder(ASKED, chat(client).streams());
    return () -> {
      encoder.next(new Delta.Begun("id", "m", 0), piece -> {});
      encoder.next(new Delta.Opened(0, 0, beginning), piece -> {});
      for (int i = 0; i < ENDLESS; i++) {
        encoder.next(more.apply(i), piece -> {});
      }
    };
  }

  private static Runnable reading(String upstream, String first, IntFunction<String> more) {
    Transducer<Event, Delta> decoder = chat(upstream).decoder();
    return () -> {
      decoder.next(event(first), delta -> {});
      for (int i = 0; i < ENDLESS; i++) {
        decoder.next(event(more.apply(i)), delta -> {});
      }
    };
  }

  private static Chat chat(String protocol) {
    return (Chat) Protocols.dialect(protocol).orElseThrow();
  }

  private static Event event(String json) {
    List<Piece> pieces = new ArrayList<>();
    byte[] bytes = ("data: " + json.replace('\'', '"') + "\n\n").getBytes(UTF_8);
    new SseDecoder().next(ByteBuffer.wrap(bytes), pieces::add);
    return (Event) pieces.get(0);
  }
}
