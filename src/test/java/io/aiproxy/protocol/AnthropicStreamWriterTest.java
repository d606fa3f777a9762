package io.aiproxy.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.aiproxy.neutral.Delta;
import io.aiproxy.neutral.Delta.Growth;
import io.aiproxy.neutral.Message;
import io.aiproxy.neutral.Origin;
import io.aiproxy.neutral.Part;
import io.aiproxy.neutral.Request;
import io.aiproxy.neutral.Stop;
import io.aiproxy.neutral.Stop.Reason;
import io.aiproxy.stream.Piece;
import io.aiproxy.stream.Transducer;
import io.aiproxy.usage.Usage;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Streams that come from providers of other protocols. */
class AnthropicStreamWriterTest {
  private static final String START = """
      {"type":"message_start","message":{"type":"message","id":"x","role":"assistant","model":"m","content":[],\
      "usage":{"input_tokens":0,"output_tokens":0}}}""";
  private static final String STOP = "{\"type\":\"message_stop\"}";

  private final Transducer<Delta, Piece> encoder = new AnthropicStreamWriter(asked());
  private final StringBuilder written = new StringBuilder();

  @BeforeEach
  void begins() {
    write(new Delta.Begun("x", "m", 0));
  }

  @Test
  void writesATextAndWhatItHasCost() {
    write(new Delta.Opened(0, 0, Part.Text.of("")));
    write(new Delta.Grown(0, 0, Growth.TEXT, "hi"));
    write(new Delta.Closed(0, 0));
    write(new Delta.Stopped(0, new Stop(Reason.END, "", "stop")));
    write(new Delta.Counted(new Usage(100, 50, 150, 20, Usage.ABSENT, Usage.ABSENT, true)));
    write(new Delta.Ended());

    assertThat(events())
        .containsExactly(
            START,
            "{\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}}",
            "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"hi\"}}",
            "{\"type\":\"content_block_stop\",\"index\":0}",
            "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"},"
                + "\"usage\":{\"input_tokens\":80,\"output_tokens\":50,\"cache_read_input_tokens\":20}}",
            STOP);
  }

  @Test
  void namesEachEventByItsType() {
    write(new Delta.Ping());

    assertThat(written.toString()).endsWith("event: ping\ndata: {\"type\":\"ping\"}\n\n");
  }

  @Test
  void makesNoBlockOfATextThatStaysEmpty() {
    write(new Delta.Opened(0, 0, Part.Text.of("")));
    write(new Delta.Closed(0, 0));

    assertThat(events()).containsExactly(START);
  }

  @Test
  void writesArgumentsAsTheyCome() {
    write(new Delta.Opened(0, 0, call("1", false)));
    write(new Delta.Grown(0, 0, Growth.ARGUMENTS, "{\"a"));
    write(new Delta.Grown(0, 0, Growth.ARGUMENTS, "\":1}"));
    write(new Delta.Closed(0, 0));
    write(new Delta.Opened(0, 1, call("2", false)));

    assertThat(events())
        .containsExactly(
            START,
            "{\"type\":\"content_block_start\",\"index\":0,\"content_block\":"
                + "{\"type\":\"tool_use\",\"id\":\"1\",\"name\":\"f\",\"input\":{}}}",
            "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":"
                + "{\"type\":\"input_json_delta\",\"partial_json\":\"{\\\"a\"}}",
            "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":"
                + "{\"type\":\"input_json_delta\",\"partial_json\":\"\\\":1}\"}}",
            "{\"type\":\"content_block_stop\",\"index\":0}",
            "{\"type\":\"content_block_start\",\"index\":1,\"content_block\":"
                + "{\"type\":\"tool_use\",\"id\":\"2\",\"name\":\"f\",\"input\":{}}}");
  }

  @Test
  void putsFreeTextIntoAnObject() {
    write(new Delta.Opened(0, 0, call("1", true)));
    write(new Delta.Grown(0, 0, Growth.ARGUMENTS, "say \"hi\""));
    write(new Delta.Closed(0, 0));

    String input = events().stream()
        .filter(event -> event.contains("input_json_delta"))
        .map(event ->
            DialectJson.object(event).orElseThrow().at("/delta/partial_json").asText())
        .reduce("", String::concat);
    assertThat(input).isEqualTo("{\"input\":\"say \\\"hi\\\"\"}");
  }

  @Test
  void hasOneBlockForAThoughtAndOneForWhatIsSaid() {
    write(new Delta.Opened(0, 0, new Part.Thought("", Optional.empty(), Origin.NONE)));
    write(new Delta.Grown(0, 0, Growth.TEXT, "hm"));
    write(new Delta.Closed(0, 0));
    write(new Delta.Opened(0, 1, Part.Text.of("so")));

    assertThat(events())
        .contains(
            "{\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"thinking\",\"thinking\":\"\"}}",
            "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"thinking_delta\",\"thinking\":\"hm\"}}",
            "{\"type\":\"content_block_start\",\"index\":1,\"content_block\":{\"type\":\"text\",\"text\":\"\"}}",
            "{\"type\":\"content_block_delta\",\"index\":1,\"delta\":{\"type\":\"text_delta\",\"text\":\"so\"}}");
  }

  @Test
  void endsOnceAndSaysNothingAfterwards() {
    write(new Delta.Ended());
    write(new Delta.Opened(0, 0, Part.Text.of("late")));
    write(new Delta.Ended());

    assertThat(events())
        .containsExactly(
            START,
            "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"},"
                + "\"usage\":{\"input_tokens\":0,\"output_tokens\":0}}",
            STOP);
  }

  @Test
  void inventsNoEnd() {
    write(new Delta.Opened(0, 0, Part.Text.of("a")));
    encoder.end(this::take);

    assertThat(written.toString()).doesNotContain("message_stop");
  }

  @Test
  void writesTheFirstCandidateAlone() {
    write(new Delta.Opened(1, 0, Part.Text.of("b")));
    write(new Delta.Grown(1, 0, Growth.TEXT, "b"));

    assertThat(events()).containsExactly(START);
  }

  private void write(Delta delta) {
    encoder.next(delta, this::take);
  }

  private void take(Piece piece) {
    written.append(new String(piece.array(), piece.offset(), piece.length(), UTF_8));
  }

  private List<String> events() {
    return written
        .toString()
        .lines()
        .filter(line -> line.startsWith("data: "))
        .map(line -> line.substring("data: ".length()))
        .toList();
  }

  private static Part call(String id, boolean free) {
    return new Part.ToolCall(id, "f", "", free, Origin.NONE);
  }

  private static Request asked() {
    return new Request(
        "asked",
        true,
        List.of(new Message(Message.Role.USER, List.of(Part.Text.of("q")), true, "", Origin.NONE)),
        List.of(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Map.of(),
        Origin.NONE);
  }
}
