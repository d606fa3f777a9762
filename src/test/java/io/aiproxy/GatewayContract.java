package io.aiproxy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.aiproxy.call.Headers;
import io.aiproxy.testing.LogLines;
import io.aiproxy.testing.ScriptedUpstream;
import io.aiproxy.testing.ServletContainer;
import io.aiproxy.testing.Settings;
import io.aiproxy.testing.Stage;
import io.aiproxy.testing.WireClient;
import io.aiproxy.testing.WireClient.Answer;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterConfig;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.Principal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What must hold of the gateway in every servlet container, seen from the wire at both of its ends. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class GatewayContract {
  private static final Duration IDLE = Duration.ofSeconds(30);
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String CHAT = "/v1/chat/completions";
  private static final String QUESTION =
      "{\"model\":\"asked\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
  private static final String STREAM = "{\"stream\":true," + QUESTION.substring(1);
  private static final String STREAM_WITH_USAGE =
      "{\"stream_options\":{\"include_usage\":true}," + STREAM.substring(1);
  private static final String ANSWER =
      "{\"id\":\"c1\",\"model\":\"asked-2024\",\"choices\":[{\"index\":0,"
          + "\"message\":{\"role\":\"assistant\",\"content\":\"hello\"},\"finish_reason\":\"stop\"}],"
          + "\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":3,\"total_tokens\":12}}";
  private static final String ROLE =
      "{\"model\":\"asked-2024\",\"choices\":[{\"delta\":{\"role\":\"assistant\"}}]}";
  private static final String WORD = "{\"choices\":[{\"delta\":{\"content\":\"hello\"}}]}";
  private static final String STOP = "{\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}";
  private static final String USAGE =
      "{\"choices\":[],\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":3,\"total_tokens\":12}}";
  private static final String DONE = "[DONE]";

  private final Stage stage = new Stage();
  private final List<AutoCloseable> open = new ArrayList<>();
  private ServletContainer container;
  private ScriptedUpstream upstream;

  /** Starts the container. */
  abstract ServletContainer open(Stage staged, Duration idle);

  /** The filter in front of that gateway. */
  AiProxyFilter before(Gateway behind) {
    return new AiProxyFilter(behind);
  }

  @BeforeAll
  void start() {
    container = open(stage, IDLE);
  }

  @AfterAll
  void stop() {
    container.close();
  }

  @BeforeEach
  void openUpstream() {
    upstream = ScriptedUpstream.open();
  }

  @AfterEach
  void closeAll() throws Exception {
    Collections.reverse(open);
    for (AutoCloseable opened : open) {
      opened.close();
    }
    open.clear();
    upstream.close();
  }

  // bytes

  @Test
  void passesRequestAndAnswerToTheByte() {
    serves("");
    String odd =
        " { \"messages\" : [ ] ,\"n\":1.0,\"big\":12345678901234567890123,\"s\":\"\\u00e4ä\" }\n";
    String answer = "{ \"x\" : 1.0 }\r\n";
    upstream.answers(turn -> turn.json(answer));

    Answer got = post(CHAT, odd);

    assertThat(upstream.request(0).body()).isEqualTo(odd.getBytes(UTF_8));
    assertThat(upstream.request(0).method()).isEqualTo("POST");
    assertThat(upstream.request(0).target()).isEqualTo(CHAT);
    assertThat(got.status()).isEqualTo(200);
    assertThat(got.text()).isEqualTo(answer);
    assertThat(got.complete()).isTrue();
    assertThat(got.header("content-length")).isEqualTo("15");
    assertThat(got.header("content-type")).isEqualTo("application/json");
  }

  @Test
  void givesAChunkedDocumentALength() {
    serves("");
    upstream.answers(turn -> turn.header("Content-Type", "application/json")
        .chunk(ANSWER.getBytes(UTF_8))
        .end());

    Answer got = post(CHAT, QUESTION);

    assertThat(got.text()).isEqualTo(ANSWER);
    assertThat(got.header("content-length")).isEqualTo(Integer.toString(ANSWER.length()));
  }

  @Test
  void passesADocumentThatIsTooLargeToBeHeld() {
    serves("");
    String large = "{\"x\":\"" + "y".repeat(3_000_000) + "\"}";
    upstream.answers(turn -> turn.json(large));

    Answer got = post(CHAT, QUESTION);

    assertThat(got.text()).isEqualTo(large);
    assertThat(got.header("content-length")).isEqualTo(Integer.toString(large.length()));
  }

  @Test
  void splicesInWhatConfigurationSays() {
    serves(",'options':{'model':'ours'},'override':{'endpoint':'" + upstream.url() + "/p?q=1',"
        + "'llm_options':{'max_tokens':7},'request_body':{'openai-chat':{'seed':1}}}");

    post(CHAT + "?client=1", "{ \"model\" : \"asked\",\"messages\":[ ] }");

    assertThat(upstream.request(0).text())
        .isEqualTo(
            "{ \"model\" : \"ours\",\"messages\":[ ],\"max_completion_tokens\":7,\"seed\":1 }");
    assertThat(upstream.request(0).target()).isEqualTo("/p?q=1");
    assertThat(stage.attributes())
        .containsEntry("request_llm_model", "asked")
        .containsEntry("llm_model", "ours")
        .containsEntry("upstream_uri", "/p");
  }

  @Test
  void passesOtherJsonThrough() {
    serves("");

    try (WireClient client = connect()) {
      client.send("PUT", "/v1/files/a%20b?x=1&y=%2F", "[1, 2]").answer();
    }

    assertThat(upstream.request(0).method()).isEqualTo("PUT");
    assertThat(upstream.request(0).target()).isEqualTo("/v1/files/a%20b?x=1&y=%2F");
    assertThat(upstream.request(0).text()).isEqualTo("[1, 2]");
    assertThat(stage.attributes()).containsEntry("ai_protocol", "passthrough");
  }

  // streams

  @Test
  void passesEachEventBeforeTheNextOneIsSent() {
    serves("");
    List<CountDownLatch> got = latches(3);
    upstream.answers(turn -> turn.event(ROLE)
        .awaits(got.get(0))
        .event(WORD)
        .awaits(got.get(1))
        .event(STOP)
        .awaits(got.get(2))
        .sse(USAGE, DONE));

    try (WireClient client = connect().post(CHAT, STREAM_WITH_USAGE).head()) {
      assertThat(client.event()).isEqualTo(event(ROLE));
      got.get(0).countDown();
      assertThat(client.event()).isEqualTo(event(WORD));
      got.get(1).countDown();
      assertThat(client.event()).isEqualTo(event(STOP));
      got.get(2).countDown();
      assertThat(client.rest().text()).isEqualTo(event(USAGE) + event(DONE));
    }
  }

  @Test
  void streamsWithHeadersThatKeepProxiesFromHolding() {
    serves("");
    upstream.answers(
        turn -> turn.header("Content-Type", "text/event-stream; charset=utf-8").sse(WORD, DONE));

    Answer got = post(CHAT, STREAM);

    assertThat(got.complete()).isTrue();
    assertThat(got.header("content-type").replace(" ", ""))
        .isEqualToIgnoringCase("text/event-stream;charset=utf-8");
    assertThat(got.header("cache-control")).isEqualTo("no-cache");
    assertThat(got.header("x-accel-buffering")).isEqualTo("no");
    assertThat(got.headers().has("content-length")).isFalse();
  }

  @Test
  void asksForTheUsageOfAStreamAndKeepsTheAnswerToItself() {
    serves("");
    upstream.answers(turn -> turn.sse(ROLE, WORD, STOP, USAGE, DONE));

    Answer got = post(CHAT, STREAM);

    assertThat(upstream.request(0).text())
        .isEqualTo(STREAM.substring(0, STREAM.length() - 1)
            + ",\"stream_options\":{\"include_usage\":true}}");
    assertThat(got.text()).isEqualTo(event(ROLE) + event(WORD) + event(STOP) + event(DONE));
    assertThat(stage.attributes())
        .containsEntry("llm_total_tokens", "12")
        .containsEntry("llm_usage_source", "reported");
  }

  @Test
  void givesTheClientTheUsageThatItAskedFor() {
    serves("");
    upstream.answers(turn -> turn.split().sse(WORD, USAGE, DONE));

    assertThat(post(CHAT, STREAM_WITH_USAGE).text())
        .isEqualTo(event(WORD) + event(USAGE) + event(DONE));
    assertThat(upstream.request(0).text()).isEqualTo(STREAM_WITH_USAGE);
  }

  @Test
  void streamsWhatTheProviderStreamsThoughNobodyAskedForIt() {
    serves("");
    upstream.answers(turn -> turn.sse(WORD, DONE));

    assertThat(post(CHAT, QUESTION).text()).isEqualTo(event(WORD) + event(DONE));
    assertThat(stage.attributes())
        .containsEntry("request_type", "ai_chat")
        .containsEntry("llm_stream", "false")
        .containsEntry("llm_usage_source", "estimated");
  }

  @Test
  void neverMakesUpAnEndThatWasNotThere() {
    serves("");
    upstream.answers(turn -> turn.sse(WORD));

    Answer got = post(CHAT, STREAM);

    assertThat(got.text()).isEqualTo(event(WORD));
    assertThat(got.complete()).isTrue();
    assertThat(stage.attributes()).containsEntry("llm_outcome", "incomplete");
  }

  @Test
  void letsTheUpstreamWaitForASlowClient() throws Exception {
    serves("");
    AtomicLong sent = new AtomicLong();
    byte[] event = event("x".repeat(64 * 1024)).getBytes(UTF_8);
    upstream.answers(turn -> {
      while (sent.addAndGet(event.length) < 256L << 20) {
        turn.chunk(event);
      }
    });

    try (WireClient client =
        WireClient.to(container.port(), 16 * 1024).post(CHAT, STREAM).head()) {
      long before = -1;
      while (sent.get() != before) {
        before = sent.get();
        pause();
      }
      assertThat(sent.get()).isLessThan(64L << 20);
      client.event();
    }
    upstream.request(0).awaitLeft();
  }

  @Test
  void beatsWhileTheProviderIsSilent() {
    serves(",'stream_heartbeat_ms':100");
    CountDownLatch beaten = new CountDownLatch(1);
    upstream.answers(turn -> turn.event(WORD).awaits(beaten).sse(DONE));

    try (WireClient client = connect().post(CHAT, STREAM).head()) {
      assertThat(client.event()).isEqualTo(event(WORD));
      assertThat(client.event()).isEqualTo(": \n\n");
      beaten.countDown();
      assertThat(client.rest().text()).endsWith(event(DONE));
    }
  }

  @Test
  void beatsAlsoBeforeTheFirstEvent() {
    serves(",'stream_heartbeat_ms':100");
    CountDownLatch beaten = new CountDownLatch(1);
    upstream.answers(turn -> turn.begin().awaits(beaten).sse(DONE));

    try (WireClient client = connect().post(CHAT, STREAM).head()) {
      assertThat(client.status()).isEqualTo(200);
      assertThat(client.event()).isEqualTo(": \n\n");
      beaten.countDown();
      assertThat(client.rest().text()).endsWith(event(DONE));
    }
  }

  @Test
  void beatsBetweenTwoEventsWhileTheSecondOneIsHalfThere() {
    serves(",'stream_heartbeat_ms':100");
    CountDownLatch beaten = new CountDownLatch(1);
    byte[] bytes = event(WORD).getBytes(UTF_8);
    upstream.answers(turn -> turn.event(ROLE)
        .chunk(Arrays.copyOf(bytes, 9))
        .awaits(beaten)
        .chunk(Arrays.copyOfRange(bytes, 9, bytes.length))
        .end());

    try (WireClient client = connect().post(CHAT, STREAM).head()) {
      assertThat(client.event()).isEqualTo(event(ROLE));
      assertThat(client.event()).isEqualTo(": \n\n");
      beaten.countDown();
      assertThat(client.rest().text()).endsWith(event(WORD));
    }
  }

  @Test
  void doesNotBeatWhileBytesCome() {
    serves(",'stream_heartbeat_ms':60000");
    upstream.answers(turn -> turn.split().sse(ROLE, WORD, USAGE, DONE));

    assertThat(post(CHAT, STREAM_WITH_USAGE).text())
        .isEqualTo(event(ROLE) + event(WORD) + event(USAGE) + event(DONE));
  }

  @Test
  void passesAStreamThatTheProviderCompressedAsItComes() {
    serves(",'stream_heartbeat_ms':100");
    CountDownLatch half = new CountDownLatch(1);
    byte[] packed = ("one\n\n" + "two\r").getBytes(UTF_8); // whatever it says
    upstream.answers(turn -> turn.header("Content-Encoding", "gzip")
        .chunk(packed)
        .awaits(half)
        .chunk(packed)
        .end());

    try (WireClient client = connect().post(CHAT, STREAM).head()) {
      assertThat(client.headers().first("content-encoding")).contains("gzip");
      assertThat(client.event()).isEqualTo("one\n\n");
      pause();
      pause();
      pause();
      half.countDown();
      assertThat(client.rest().text()).isEqualTo("two\rone\n\ntwo\r");
    }
  }

  @Test
  void cutsACompressedStreamThatBreaksOff() {
    serves("");
    byte[] packed = gzip(event(WORD) + event(DONE));
    upstream.answers(
        turn -> turn.header("Content-Encoding", "gzip").chunk(packed).close());

    assertThat(post(CHAT, STREAM).complete()).isFalse();
  }

  @Test
  void passesACompressedDocumentOnlyIfItCanBeOpened() throws IOException {
    serves("");
    byte[] packed = gzip(ANSWER);
    upstream.answersInTurn(
        turn -> turn.header("Content-Encoding", "gzip").body("application/json", packed),
        turn -> turn.header("Content-Encoding", "gzip")
            .body("application/json", Arrays.copyOf(packed, 40)));

    Answer good = post(CHAT, QUESTION);
    assertThat(good.body()).isEqualTo(packed);
    assertThat(good.header("content-encoding")).isEqualTo("gzip");
    Answer bad = post(CHAT, QUESTION);
    assertError(bad, 502, "upstream_broken");
    assertThat(bad.headers().has("content-encoding")).isFalse();
  }

  // the client leaves

  @Test
  void letsGoOfTheUpstreamWhenTheClientIsGone() {
    serves("");
    CountDownLatch gone = new CountDownLatch(1);
    upstream.answers(turn -> {
      turn.event(WORD).awaits(gone);
      while (true) {
        turn.event(WORD);
      }
    });

    try (WireClient client = connect().post(CHAT, STREAM).head()) {
      client.event();
      client.reset();
    }
    gone.countDown();

    upstream.request(0).awaitLeft();
    assertThat(stage.attributes())
        .containsEntry("llm_outcome", "client_gone")
        .containsEntry("llm_usage_source", "estimated")
        .containsEntry("upstream_status", "200")
        .satisfies(
            attributes -> assertThat(Integer.parseInt(attributes.get("llm_completion_tokens")))
                .isPositive());
  }

  @Test
  void readsOnForTheUsageIfItIsToldTo() {
    serves(",'on_client_abort':'drain'");
    CountDownLatch gone = new CountDownLatch(1);
    byte[] words = event(WORD).repeat(2000).getBytes(UTF_8);
    upstream.answers(turn -> {
      turn.event(WORD).awaits(gone);
      for (int i = 0; i < 5; i++) {
        turn.chunk(words);
      }
      turn.sse(USAGE, DONE);
    });

    try (WireClient client = connect().post(CHAT, STREAM).head()) {
      client.event();
      client.reset();
    }
    gone.countDown();

    assertThat(stage.attributes())
        .containsEntry("llm_outcome", "client_gone")
        .containsEntry("llm_usage_source", "drained")
        .containsEntry("llm_total_tokens", "12");
    assertThat(upstream.request(0).clientLeft()).isFalse();
  }

  @Test
  void callsUsageDrainedOnlyIfItCameAfterTheClientHadGone() {
    serves(",'on_client_abort':'drain'");
    CountDownLatch gone = new CountDownLatch(1);
    upstream.answers(turn -> {
      turn.event(USAGE).awaits(gone);
      for (int i = 0; i < 1000; i++) {
        turn.event(WORD);
      }
      turn.sse(DONE);
    });

    try (WireClient client = connect().post(CHAT, STREAM_WITH_USAGE).head()) {
      client.event();
      client.reset();
    }
    gone.countDown();

    assertThat(stage.attributes())
        .containsEntry("llm_outcome", "client_gone")
        .containsEntry("llm_usage_source", "reported")
        .containsEntry("llm_total_tokens", "12");
  }

  @ParameterizedTest
  @ValueSource(strings = {"'drain_timeout_ms':50", "'drain_max_bytes':1000"})
  void readsOnWithinBoundsOnly(String bound) {
    serves(",'on_client_abort':'drain'," + bound);
    CountDownLatch gone = new CountDownLatch(1);
    upstream.answers(turn -> {
      turn.event(WORD).awaits(gone);
      while (true) {
        turn.event(WORD);
      }
    });

    try (WireClient client = connect().post(CHAT, STREAM).head()) {
      client.event();
      client.reset();
    }
    gone.countDown();

    upstream.request(0).awaitLeft();
    assertThat(stage.attributes()).containsEntry("llm_usage_source", "estimated");
  }

  @Test
  void asksNobodyIfTheRequestDidNotComeWhole() {
    serves("");

    try (WireClient client = connect()) {
      client
          .raw("POST " + CHAT + " HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
              + "Content-Length: " + (QUESTION.length() + 1) + "\r\n\r\n" + QUESTION)
          .shutdownOutput();
      assertThat(stage.attributes()).containsEntry("llm_outcome", "client_gone");
    }

    assertThat(upstream.requests()).isEmpty();
  }

  // attributes

  @Test
  void tellsAllOfAnAnswer() {
    serves("");
    upstream.answers(turn -> turn.json(ANSWER));

    Answer got = post(CHAT, "{\"user\":\"u7\",\"tools\":[{},{}]," + QUESTION.substring(1));

    assertThat(masked(stage.attributes()))
        .isEqualTo(attributes(
            "ai_protocol=openai-chat",
            "ai_request_id=" + got.header("x-ai-request-id"),
            "ai_route=r",
            "body_bytes_sent=" + ANSWER.length(),
            "llm_attempts=1",
            "llm_cache_creation_input_tokens=0",
            "llm_cache_read_input_tokens=0",
            "llm_completion_tokens=3",
            "llm_end_user_id=u7",
            "llm_finish_reason=stop",
            "llm_has_tool_calls=false",
            "llm_instance=ai-proxy-openai",
            "llm_model=asked",
            "llm_outcome=completed",
            "llm_prompt_tokens=9",
            "llm_reasoning_tokens=0",
            "llm_response_model=asked-2024",
            "llm_stream=false",
            "llm_time_to_first_token=n",
            "llm_tool_count=2",
            "llm_total_tokens=12",
            "llm_usage_source=reported",
            "request_llm_model=asked",
            "request_time=n",
            "request_type=ai_chat",
            "upstream_addr=127.0.0.1:" + upstream.port(),
            "upstream_completion_tokens=3",
            "upstream_connect_time=n",
            "upstream_header_time=n",
            "upstream_host=127.0.0.1",
            "upstream_instance=ai-proxy-openai",
            "upstream_prompt_tokens=9",
            "upstream_response_length=" + ANSWER.length(),
            "upstream_response_time=n",
            "upstream_scheme=http",
            "upstream_status=200",
            "upstream_uri=" + CHAT));
  }

  @Test
  void tellsAllOfAStream() {
    serves("");
    upstream.answers(turn -> turn.sse(ROLE, WORD, STOP, USAGE, DONE));

    Answer got = post(CHAT, STREAM);

    assertThat(masked(stage.attributes()))
        .containsAllEntriesOf(attributes(
            "request_type=ai_stream",
            "llm_stream=true",
            "llm_outcome=completed",
            "llm_finish_reason=stop",
            "llm_response_model=asked-2024",
            "llm_prompt_tokens=9",
            "llm_completion_tokens=3",
            "llm_total_tokens=12",
            "llm_usage_source=reported",
            "body_bytes_sent=" + got.body().length,
            "llm_time_to_first_token=n"));
  }

  @Test
  void countsTheTimeToTheFirstTokenAndNotToTheFirstEvent() {
    serves("");
    CountDownLatch go = new CountDownLatch(1);
    upstream.answers(turn -> turn.event(ROLE).awaits(go).sse(WORD, DONE));

    try (WireClient client = connect().post(CHAT, STREAM).head()) {
      client.event();
      pause();
      go.countDown();
      client.rest();
    }

    assertThat(Integer.parseInt(stage.attributes().get("llm_time_to_first_token")))
        .isGreaterThanOrEqualTo(PAUSE_MS);
  }

  @Test
  void estimatesTheTokensOfAStreamThatSaysNothingOfThem() {
    serves("");
    upstream.answers(turn -> turn.sse(ROLE, WORD, WORD, STOP, DONE));

    post(CHAT, STREAM);

    assertThat(stage.attributes())
        .containsEntry("llm_usage_source", "estimated")
        .containsEntry("llm_completion_tokens", "2");
  }

  @Test
  void believesZeroTokensIfTheProviderSaysSo() {
    serves("");
    upstream.answers(turn -> turn.sse(
        WORD, "{\"choices\":[],\"usage\":{\"prompt_tokens\":0,\"completion_tokens\":0}}", DONE));

    post(CHAT, STREAM);

    assertThat(stage.attributes())
        .containsEntry("llm_usage_source", "reported")
        .containsEntry("llm_completion_tokens", "0");
  }

  @Test
  void cleansWhatTheClientSentBeforeALogCanPrintIt() {
    serves("");
    String nasty = "\\n200 \\\"forged\\u2028\\u202e\\\\" + "x".repeat(1000);

    post(CHAT, "{\"model\":\"" + nasty + "\",\"user\":\"" + nasty + "\",\"messages\":[]}");

    assertThat(stage.attributes())
        .containsEntry("request_llm_model", "_200 _forged___" + "x".repeat(241))
        .containsEntry("llm_end_user_id", "_200 _forged___" + "x".repeat(241));
  }

  @Test
  void namesTheUserThatTheContainerKnows() throws Exception {
    Gateway gateway = gateway(route("r", "/*", ""));
    Filter login = (request, response, chain) -> chain.doFilter(
        new HttpServletRequestWrapper((HttpServletRequest) request) {
          @Override
          public Principal getUserPrincipal() {
            return () -> "ann";
          }
        },
        response);
    stage.has(login, filter(gateway));

    post(CHAT, QUESTION);

    assertThat(stage.attributes()).containsEntry("ai_consumer", "ann");
  }

  @Test
  void writesSummariesAndPayloadsWithoutCredentials() throws IOException {
    serves(
        ",'logging':{'summaries':true,'payloads':true}",
        "{'header':{'Authorization':'Bearer sk-secret'},'query':{'key':'querysecret'}}");
    upstream.answers(turn -> turn.json(ANSWER));
    try (LogLines summaries = LogLines.of("io.aiproxy.summary");
        LogLines payloads = LogLines.of("io.aiproxy.payload")) {

      Answer got = post(CHAT, QUESTION, "Authorization: Bearer client-secret");
      stage.attributes();

      JsonNode summary = JSON.readTree(summaries.lines().get(0));
      assertThat(summary.at("/ai_request_id").asText()).isEqualTo(got.header("x-ai-request-id"));
      assertThat(summary.at("/total_tokens").asInt()).isEqualTo(12);
      JsonNode payload = JSON.readTree(payloads.lines().get(0));
      assertThat(payload.at("/llm_response_text/content").asText()).isEqualTo("hello");
      assertThat(summaries.lines() + "" + payloads.lines()).doesNotContain("secret");
    }
  }

  // headers

  @Test
  void passesHeadersBothWaysByRule() {
    serves(",'forward_headers':['x-tenant']", "{'header':{'Authorization':'Bearer ours'}}");
    upstream.answers(turn -> turn.header("X-Request-Id", "u1")
        .header("X-RateLimit-Remaining-Tokens", "5")
        .header("OpenAI-Processing-Ms", "7")
        .header("Set-Cookie", "a=b")
        .header("Server", "provider")
        .header("X-Internal", "1")
        .header("Location", "http://elsewhere")
        .header("Access-Control-Allow-Origin", "*")
        .json("{}"));

    Answer got = post(
        CHAT,
        QUESTION,
        "Authorization: Bearer mine",
        "X-Api-Key: mine",
        "Cookie: a=b",
        "X-Tenant: t",
        "X-Other: o",
        "Connection: X-Named",
        "X-Named: n",
        "openai-beta: one",
        "OpenAI-Beta: two",
        "Accept-Encoding: gzip",
        "User-Agent: test");

    Headers sent = upstream.request(0).headers();
    assertThat(sent)
        .extracting(field -> field.name().toLowerCase(Locale.ROOT))
        .containsExactlyInAnyOrder(
            "host",
            "authorization",
            "x-tenant",
            "openai-beta",
            "openai-beta",
            "accept-encoding",
            "user-agent",
            "content-type",
            "content-length");
    assertThat(sent.all("authorization")).containsExactly("Bearer ours");
    assertThat(sent.all("openai-beta")).containsExactly("one", "two");
    assertThat(sent.all("accept-encoding")).containsExactly("identity");
    assertThat(sent.all("host")).containsExactly("127.0.0.1:" + upstream.port());
    assertThat(got.header("x-request-id")).isEqualTo("u1");
    assertThat(got.header("x-ratelimit-remaining-tokens")).isEqualTo("5");
    assertThat(got.header("openai-processing-ms")).isEqualTo("7");
    assertThat(got.header("x-ai-request-id")).matches("[0-9a-f]{32}");
    assertThat(got.headers())
        .extracting(field -> field.name().toLowerCase(Locale.ROOT))
        .doesNotContain("set-cookie", "x-internal", "location", "access-control-allow-origin");
    assertThat(got.header("server")).isNotEqualTo("provider");
  }

  @Test
  void passesHeadersWithBytesBeyondAscii() {
    serves("");

    try (WireClient client = connect()) {
      client.raw("POST " + CHAT + " HTTP/1.1\r\nHost: a\r\nUser-Agent: a\u00e4\u00c3\u00a4\r\n"
          + "Content-Length: " + QUESTION.length() + "\r\n\r\n" + QUESTION);
      assertThat(client.answer().status()).isEqualTo(200);
    }
  }

  @Test
  void passesTheClientsOwnKeyWhereTheRouteHasNone() {
    serves("", "{}");

    post(CHAT, QUESTION, "Authorization: Bearer mine");

    assertThat(upstream.request(0).headers().all("authorization")).containsExactly("Bearer mine");
  }

  @Test
  void leavesWhatAnOuterFilterSaid() throws Exception {
    Gateway gateway = gateway(route("r", "/*", ""));
    Filter cors = (request, response, chain) -> {
      ((HttpServletResponse) response).setHeader("Access-Control-Allow-Origin", "https://app");
      chain.doFilter(request, response);
    };
    stage.has(cors, filter(gateway));

    assertThat(post(CHAT, QUESTION).header("access-control-allow-origin")).isEqualTo("https://app");
    assertThat(post(CHAT, "not json").header("access-control-allow-origin"))
        .isEqualTo("https://app");
  }

  // errors of the client's

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "``                             | 400 | invalid_request  | ",
        "not json                       | 400 | invalid_json     | ",
        "{'messages':[]} trailing       | 400 | invalid_json     | ",
        "{'messages':[],'messages':[]}  | 400 | invalid_json     | ",
        "{}                             | 400 | invalid_request  | messages",
        "{'messages':'x'}               | 400 | invalid_request  | messages",
        "{'messages':[1]}               | 400 | invalid_request  | messages",
        "{'messages':[],'model':7}      | 400 | invalid_request  | model"
      })
  void refusesWhatIsNoRequest(String body, int status, String code, String param)
      throws IOException {
    serves("");

    Answer got = post(CHAT, body.replace('\'', '"'));

    assertError(got, status, code);
    assertThat(JSON.readTree(got.body()).at("/error/param").asText())
        .isEqualTo(param == null ? "null" : param);
    assertThat(upstream.requests()).isEmpty();
    assertThat(stage.attributes()).containsEntry("llm_outcome", code);
  }

  @Test
  void refusesWhatIsInNoProtocol() throws IOException {
    serves("");

    assertError(post("/other", "{}"), 400, "unknown_protocol");
    assertError(post("/other", "\"text\""), 400, "unknown_protocol");
  }

  @Test
  void refusesAProtocolThatTheProviderDoesNotSpeak() throws IOException {
    open("{'uri':'/*','plugins':{'ai-proxy':{'provider':'deepseek','auth':{},"
        + "'override':{'endpoint':'" + upstream.url() + "'}}}}");

    assertThat(
            new String(post("/v1beta/models/m:embedContent", "{\"content\":{}}").body(), UTF_8))
        .contains("does not support gemini-embed protocol")
        .contains("\"code\":400");
  }

  @Test
  void answersInTheClientsProtocolAlsoBeforeItReadTheBody() throws IOException {
    serves(",'max_req_body_size':10");

    Answer got = post("/v1/messages", "{\"messages\":[{}]}");

    assertThat(got.status()).isEqualTo(413);
    assertThat(JSON.readTree(got.body()).at("/type").asText()).isEqualTo("error");
    assertThat(JSON.readTree(got.body()).at("/error/type").asText()).isEqualTo("request_too_large");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Type: text/plain",
        "Content-Type: application/jsonp",
        "Content-Type: multipart/form-data; boundary=x",
        "Content-Type: application/json; charset=utf-16",
        "Content-Encoding: gzip"
      })
  void refusesWhatIsNotJsonInUtf8(String line) throws IOException {
    serves("");

    assertError(post(CHAT, QUESTION, line), 415, "unsupported_media_type");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Type: Application/JSON", "Content-Type: application/json;charset=\"UTF-8\"",
        "Content-Type: application/vnd.x+json; a=b", "Content-Encoding: identity"
      })
  void takesJsonUnderAllItsNames(String line) {
    serves("");

    assertThat(post(CHAT, QUESTION, line).status()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"PUT", "DELETE", "PATCH", "HEAD"})
  void refusesOtherMethodsThanPost(String method) {
    serves("");

    try (WireClient client = connect()) {
      client.send(method, CHAT, "", "Connection: close").head();
      assertThat(client.status()).isEqualTo(405);
      assertThat(client.headers().first("allow")).contains("GET, POST, OPTIONS");
      assertThat(client.headers().has("x-ai-request-id")).isTrue();
    }
  }

  @Test
  void saysToBrowsersWhatIsAllowedAndAllowsNoOtherOrigin() {
    serves("");

    try (WireClient client = connect()) {
      Answer got = client
          .raw("OPTIONS " + CHAT + " HTTP/1.1\r\nHost: a\r\nOrigin: https://evil\r\n"
              + "Access-Control-Request-Method: POST\r\n\r\n")
          .answer();
      assertThat(got.status()).isEqualTo(204);
      assertThat(got.header("allow")).isEqualTo("POST, OPTIONS");
      assertThat(got.headers().has("access-control-allow-origin")).isFalse();
    }
  }

  @Test
  void refusesABodyThatIsTooLargeBeforeItCame() throws IOException {
    serves(",'max_req_body_size':10");

    try (WireClient client = connect()) {
      Answer got = client
          .raw("POST " + CHAT + " HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
              + "Content-Length: 10000000000000\r\n\r\n{")
          .answer();
      assertError(got, 413, "request_too_large");
      assertThat(got.header("connection")).isEqualTo("close");
    }
  }

  @Test
  void refusesAChunkedBodyThatTurnsOutToBeTooLarge() throws IOException {
    serves(",'max_req_body_size':10");

    try (WireClient client = connect()) {
      client.raw("POST " + CHAT + " HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
          + "Transfer-Encoding: chunked\r\n\r\nb\r\n{\"a\":\"45678\r\n");
      assertError(client.answer(), 413, "request_too_large");
    }
    assertThat(upstream.requests()).isEmpty();
  }

  @Test
  void takesABodyOfExactlyTheLargestSize() {
    serves(",'max_req_body_size':15");

    try (WireClient client = connect()) {
      assertThat(client.post(CHAT, "{\"messages\":[]}").answer().status()).isEqualTo(200);
      client.raw("POST " + CHAT + " HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
          + "Transfer-Encoding: chunked\r\n\r\n8\r\n{\"messag\r\n7\r\nes\":[]}\r\n0\r\n\r\n");
      assertThat(client.answer().status()).isEqualTo(200);
    }
    assertThat(upstream.request(1).text()).isEqualTo("{\"messages\":[]}");
  }

  @Test
  void refusesABodyThatDripsForTooLong() throws IOException {
    serves(",'body_timeout':1");

    try (WireClient client = connect()) {
      client.raw("POST " + CHAT + " HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
          + "Content-Length: 1000000\r\n\r\n");
      for (int i = 0; i < 900_000 && !client.hasAnswer(); i++) {
        client.raw(" ");
      }
      assertError(client.answer(), 408, "request_timeout");
    }
  }

  @Test
  void refusesABodyThatNeverComes() throws IOException {
    serves("");
    try (ServletContainer hasty = open(stage, Duration.ofMillis(200));
        WireClient client = WireClient.to(hasty.port())) {
      client.raw("POST " + CHAT + " HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
          + "Content-Length: 100\r\n\r\n{");
      // the body of the answer is Tomcat's own there
      assertThat(client.answer().status()).isEqualTo(408);
    }
    assertThat(stage.attributes()).containsEntry("llm_outcome", "request_timeout");
  }

  @Test
  void saysWhetherAConnectionServesAfterAnError() {
    serves("");

    try (WireClient client = connect()) {
      Answer refused = client.post(CHAT, "nonsense").answer();
      assertThat(refused.status()).isEqualTo(400);
      if (!refused.header("connection").equals("close")) { // as Tomcat does after a 400
        assertThat(client.post(CHAT, QUESTION).answer().status()).isEqualTo(200);
      }
    }
  }

  @Test
  void letsAConnectionServeAgain() {
    serves("");
    upstream.answersInTurn(
        turn -> turn.sse(WORD, DONE), turn -> turn.status(429).json("{}"), turn -> turn.json("{}"));

    try (WireClient client = connect()) {
      assertThat(client.post(CHAT, STREAM).answer().status()).isEqualTo(200);
      assertThat(client.post(CHAT, QUESTION).answer().status()).isEqualTo(429);
      assertThat(client.post(CHAT, QUESTION).answer().status()).isEqualTo(200);
    }
    assertThat(upstream.connections()).isEqualTo(1);
  }

  // errors of the provider's

  @Test
  void passesWhatTheProviderSaysWhenItFails() {
    serves("");
    String error = "{ \"error\" : {\"message\":\"slow down\",\"own\":1.0} }";
    upstream.answers(turn -> turn.status(429)
        .header("Retry-After", "86400")
        .header("retry-after-ms", "12")
        .header("x-should-retry", "true")
        .json(error));

    Answer got = post(CHAT, STREAM);

    assertThat(got.status()).isEqualTo(429);
    assertThat(got.text()).isEqualTo(error);
    assertThat(got.header("retry-after")).isEqualTo("86400");
    assertThat(got.header("retry-after-ms")).isEqualTo("12");
    assertThat(got.header("x-should-retry")).isEqualTo("true");
    assertThat(upstream.requests()).hasSize(1);
    assertThat(stage.attributes())
        .containsEntry("upstream_status", "429")
        .containsEntry("llm_outcome", "upstream_error")
        .containsEntry("llm_usage_source", "absent")
        .containsEntry("request_type", "ai_stream");
  }

  @ParameterizedTest
  @ValueSource(strings = {"<html>502 Bad Gateway nginx/1.2</html>", "", "[]"})
  void putsAnErrorInThePlaceOfAPageOfSomebodyElse(String page) throws IOException {
    serves("");
    upstream.answers(turn ->
        turn.status(503).header("Retry-After", "3").body("text/html", page.getBytes(UTF_8)));

    Answer got = post(CHAT, QUESTION);

    assertError(got, 503, "upstream_error");
    assertThat(got.text()).doesNotContain("nginx");
    assertThat(got.header("retry-after")).isEqualTo("3");
  }

  @Test
  void keepsACredentialThatTheProviderRepeats() {
    serves("", "{'header':{'Authorization':'Bearer sk-secret-key'}}");
    upstream.answers(turn -> turn.status(401)
        .header("X-Request-Id", "sk-secret-key")
        .json("{\"error\":{\"message\":\"bad key sk-secret-key\"}}"));

    Answer got = post(CHAT, QUESTION);

    assertThat(got.status()).isEqualTo(401);
    assertThat(got.text()).isEqualTo("{\"error\":{\"message\":\"bad key ***\"}}");
    assertThat(got.headers().all("x-request-id")).doesNotContain("sk-secret-key");
  }

  @Test
  void followsNoRedirect() throws IOException {
    serves("");
    try (ScriptedUpstream elsewhere = ScriptedUpstream.open()) {
      upstream.answers(turn ->
          turn.status(307).header("Location", elsewhere.url() + "/x").json("{\"error\":{}}"));

      Answer got = post(CHAT, QUESTION);

      assertError(got, 502, "upstream_broken");
      assertThat(got.headers().has("location")).isFalse();
      assertThat(elsewhere.connections()).isZero();
    }
  }

  @Test
  void saysThatTheProviderCannotBeReached() throws IOException {
    int closed;
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      closed = taken.getLocalPort();
    }
    open("{'uri':'/*','plugins':{'ai-proxy':{'provider':'openai','auth':{},"
        + "'override':{'endpoint':'http://127.0.0.1:" + closed + "'}}}}");

    Answer got = post(CHAT, STREAM);

    assertError(got, 502, "upstream_unreachable");
    assertThat(got.text()).doesNotContain("127.0.0.1").doesNotContain("Exception");
    assertThat(stage.attributes())
        .containsEntry("upstream_status", "-")
        .containsEntry("upstream_addr", "127.0.0.1:" + closed)
        .containsEntry("llm_time_to_first_token", "0")
        .containsEntry("llm_outcome", "upstream_unreachable")
        .containsEntry("request_type", "ai_stream");
  }

  @Test
  void saysThatTheProviderGaveNoAnswer() throws IOException {
    serves("");
    upstream.answers(turn -> turn.raw("nonsense\r\n\r\n").close());

    assertError(post(CHAT, QUESTION), 502, "upstream_broken");
  }

  @Test
  void saysThatTheProviderIsTooSlow() throws IOException {
    serves(",'first_byte_timeout':50");
    upstream.answers(turn -> turn.stall());

    assertError(post(CHAT, QUESTION), 504, "upstream_timeout");
    upstream.request(0).awaitLeft();
  }

  @Test
  void boundsTheWholeOfAnExchange() throws IOException {
    serves(",'request_timeout':100");
    upstream.answers(
        turn -> turn.header("Content-Length", "1000").head().raw(" ").stall());

    assertError(post(CHAT, QUESTION), 504, "deadline_exceeded");
    upstream.request(0).awaitLeft();
  }

  @Test
  void turnsADocumentThatBreaksOffIntoAnError() throws IOException {
    serves("");
    upstream.answers(turn -> turn.header("Content-Type", "application/json")
        .header("Content-Length", "1000")
        .head()
        .raw("{\"choices\":")
        .close());

    assertError(post(CHAT, QUESTION), 502, "upstream_broken");
  }

  @Test
  void cutsALargeDocumentThatBreaksOff() {
    serves("");
    byte[] much = "x".repeat(3_000_000).getBytes(UTF_8);
    upstream.answers(turn -> turn.header("Content-Type", "application/json")
        .header("Content-Length", "4000000")
        .head()
        .raw(much)
        .close());

    Answer got = post(CHAT, QUESTION);

    assertThat(got.status()).isEqualTo(200);
    assertThat(got.complete()).isFalse();
    assertThat(stage.attributes()).containsEntry("llm_outcome", "upstream_broken");
  }

  @Test
  void tellsTheClientOfAStreamThatBreaksOffAndMakesUpNoEnd() throws IOException {
    serves("");
    upstream.answers(turn -> turn.event(WORD).raw("5\r\ndata:").reset());

    Answer got = post(CHAT, STREAM);

    assertThat(got.complete()).isTrue();
    assertThat(got.text()).startsWith(event(WORD)).doesNotContain(DONE);
    String rest = got.text().substring(event(WORD).length());
    assertThat(rest).startsWith("data: {\"error\":").endsWith("\n\n");
    assertThat(JSON.readTree(rest.substring(6)).at("/error/code").asText())
        .isEqualTo("upstream_broken");
    assertThat(stage.attributes())
        .containsEntry("llm_outcome", "upstream_broken")
        .containsEntry("llm_usage_source", "estimated")
        .containsEntry("upstream_status", "200");
  }

  @Test
  void tellsTheClientOfAStreamThatStops() {
    serves(",'idle_timeout':50");
    upstream.answers(turn -> turn.event(WORD).stall());

    Answer got = post(CHAT, STREAM);

    assertThat(got.text()).startsWith(event(WORD)).contains("\"upstream_timeout\"");
    upstream.request(0).awaitLeft();
  }

  @Test
  void tellsTheClientOfAStreamThatLastsTooLong() {
    serves(",'max_stream_duration_ms':100");
    upstream.answers(turn -> turn.event(WORD).stall());

    Answer got = post(CHAT, STREAM);

    assertThat(got.text()).startsWith(event(WORD)).contains("\"deadline_exceeded\"");
    upstream.request(0).awaitLeft();
  }

  @Test
  void tellsTheClientOfAStreamThatIsTooLong() {
    serves(",'max_response_bytes':100");
    upstream.answers(turn -> {
      while (true) {
        turn.event(WORD);
      }
    });

    Answer got = post(CHAT, STREAM);

    assertThat(got.text()).startsWith(event(WORD)).contains("\"response_too_large\"");
    upstream.request(0).awaitLeft();
  }

  @Test
  void cutsAStreamThatBreaksOffWithinAnEventThatPassedInPart() {
    serves("");
    byte[] endless = "x".repeat(100_000).getBytes(UTF_8);
    upstream.answers(turn -> {
      turn.event(WORD).chunk("data: ".getBytes(UTF_8));
      for (int i = 0; i < 20; i++) {
        turn.chunk(endless);
      }
      turn.close();
    });

    Answer got = post(CHAT, STREAM);

    assertThat(got.complete()).isFalse();
    assertThat(got.text()).doesNotContain("\"error\"");
  }

  @Test
  void answersWithAnErrorIfAStreamBreaksBeforeItsFirstEvent() throws IOException {
    serves("");
    upstream.answers(turn -> turn.begin().reset());

    assertError(post(CHAT, STREAM), 502, "upstream_broken");
  }

  // many at once, coming and going

  @Test
  void turnsAwayWhoIsOneTooMany() throws IOException {
    serves(",'max_concurrent_requests':1");
    CountDownLatch go = new CountDownLatch(1);
    upstream.answers(turn -> turn.event(WORD).awaits(go).sse(DONE));

    try (WireClient client = connect().post(CHAT, STREAM).head()) {
      client.event();
      Answer turnedAway = post(CHAT, QUESTION);
      assertError(turnedAway, 503, "saturated");
      assertThat(turnedAway.header("retry-after")).isEqualTo("1");
      assertThat(stage.attributes()).containsEntry("llm_outcome", "saturated");
      go.countDown();
      client.rest();
    }
    stage.attributes();
    assertThat(post(CHAT, QUESTION).status()).isEqualTo(200);
  }

  @Test
  void readsItsFileAnewBetweenTwoRequestsWhileAStreamGoesOn(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("routes.json");
    write(file, route("r", "/*", ",'options':{'model':'old'}"));
    Gateway gateway = opened(Gateway.open(file));
    stage.has(filter(gateway));
    CountDownLatch go = new CountDownLatch(1);
    upstream.answersInTurn(
        turn -> turn.event(WORD).awaits(go).sse(WORD, DONE), turn -> turn.json(ANSWER));

    try (WireClient client = connect().post(CHAT, STREAM).head()) {
      client.event();
      Object before = gateway.routes();
      write(file, route("r2", "/*", ",'options':{'model':'new'}"));
      while (gateway.routes() == before) {
        Thread.onSpinWait();
      }
      post(CHAT, QUESTION);
      assertThat(stage.attributes())
          .containsEntry("llm_model", "new")
          .containsEntry("ai_route", "r2");
      go.countDown();
      assertThat(client.rest().text()).isEqualTo(event(WORD) + event(DONE));
    }
    assertThat(stage.attributes())
        .containsEntry("llm_model", "old")
        .containsEntry("llm_outcome", "completed")
        .containsEntry("ai_route", "r");
  }

  @Test
  void keepsItsRoutesIfTheFileTurnsBad(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("routes.json");
    write(file, route("r", "/*", ""));
    Gateway gateway = opened(Gateway.open(file));
    stage.has(filter(gateway));

    write(file, route("r", "/*", ",'timeout':'soon'"));
    while (!gateway.health().at("/config/status").asText().equals("refused")) {
      Thread.onSpinWait();
    }

    assertThat(post(CHAT, QUESTION).status()).isEqualTo(200);
    assertThat(gateway.health().at("/config/errors/0").asText()).contains("timeout");
  }

  @Test
  void letsWhatRunsEndWhenItDrains() throws Exception {
    Gateway gateway = serves("");
    CountDownLatch go = new CountDownLatch(1);
    upstream.answers(turn -> turn.event(WORD).awaits(go).sse(DONE));
    CountDownLatch drained = new CountDownLatch(1);

    try (WireClient client = connect().post(CHAT, STREAM).head()) {
      client.event();
      Thread draining = new Thread(() -> {
        if (gateway.drain(ScriptedUpstream.PATIENCE)) {
          drained.countDown();
        }
      });
      draining.start();
      while (!gateway.draining()) {
        Thread.onSpinWait();
      }
      Answer turnedAway = post(CHAT, QUESTION);
      assertError(turnedAway, 503, "draining");
      assertThat(turnedAway.header("retry-after")).isEqualTo("1");
      assertThat(gateway.health().at("/status").asText()).isEqualTo("draining");
      go.countDown();
      assertThat(client.rest().text()).isEqualTo(event(DONE));
    }
    assertThat(drained.await(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void cutsVisiblyWhatDoesNotEndWhenItDrains() {
    Gateway gateway = serves("");
    upstream.answers(turn -> turn.event(WORD).stall());

    try (WireClient client = connect().post(CHAT, STREAM).head()) {
      client.event();
      assertThat(gateway.drain(Duration.ofMillis(1))).isFalse();
      assertThat(client.rest().text()).contains("\"draining\"").doesNotContain(DONE);
    }
    upstream.request(0).awaitLeft();
    assertThat(stage.attributes()).containsEntry("llm_outcome", "draining");
  }

  @Test
  void turnsAwayWhoeverComesAfterItsEnd() throws IOException {
    Gateway gateway = serves("");
    gateway.close();

    assertError(post(CHAT, QUESTION), 503, "draining");
  }

  // more than one, and none

  @Test
  void letsTwoGatewaysLiveSideBySide() throws Exception {
    Gateway one = gateway(route("one", "/one", ",'options':{'model':'m1'}"));
    Gateway two = gateway(route("two", "/two", ",'options':{'model':'m2'}"));
    stage.has(filter(one), filter(two));

    post("/one", QUESTION);
    assertThat(stage.attributes()).containsEntry("llm_model", "m1");
    post("/two", QUESTION);
    assertThat(stage.attributes()).containsEntry("llm_model", "m2");
    one.close();
    post("/two", QUESTION);
    assertThat(stage.attributes()).containsEntry("llm_model", "m2");
  }

  @Test
  void isConfiguredByInitParams() throws Exception {
    AiProxyFilter filter = new AiProxyFilter();
    filter.init(params(Map.of(
        "provider", "openai",
        "auth.header.Authorization", "Bearer k",
        "options.model", "m",
        "override.endpoint", upstream.url())));
    open.add(filter::destroy);
    stage.has(filter);

    post("/anything", QUESTION);

    assertThat(upstream.request(0).headers().all("authorization")).containsExactly("Bearer k");
    assertThat(stage.attributes())
        .containsEntry("llm_model", "m")
        .containsEntry("ai_route", "my-filter");
  }

  @Test
  void isConfiguredByAFileThatAnInitParamNames(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("routes.json");
    write(file, route("r", "/*", ""));
    AiProxyFilter filter = new AiProxyFilter();
    filter.init(params(Map.of("config", file.toString())));
    open.add(filter::destroy);
    stage.has(filter);

    assertThat(post(CHAT, QUESTION).status()).isEqualTo(200);
  }

  @Test
  void doesNotStartWithAWrongConfigurationAndSaysAllThatIsWrong() {
    ServletException refused = org.assertj.core.api.Assertions.catchThrowableOfType(
        ServletException.class,
        () -> new AiProxyFilter()
            .init(params(Map.of("provider", "nobody", "timeout", "soon", "auth.header.A", "k"))));

    assertThat(refused).hasMessageContaining("provider").hasMessageContaining("timeout");
  }

  @Test
  void passesOnWhatNoRouteTakesUntouched() throws Exception {
    open(route("r", "/mine", ""));

    Answer got = post("/other", "not read at all");

    assertThat(got.status()).isEqualTo(404);
    assertThat(got.text()).contains("\"not_found\"");
    assertThat(stage.attributes()).isEmpty();
    assertThat(upstream.requests()).isEmpty();
  }

  @Test
  void saysWhichMethodsAPathTakes() throws Exception {
    open(route("r", "/mine", "").replace("'uri'", "'methods':['POST','PUT'],'uri'"));

    Answer got;
    try (WireClient client = connect()) {
      got = client.send("GET", "/mine", "").answer();
    }

    assertError(got, 405, "method_not_allowed");
    assertThat(got.header("allow")).isEqualTo("POST, PUT");
  }

  // what tests say

  private static final int PAUSE_MS = 50;

  /** Lets a little time pass; nothing hangs on how much it is. */
  private static void pause() {
    try {
      new CountDownLatch(1).await(PAUSE_MS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException interrupted) {
      throw new AssertionError(interrupted);
    }
  }

  private Gateway serves(String more) {
    return serves(more, "{'header':{'Authorization':'Bearer k'}}");
  }

  private Gateway serves(String more, String auth) {
    return open(route("r", "/*", more, auth));
  }

  private Gateway open(String file) {
    Gateway gateway = gateway(file);
    stage.has(filter(gateway));
    return gateway;
  }

  private Gateway gateway(String file) {
    return opened(Gateway.open(Settings.configuration(file)));
  }

  private Gateway opened(Gateway gateway) {
    open.add(gateway);
    return gateway;
  }

  private AiProxyFilter filter(Gateway gateway) {
    try {
      AiProxyFilter filter = before(gateway);
      filter.init(stage.config());
      return filter;
    } catch (ServletException failure) {
      throw new AssertionError(failure);
    }
  }

  private String route(String id, String uri, String more) {
    return route(id, uri, more, "{'header':{'Authorization':'Bearer k'}}");
  }

  private String route(String id, String uri, String more, String auth) {
    String endpoint =
        more.contains("'endpoint'") ? "" : ",'override':{'endpoint':'" + upstream.url() + "'}";
    return "{'id':'" + id + "','uri':'" + uri
        + "','plugins':{'ai-proxy':{'provider':'openai','auth':" + auth + endpoint + more + "}}}";
  }

  private static void write(Path file, String text) throws IOException {
    Path whole = file.resolveSibling("new");
    Files.writeString(whole, text.replace('\'', '"'));
    Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private FilterConfig params(Map<String, String> params) {
    return (FilterConfig) Proxy.newProxyInstance(
        GatewayContract.class.getClassLoader(),
        new Class<?>[] {FilterConfig.class},
        (proxy, method, arguments) -> switch (method.getName()) {
          case "getInitParameterNames" -> Collections.enumeration(params.keySet());
          case "getInitParameter" -> params.get((String) arguments[0]);
          case "getFilterName" -> "my-filter";
          default -> stage.config().getServletContext();
        });
  }

  private WireClient connect() {
    return WireClient.to(container.port());
  }

  private Answer post(String target, String body, String... lines) {
    try (WireClient client = connect()) {
      return client.post(target, body, lines).answer();
    }
  }

  private static byte[] gzip(String text) {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
      out.write(text.getBytes(UTF_8));
    } catch (IOException impossible) {
      throw new AssertionError(impossible);
    }
    return packed.toByteArray();
  }

  private static String event(String data) {
    return "data: " + data + "\n\n";
  }

  private static List<CountDownLatch> latches(int count) {
    List<CountDownLatch> latches = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      latches.add(new CountDownLatch(1));
    }
    return latches;
  }

  private static void assertError(Answer got, int status, String code) throws IOException {
    assertThat(got.status()).as(got.text()).isEqualTo(status);
    assertThat(got.complete()).isTrue();
    assertThat(got.header("content-type")).isEqualTo("application/json");
    JsonNode error = JSON.readTree(got.body()).path("error");
    assertThat(error.fieldNames()).toIterable().containsExactly("message", "type", "param", "code");
    assertThat(error.path("code").asText()).isEqualTo(code);
    assertThat(error.path("message").asText()).isNotEmpty();
  }

  private static Map<String, String> attributes(String... entries) {
    Map<String, String> attributes = new TreeMap<>();
    for (String entry : entries) {
      String[] parts = entry.split("=", 2);
      attributes.put(parts[0], parts[1]);
    }
    return attributes;
  }

  /** With times that differ from run to run made equal, if they are good ones. */
  private static Map<String, String> masked(Map<String, String> attributes) {
    attributes.computeIfPresent("llm_time_to_first_token", (k, v) -> v.matches("\\d+") ? "n" : v);
    for (String key : List.of(
        "request_time",
        "upstream_connect_time",
        "upstream_header_time",
        "upstream_response_time")) {
      attributes.computeIfPresent(key, (k, v) -> v.matches("\\d+\\.\\d{3}") ? "n" : v);
    }
    return attributes;
  }
}
