package io.aiproxy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.aiproxy.testing.ScriptedUpstream;
import io.aiproxy.testing.ServletContainer;
import io.aiproxy.testing.Settings;
import io.aiproxy.testing.Stage;
import io.aiproxy.testing.Turn;
import io.aiproxy.testing.WireClient;
import io.aiproxy.testing.WireClient.Answer;
import jakarta.servlet.ServletException;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What must hold in every servlet container of an answer that breaks while it is translated: its client sees an error in its own
 * protocol, or a visible cut, and never an end that seems good.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class BrokenTranslationContract {
  private static final Map<String, String> CHAT = Map.of(
      "provider",
      "openai",
      "begin",
      "{\"id\":\"c\",\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\"}}]}",
      "say",
      "{\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"%s\"}}]}",
      "stop",
      "{\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}",
      "end",
      "[DONE]",
      "fail",
      "{\"error\":{\"message\":\"overloaded\",\"type\":\"server_error\",\"code\":500}}");

  private static final Map<String, String> MESSAGES = Map.of(
      "provider",
      "anthropic",
      "begin",
      "{\"type\":\"message_start\",\"message\":{\"id\":\"c\",\"model\":\"m\",\"role\":\"assistant\"}}",
      "say",
      "{\"type\":\"content_block_start\",\"index\":0,"
          + "\"content_block\":{\"type\":\"text\",\"text\":\"%s\"}}",
      "stop",
      "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"}}",
      "end",
      "{\"type\":\"message_stop\"}",
      "fail",
      "{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"overloaded\"}}");

  private static final String HI = "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]";
  private static final String MODEL = "\"model\":\"m\",";
  private static final String STREAM = "\"stream\":true,";
  private static final String HASTY = "/hasty";
  private static final String PATIENT = "/patient";

  private final Stage stage = new Stage();
  private ServletContainer container;
  private ScriptedUpstream upstream;
  private Gateway gateway;
  private AiProxyFilter filter;

  /** Who asks, and how it is told of a failure and of a good end. */
  private enum Client {
    OPENAI_CHAT("/v1/chat/completions", MODEL + STREAM + HI, "data: {\"error\":", "[DONE]"),
    OPENAI_RESPONSES(
        "/v1/responses",
        MODEL + STREAM + "\"input\":\"hi\"",
        "event: error\n",
        "response.completed"),
    ANTHROPIC_MESSAGES(
        "/v1/messages",
        MODEL + STREAM + "\"max_tokens\":9," + HI,
        "event: error\n",
        "message_stop"),
    GEMINI_GENERATE(
        "/v1beta/models/m:streamGenerateContent?alt=sse",
        "\"contents\":[{\"parts\":[{\"text\":\"hi\"}]}]",
        "data: {\"error\":",
        "finishReason"),
    GEMINI_ARRAY(
        "/v1beta/models/m:streamGenerateContent",
        "\"contents\":[{\"parts\":[{\"text\":\"hi\"}]}]",
        ",\r\n{\"error\":",
        "finishReason"),
    BEDROCK_CONVERSE(
        "/model/m/converse-stream",
        "\"messages\":[{\"role\":\"user\",\"content\":[{\"text\":\"hi\"}]}]",
        ":exception-type",
        "messageStop"),
    COHERE_CHAT("/v2/chat", MODEL + STREAM + HI, "\"finish_reason\":\"ERROR\"", "\"COMPLETE\""),
    OLLAMA_CHAT("/api/chat", MODEL + STREAM + HI, "{\"error\":", "\"done\":true");

    private final String path;
    private final String body;
    private final String failure;
    private final String end;

    Client(String path, String members, String failure, String end) {
      this.path = path;
      this.body = "{" + members + "}";
      this.failure = failure;
      this.end = end;
    }

    /** What the upstream speaks, which is never what the client does. */
    private Map<String, String> spoken() {
      return this == OPENAI_CHAT ? MESSAGES : CHAT;
    }

    private String route() {
      return this == OPENAI_CHAT ? "/anthropic-messages" : "/openai-chat";
    }

    private String document() {
      return body.replace(STREAM, this == OLLAMA_CHAT ? "\"stream\":false," : "");
    }

    private String documentPath() {
      return path.replaceFirst("\\?.*", "")
          .replace("streamGenerateContent", "generateContent")
          .replace("converse-stream", "converse");
    }
  }

  /** What goes wrong after the first words. */
  private enum Fault {
    RESET((turn, words) -> turn.raw("5\r\ndata:").reset()),
    CLOSED((turn, words) -> turn.close()),
    CLOSED_WITHIN_AN_EVENT(
        (turn, words) -> turn.chunk("data: {\"id".getBytes(UTF_8)).close()),
    ENDED_TOO_EARLY((turn, words) -> turn.end()),
    ENDED_WITHIN_AN_EVENT(
        (turn, words) -> turn.chunk("data: {\"id".getBytes(UTF_8)).end()),
    SILENT((turn, words) -> turn.stall()),
    BAD_CHUNK((turn, words) -> turn.raw("zz\r\n").close()),
    GARBAGE((turn, words) ->
        turn.event(words.get("say").substring(0, 30)).sse(words.get("stop"), words.get("end"))),
    TOO_DEEP(
        (turn, words) -> turn.event("{\"choices\":" + "[".repeat(5000) + "]".repeat(5000) + "}")
            .sse(words.get("stop"), words.get("end"))),
    TOO_LARGE((turn, words) -> turn.event(words.get("say").formatted("x".repeat(1_200_000)))
        .sse(words.get("stop"), words.get("end"))),
    ENDLESS((turn, words) -> {
      while (true) {
        turn.event(words.get("say").formatted("x".repeat(100_000)));
      }
    }),
    FAILED((turn, words) -> turn.sse(words.get("fail"))),
    FAILED_AND_ENDED(
        (turn, words) -> turn.sse(words.get("fail"), words.get("stop"), words.get("end")));

    private final Play play;

    Fault(Play play) {
      this.play = play;
    }
  }

  /** What goes wrong in the place of an answer. */
  private enum NoAnswer {
    NOTHING((turn, words) -> turn.close()),
    RESET((turn, words) -> turn.begin().reset()),
    EMPTY_STREAM((turn, words) -> turn.end()),
    SILENT((turn, words) -> turn.begin().stall()),
    ONLY_AN_END((turn, words) -> turn.sse("[DONE]")),
    GARBAGE((turn, words) -> turn.sse("{\"id")),
    PAGE((turn, words) -> turn.body("text/html", "<h1>Sorry</h1>".getBytes(UTF_8))),
    FAILED_PAGE(
        (turn, words) -> turn.status(503).body("text/html", "<h1>Sorry</h1>".getBytes(UTF_8))),
    BROKEN_DOCUMENT((turn, words) -> turn.header("Content-Type", "application/json")
        .header("Content-Length", "99")
        .head()
        .raw("{\"id\":")
        .close()),
    OTHER_DOCUMENT((turn, words) -> turn.json("{\"object\":\"list\"}")),
    COMPRESSED((turn, words) -> turn.header("Content-Encoding", "gzip").sse("x")),
    REDIRECT((turn, words) ->
        turn.status(302).header("Location", "http://127.0.0.1:1/").json("{}"));

    private final Play play;

    NoAnswer(Play play) {
      this.play = play;
    }
  }

  @FunctionalInterface
  private interface Play {
    void play(Turn turn, Map<String, String> words) throws Exception;
  }

  /** Starts the container. */
  abstract ServletContainer open(Stage staged, Duration idle);

  @BeforeAll
  void start() throws ServletException {
    container = open(stage, Duration.ofSeconds(30));
    upstream = ScriptedUpstream.open();
    gateway = Gateway.open(Settings.configuration(Stream.of(
            route(HASTY, "openai-chat", CHAT, "'idle_timeout':100,'max_response_bytes':4194304"),
            route(
                HASTY,
                "anthropic-messages",
                MESSAGES,
                "'idle_timeout':100,'max_response_bytes':4194304"),
            route(PATIENT, "openai-chat", CHAT, "'stream_heartbeat_ms':100"),
            route(PATIENT, "anthropic-messages", MESSAGES, "'stream_heartbeat_ms':100"))
        .collect(Collectors.joining(",", "[", "]"))));
    filter = new AiProxyFilter(gateway);
    filter.init(stage.config());
  }

  private String route(String uri, String protocol, Map<String, String> words, String more) {
    return ("{'uri':'%s/%s/*','plugins':{'ai-proxy':{'provider':'%s','auth':{'header':{'X-Key':'k'}},"
            + "'override':{'endpoint':'%s','protocol':'%s'},%s}}}")
        .formatted(uri, protocol, words.get("provider"), upstream.url(), protocol, more);
  }

  @AfterAll
  void stop() {
    gateway.close();
    container.close();
    upstream.close();
  }

  @BeforeEach
  void setTheStage() {
    stage.has(filter);
  }

  static Stream<Arguments> broken() {
    return Stream.of(Client.values())
        .flatMap(client -> Stream.of(Fault.values()).map(fault -> Arguments.of(client, fault)));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("broken")
  void givesNoGoodEndToAStreamThatBroke(Client client, Fault fault) {
    upstream.answers(turn -> {
      begin(turn, client);
      fault.play.play(turn, client.spoken());
    });

    Answer got = post(HASTY + client.route() + client.path, client.body);

    assertThat(got.status()).isEqualTo(200);
    assertThat(got.text()).contains("hello").contains(client.failure).doesNotContain(client.end);
    assertThat(got.complete()).isTrue();
    assertThat(stage.attributes().get("llm_outcome")).isNotIn("completed", "incomplete");
  }

  static Stream<Arguments> unanswered() {
    return Stream.of(Client.values())
        .flatMap(client -> Stream.of(NoAnswer.values()).map(fault -> Arguments.of(client, fault)));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("unanswered")
  void answersWithAnErrorIfThereIsNoStream(Client client, NoAnswer fault) {
    upstream.answers(turn -> fault.play.play(turn, client.spoken()));

    assertError(post(HASTY + client.route() + client.path, client.body));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("unanswered")
  void answersWithAnErrorIfThereIsNoDocument(Client client, NoAnswer fault) {
    upstream.answers(turn -> fault.play.play(turn, client.spoken()));

    assertError(post(HASTY + client.route() + client.documentPath(), client.document()));
  }

  @ParameterizedTest
  @EnumSource
  void keepsAGoodEndHoweverTheConnectionEnds(Client client) {
    upstream.answers(turn -> {
      begin(turn, client);
      turn.event(client.spoken().get("stop")).event(client.spoken().get("end")).reset();
    });

    Answer got = post(PATIENT + client.route() + client.path, client.body);

    assertThat(got.text()).contains("hello").contains(client.end).doesNotContain(client.failure);
    assertThat(got.complete()).isTrue();
  }

  @ParameterizedTest
  @EnumSource
  void translatesEachEventBeforeTheNextOneIsSent(Client client) throws IOException {
    CountDownLatch heard = new CountDownLatch(1);
    upstream.answers(turn -> {
      begin(turn, client);
      turn.event(client.spoken().get("say").formatted("again"))
          .awaits(heard)
          .sse(client.spoken().get("stop"), client.spoken().get("end"));
    });

    try (WireClient wire =
        connect().post(PATIENT + client.route() + client.path, client.body).head()) {
      StringBuilder got = new StringBuilder();
      while (got.indexOf("hello") < 0) {
        got.append((char) wire.bytes(1)[0]);
      }
      heard.countDown();
      assertThat(wire.rest().text()).contains(client.end);
    }
  }

  @ParameterizedTest
  @EnumSource
  void letsGoOfTheUpstreamWhenTheClientLeaves(Client client) {
    CountDownLatch gone = new CountDownLatch(1);
    int number = upstream.requests().size();
    upstream.answers(turn -> {
      begin(turn, client);
      turn.event(client.spoken().get("say").formatted("again")).awaits(gone);
      while (true) {
        turn.event(client.spoken().get("say").formatted("more"));
      }
    });

    WireClient wire =
        connect().post(PATIENT + client.route() + client.path, client.body).head();
    wire.reset();
    gone.countDown();

    upstream.request(number).awaitLeft();
    assertThat(stage.attributes()).containsEntry("llm_outcome", "client_gone");
  }

  @Test
  void beatsWhileTheProviderIsSilent() {
    CountDownLatch beaten = new CountDownLatch(1);
    upstream.answers(turn -> turn.begin().awaits(beaten).sse(CHAT.get("stop"), CHAT.get("end")));

    Client client = Client.ANTHROPIC_MESSAGES;
    try (WireClient wire =
        connect().post(PATIENT + client.route() + client.path, client.body).head()) {
      assertThat(wire.event()).isEqualTo(": \n\n");
      beaten.countDown();
      assertThat(wire.rest().text()).contains(client.end);
    }
  }

  // what tests say

  private static void begin(Turn turn, Client client) throws IOException {
    Map<String, String> words = client.spoken();
    turn.event(words.get("begin")).event(words.get("say").formatted("hello"));
  }

  private void assertError(Answer got) {
    assertThat(got.status()).as(got.text()).isBetween(500, 599);
    assertThat(got.complete()).isTrue();
    assertThat(got.header("content-type")).isEqualTo("application/json");
    assertThat(got.text()).containsAnyOf("\"message\"", "{\"error\":").doesNotContain("Sorry");
    assertThat(stage.attributes().get("llm_outcome")).isNotEqualTo("completed");
  }

  private WireClient connect() {
    return WireClient.to(container.port());
  }

  private Answer post(String target, String body) {
    try (WireClient client = connect()) {
      return client.post(target, body).answer();
    }
  }
}
