package io.aiproxy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.aiproxy.testing.FakeServlet;
import io.aiproxy.testing.ScriptedUpstream;
import io.aiproxy.testing.Settings;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Two instances of a configured route that watch each other's back, on real sockets and in real time. */
class WatchedInstancesTest {
  private static final String CHAT = "/v1/chat/completions";
  private static final String QUESTION =
      "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
  private static final String MESSAGE = "{\"max_tokens\":9," + QUESTION.substring(1);
  private static final String ANSWER =
      "{\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"hello\"}}],"
          + "\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":2}}";

  private static final String OVERLOADED =
      "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}\n\n";

  private static final String BEGUN =
      "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"usage\":{\"input_tokens\":25,\"output_tokens\":1}}}\n\n";

  private final ScriptedUpstream bad = ScriptedUpstream.open();
  private final ScriptedUpstream good = ScriptedUpstream.open().answers(turn -> turn.json(ANSWER));

  @AfterEach
  void close() {
    bad.close();
    good.close();
  }

  @Test
  void aBreakerKeepsRequestsAwayUntilATrySucceeds() throws IOException {
    bad.answers(turn -> turn.status(503).json("{}"));
    String passive = ",'checks':{'passive':{'min_requests':2,'pause_ms':300}}";
    try (Gateway gateway = Gateway.open(Settings.configuration(route("openai", "", passive)))) {
      while (!state(gateway).equals("tripped")) {
        assertThat(ask(gateway).status()).isEqualTo(200);
      }
      int seen = bad.requests().size();
      assertThat(seen).isEqualTo(2);
      bad.answers(turn -> turn.json(ANSWER));

      long begun = System.nanoTime();
      while (state(gateway).equals("tripped")) {
        assertThat(ask(gateway).status()).isEqualTo(200);
      }

      assertThat(System.nanoTime() - begun).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(200));
      assertThat(bad.requests()).hasSize(seen + 1);
    }
  }

  @ParameterizedTest
  @CsvSource({"Retry-After, 1, 900", "Retry-After, 0.3, 250", "retry-after-ms, 300, 250"})
  void leavesAnInstanceAloneForAsLongAsItWants(String name, String value, long millis)
      throws IOException {
    bad.answersInTurn(
        turn -> turn.status(429).header(name, value).json("{}"), turn -> turn.json(ANSWER));
    try (Gateway gateway = Gateway.open(Settings.configuration(route("openai", "", "")))) {
      assertThat(ask(gateway).status()).isEqualTo(200);
      long begun = System.nanoTime();
      while (bad.requests().size() == 1) {
        assertThat(ask(gateway).status()).isEqualTo(200);
      }

      assertThat(System.nanoTime() - begun).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(millis));
    }
  }

  @Test
  void anErrorAsTheFirstEventOfAnAnthropicStreamLeadsToAnother() throws IOException {
    bad.answers(turn -> turn.chunk(OVERLOADED.getBytes(UTF_8)).end());
    good.answers(turn ->
        turn.json("{\"type\":\"message\",\"content\":[{\"type\":\"text\",\"text\":\"hello\"}]}"));
    try (Gateway gateway = Gateway.open(Settings.configuration(route("anthropic", "", "")))) {
      FakeServlet client = ask(gateway, "/v1/messages", "{\"stream\":true," + MESSAGE.substring(1));

      assertThat(client.status()).isEqualTo(200);
      assertThat(client.written()).contains("hello").doesNotContain("overloaded");
      assertThat(client.attribute("upstream_instance")).isEqualTo("bad, good");
    }
  }

  @Test
  void theTokensOfAFailedAttemptAreListedToo() throws IOException {
    bad.answers(turn -> turn.chunk((BEGUN + OVERLOADED).getBytes(UTF_8)).end());
    good.answers(
        turn -> turn.json(
            "{\"type\":\"message\",\"content\":[],\"usage\":{\"input_tokens\":5,\"output_tokens\":3}}"));
    try (Gateway gateway = Gateway.open(Settings.configuration(route("anthropic", "", "")))) {
      FakeServlet client = ask(gateway, "/v1/messages", "{\"stream\":true," + MESSAGE.substring(1));

      assertThat(client.attribute("upstream_prompt_tokens")).isEqualTo("25, 5");
      assertThat(client.attribute("upstream_completion_tokens")).isEqualTo("0, 3");
      assertThat(client.attribute("llm_total_tokens")).isEqualTo("8");
    }
  }

  @Test
  void bothAttemptsOfAHedgeAreCounted() throws IOException {
    bad.answers(turn ->
        turn.event("{\"choices\":[{\"delta\":{\"role\":\"assistant\"}}]}").stall());
    String hedge = "'hedge_after_ms':100,";
    try (Gateway gateway = Gateway.open(Settings.configuration(route("openai", hedge, "")))) {
      FakeServlet client = ask(gateway, CHAT, "{\"stream\":true," + QUESTION.substring(1));

      assertThat(client.status()).isEqualTo(200);
      assertThat(client.attribute("upstream_instance")).isEqualTo("bad, good");
      assertThat(client.attribute("upstream_status")).isEqualTo("200, 200");
      assertThat(client.attribute("upstream_prompt_tokens")).matches("[1-9]\\d*, 7");
    }
  }

  @Test
  void aHungInstanceHoldsUpNeitherAnotherRouteNorAnotherInstance() throws Exception {
    bad.answers(turn -> turn.stall());
    String small = "'pool_size':4,'pool_wait':100,'first_byte_timeout':1000,";
    String file = "[" + route("openai", small + "'retry_budget_percent':100,", "") + ","
        + single("/other/*", small, good) + "]";
    ExecutorService clients = Executors.newCachedThreadPool();
    try (Gateway gateway = Gateway.open(Settings.configuration(file))) {
      List<Future<FakeServlet>> hung = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        hung.add(clients.submit(() -> ask(gateway)));
      }
      bad.request(3); // now all connections to it are taken
      long begun = System.nanoTime();
      assertThat(ask(gateway, "/other" + CHAT, QUESTION).status()).isEqualTo(200);
      assertThat(System.nanoTime() - begun).isLessThan(TimeUnit.MILLISECONDS.toNanos(500));

      for (Future<FakeServlet> one : hung) {
        assertThat(one.get(10, TimeUnit.SECONDS).status()).isEqualTo(200);
      }
    } finally {
      clients.shutdownNow();
    }
  }

  @Test
  void aRouteWhoseOnlyInstanceHangsTellsEachClientSo() throws Exception {
    bad.answers(turn -> turn.stall());
    String small = "'pool_size':4,'pool_wait':300,'first_byte_timeout':500,";
    ExecutorService clients = Executors.newCachedThreadPool();
    try (Gateway gateway = Gateway.open(Settings.configuration(single("/*", small, bad)))) {
      List<Future<FakeServlet>> hung = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        hung.add(clients.submit(() -> ask(gateway)));
      }
      for (Future<FakeServlet> one : hung) {
        assertThat(one.get(10, TimeUnit.SECONDS).status()).isIn(503, 504);
      }
    } finally {
      clients.shutdownNow();
    }
  }

  private static FakeServlet ask(Gateway gateway) throws IOException {
    return ask(gateway, CHAT, QUESTION);
  }

  private static FakeServlet ask(Gateway gateway, String path, String body) throws IOException {
    FakeServlet client = FakeServlet.post(path, body);
    gateway.serve(client.request(), client.response());
    return client;
  }

  private static String state(Gateway gateway) {
    JsonNode bad = gateway.health().path("instances").path(0);
    assertThat(bad.path("instance").asText()).isEqualTo("bad");
    return bad.path("state").asText();
  }

  private String route(String provider, String shared, String own) {
    return "{'id':'r','uri':'/v1/*','plugins':{'ai-proxy-multi':{'fallback_strategy':['http_429','http_5xx'],"
        + shared + "'instances':[" + instance("bad", provider, bad, own) + ","
        + instance("good", provider, good, own) + "]}}}";
  }

  private static String instance(
      String name, String provider, ScriptedUpstream upstream, String own) {
    return "{'name':'%s','weight':1,'provider':'%s','auth':{},'override':{'endpoint':'%s'}%s}"
        .formatted(name, provider, upstream.url(), own);
  }

  private static String single(String uri, String shared, ScriptedUpstream upstream) {
    return "{'id':'s','uri':'%s','plugins':{'ai-proxy':{%s'provider':'openai','auth':{},'override':{'endpoint':'%s'}}}}"
        .formatted(uri, shared, upstream.url());
  }
}
