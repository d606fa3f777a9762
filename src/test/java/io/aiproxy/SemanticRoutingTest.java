package io.aiproxy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aiproxy.testing.FakeServlet;
import io.aiproxy.testing.LogLines;
import io.aiproxy.testing.ScriptedUpstream;
import io.aiproxy.testing.Settings;
import io.aiproxy.testing.TestCertificates;
import io.aiproxy.testing.Turn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Three instances and an endpoint for vectors, all on real sockets. */
class SemanticRoutingTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String KEY = "hidden-key";

  private final ScriptedUpstream vectors =
      ScriptedUpstream.open().answers(SemanticRoutingTest::embed);
  private final ScriptedUpstream models = ScriptedUpstream.open()
      .answers(turn -> turn.json(
          "{\"choices\":[],\"model\":" + JSON.readTree(turn.request().text()).path("model") + "}"));
  private final LogLines log = LogLines.of("io.aiproxy.balance.Topics");

  @TempDir
  private Path folder;

  @AfterEach
  void close() {
    log.close();
    vectors.close();
    models.close();
  }

  @ParameterizedTest
  @CsvSource({
    "help me debug this python code, code",
    "translate this into French, cheap",
    "will the weather hold?, default",
    "recommend a hotel in Paris, default"
  })
  void picksTheInstanceThatThePromptIsFor(String prompt, String instance) throws IOException {
    try (Gateway gateway = open("")) {
      assertThat(picked(gateway, prompt)).isEqualTo(instance);
    }
    assertThat(log.lines()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"Is this code any good?, gpt-4o", "Recommend a hotel in Paris, gpt-4o-mini"})
  void doesWhatTheExampleShows(String prompt, String model) throws IOException {
    String file = Files.readString(Path.of("deploy/examples/by-prompt.json"))
        .replace("${OPENAI_API_KEY}", KEY);
    JsonNode route = JSON.readTree(file).path("routes").path(0);
    JsonNode plugin = route.path("plugins").path("ai-proxy-multi");
    ((ObjectNode) plugin.path("semantic_opts").path("embeddings")).put("endpoint", vectors.url());
    plugin
        .path("instances")
        .forEach(instance ->
            ((ObjectNode) instance).putObject("override").put("endpoint", models.url()));
    try (Gateway gateway = opened(route.toString())) {
      FakeServlet client = FakeServlet.post(
          "/anything", "{\"messages\":[{\"role\":\"user\",\"content\":\"" + prompt + "\"}]}");
      gateway.serve(client.request(), client.response());

      assertThat(JSON.readTree(client.written()).path("model").asText()).isEqualTo(model);
    }
  }

  @Test
  void letsAnInstanceSayHowMuchIsEnough() throws IOException {
    try (Gateway gateway = opened(route("", "'threshold':0.7,"))) {
      assertThat(picked(gateway, "recommend a hotel in Paris")).isEqualTo("code");
    }
  }

  @Test
  void asksForExamplesOnceAndSendsNothingOfTheClients() throws IOException {
    try (Gateway gateway = open("")) {
      FakeServlet first = ask(gateway, "debug this code");
      ask(gateway, "translate");

      assertThat(vectors.requests())
          .extracting(ScriptedUpstream.Request::text)
          .containsExactly(
              "{\"model\":\"m\",\"input\":[\"write python code\",\"translate this text\",\"what is the weather\",\"tell me a joke\"]}",
              "{\"model\":\"m\",\"input\":[\"debug this code\"]}",
              "{\"model\":\"m\",\"input\":[\"translate\"]}");
      assertThat(vectors.request(0).headers().first("Authorization")).contains("Bearer " + KEY);
      assertThat(vectors.request(0).target()).isEqualTo("/v1/embeddings");
      assertThat(first.attribute("llm_attempts")).isEqualTo("1");
      assertThat(first.attribute("upstream_addr")).isEqualTo("127.0.0.1:" + models.port());
    }
  }

  @Test
  void saysHowItPickedIfItIsTo() throws IOException {
    try (Gateway gateway = open("'debugging':true,")) {
      FakeServlet answer = ask(gateway, "debug this code");

      assertThat(answer.header("X-AI-Semantic-Picked-Instance")).isEqualTo("code");
      assertThat(answer.header("X-AI-Semantic-Scores"))
          .isEqualTo("code:1.0000,cheap:0.0000,default:0.0000");
    }
  }

  @Test
  void saysNothingOfItOtherwise() throws IOException {
    try (Gateway gateway = open("")) {
      assertThat(ask(gateway, "debug this code").header("X-AI-Semantic-Picked-Instance"))
          .isEmpty();
    }
  }

  @Test
  void goesToTheNextBestIfAPickFails() throws IOException {
    models.answers(turn -> {
      String model = JSON.readTree(turn.request().text()).path("model").asText();
      turn.status(model.equals("cheap") ? 200 : 503).json("{}");
    });
    try (Gateway gateway = opened(route("", "'threshold':-1,")
        .replace("'balancer'", "'fallback_strategy':'http_5xx','balancer'"))) {
      assertThat(ask(gateway, "debug this code, then translate").status()).isEqualTo(200);
    }
    assertThat(models.requests())
        .extracting(request -> JSON.readTree(request.text()).path("model").asText())
        .containsExactly("code", "default", "cheap");
  }

  static Stream<Arguments> troubles() {
    return Stream.of(
        trouble("an error", turn -> turn.status(500).json("{\"error\":\"" + KEY + "\"}")),
        trouble("a refusal", turn -> turn.status(401).json("{\"error\":\"" + KEY + "\"}")),
        trouble("garbage", turn -> turn.body("text/html", "<html>".getBytes())),
        trouble("too few", turn -> turn.json("{\"data\":[]}")),
        trouble("not finite", turn -> turn.json("{\"data\":[{\"embedding\":[1e999]}]}")),
        trouble("a reset", Turn::reset),
        trouble("silence", Turn::stall),
        trouble(
            "half an answer",
            turn -> turn.header("Content-Length", "100").head().raw("{").stall()),
        trouble(
            "drops",
            turn -> turn.drip(
                ("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n" + " ".repeat(1000)).getBytes(),
                Duration.ofMillis(20))),
        trouble("a redirect", turn -> turn.status(302).header("Location", "/x").json("{}")));
  }

  private static Arguments trouble(String name, ScriptedUpstream.Script script) {
    return Arguments.of(name, script);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("troubles")
  void goesOnIfTheExamplesHaveNoVectors(String name, ScriptedUpstream.Script script)
      throws IOException {
    vectors.answers(script);
    try (Gateway gateway = impatient("'debugging':true,", 300)) {
      FakeServlet answer = ask(gateway, "debug this code");

      assertThat(answer.written()).contains("\"default\"");
      assertThat(answer.header("X-AI-Semantic-Scores")).isEmpty();
      assertThat(answer.header("X-AI-Semantic-Picked-Instance")).isEqualTo("default");
    }
    assertThat(log.lines())
        .singleElement()
        .asString()
        .contains("prompts cannot be compared with examples, and go to default")
        .doesNotContain(KEY);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("troubles")
  void goesOnIfAPromptHasNoVector(String name, ScriptedUpstream.Script script) throws IOException {
    vectors.answersInTurn(
        turn -> embed(turn.header("Connection", "close")), script, SemanticRoutingTest::embed);
    try (Gateway gateway = impatient("", 1000)) {
      assertThat(picked(gateway, "debug this code")).isEqualTo("default");
      assertThat(picked(gateway, "debug this code")).isEqualTo("code");
    }
    assertThat(log.lines()).hasSize(2).noneMatch(line -> line.contains(KEY));
  }

  @Test
  void goesOnIfNobodyIsThere() throws IOException {
    vectors.close();
    try (Gateway gateway = open("")) {
      assertThat(picked(gateway, "debug this code")).isEqualTo("default");
    }
  }

  @Test
  void goesOnIfVectorsAreOfAnotherSize() throws IOException {
    vectors.answersInTurn(
        SemanticRoutingTest::embed, turn -> turn.json("{\"data\":[{\"embedding\":[1,0]}]}"));
    try (Gateway gateway = open("")) {
      assertThat(picked(gateway, "debug this code")).isEqualTo("default");
    }
    assertThat(log.lines()).singleElement().asString().contains("was the model changed?");
  }

  @Test
  void asksNobodyForVectorsOfNothing() throws IOException {
    try (Gateway gateway = open("")) {
      FakeServlet client = FakeServlet.post(
          "/v1/chat/completions", "{\"messages\":[{\"role\":\"system\",\"content\":\"x\"}]}");
      gateway.serve(client.request(), client.response());

      assertThat(client.written()).contains("\"default\"");
    }
    assertThat(vectors.requests()).isEmpty();
  }

  @Test
  void trustsOnlyWhoProvesWhoItIs() throws IOException {
    try (ScriptedUpstream secure = ScriptedUpstream.secure(TestCertificates.unknownAuthority())) {
      secure.answers(SemanticRoutingTest::embed);
      try (Gateway strict = opened(route("", "").replace(vectors.url(), secure.url()))) {
        assertThat(picked(strict, "debug this code")).isEqualTo("default");
      }
      assertThat(secure.requests()).isEmpty();
      try (Gateway lenient = opened(route("", "")
          .replace(vectors.url(), secure.url())
          .replace("'timeout'", "'ssl_verify':false,'timeout'"))) {
        assertThat(picked(lenient, "debug this code")).isEqualTo("code");
      }
    }
  }

  @Test
  void makesTheVectorsOfExamplesOnceHoweverManyAsk() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    vectors.answers(turn -> {
      if (turn.request().text().contains("a joke")) {
        turn.awaits(go);
      }
      embed(turn);
    });
    try (Gateway gateway = open("")) {
      List<Future<String>> picks = new ArrayList<>();
      ExecutorService clients = Executors.newFixedThreadPool(20);
      for (int i = 0; i < 20; i++) {
        picks.add(clients.submit(() -> picked(gateway, "debug this code")));
      }
      vectors.request(0);
      go.countDown();
      for (Future<String> pick : picks) {
        assertThat(pick.get(10, TimeUnit.SECONDS)).isEqualTo("code");
      }
      clients.shutdown();
    }
    assertThat(vectors.requests())
        .filteredOn(request -> request.text().contains("a joke"))
        .hasSize(1);
    assertThat(vectors.requests()).hasSize(21);
  }

  @Test
  void makesNobodyWaitLongerThanTheTimeoutAndThenAsksNoMore() throws Exception {
    vectors.answers(Turn::stall);
    try (Gateway gateway = impatient("", 300)) {
      long begun = System.nanoTime();
      ExecutorService clients = Executors.newFixedThreadPool(20);
      List<Future<String>> picks = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        picks.add(clients.submit(() -> picked(gateway, "debug this code")));
      }
      for (Future<String> pick : picks) {
        assertThat(pick.get(10, TimeUnit.SECONDS)).isEqualTo("default");
      }
      clients.shutdown();
      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(5));
      assertThat(picked(gateway, "debug this code")).isEqualTo("default");
    }
    assertThat(vectors.requests()).hasSize(1);
  }

  @Test
  void makesNoGatewayWaitThatGoesDown() throws Exception {
    vectors.answers(Turn::stall);
    Gateway gateway = open("");
    FutureTask<FakeServlet> asking = new FutureTask<>(() -> ask(gateway, "debug this code"));
    new Thread(asking).start();
    vectors.request(0);

    gateway.close();

    assertThat(asking.get(2, TimeUnit.SECONDS).status()).isEqualTo(503);
    vectors.request(0).awaitLeft();
    assertThat(models.requests()).isEmpty();
  }

  @Test
  void takesTheExamplesOfANewConfiguration() throws Exception {
    Path file = folder.resolve("config.json");
    Files.writeString(file, route("", "").replace('\'', '"'));
    try (Gateway gateway = Gateway.open(file)) {
      assertThat(picked(gateway, "debug this code")).isEqualTo("code");

      Path next = folder.resolve("next.json");
      Files.writeString(
          next,
          route("", "")
              .replace("write python code", "a song")
              .replace("translate this text", "code")
              .replace('\'', '"'));
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);

      long begun = System.nanoTime();
      while (!picked(gateway, "debug this code").equals("cheap")) {
        assertThat(System.nanoTime() - begun).isLessThan(ScriptedUpstream.PATIENCE.toNanos());
        LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
      }
    }
  }

  /** Vectors by the words in a text, as a model would make them. */
  private static void embed(Turn turn) throws IOException {
    StringJoiner data = new StringJoiner(",");
    for (JsonNode text : JSON.readTree(turn.request().text()).path("input")) {
      data.add("{\"embedding\":" + vector(text.asText()) + "}");
    }
    turn.json("{\"object\":\"list\",\"data\":[" + data + "],\"usage\":{\"total_tokens\":1}}");
  }

  private static String vector(String text) {
    if (text.contains("code") || text.contains("Python")) {
      return text.contains("translate") ? "[0.9,0.1,0.2]" : "[1,0,0]";
    }
    if (text.contains("translate")) {
      return "[0,1,0]";
    }
    return text.contains("weather") || text.contains("joke") ? "[0,0,1]" : "[0.7,0.5,0.3]";
  }

  private Gateway open(String options) {
    return opened(route(options, ""));
  }

  private Gateway impatient(String options, int millis) {
    return opened(route(options, "").replace("'timeout':9000", "'timeout':" + millis));
  }

  private static Gateway opened(String route) {
    return Gateway.open(Settings.configuration(route));
  }

  private String route(String options, String ofEach) {
    return """
        {'id':'r','uri':'/*','plugins':{'ai-proxy-multi':{'balancer':{'algorithm':'semantic'},'semantic_opts':{%s
        'embeddings':{'provider':'openai','model':'m','auth':{'header':{'Authorization':'Bearer %s'}},
        'endpoint':'%s/v1/embeddings','timeout':9000},'threshold':0.9,'fallback':'default'},'instances':[%s,%s,%s]}}}
        """.formatted(
            options,
            KEY,
            vectors.url(),
            instance("code", ofEach + "'examples':['write python code']"),
            instance("cheap", ofEach + "'examples':['translate this text']"),
            instance("default", ofEach + "'examples':['what is the weather','tell me a joke']"));
  }

  private String instance(String name, String more) {
    return "{'name':'" + name + "','provider':'openai','weight':1,'auth':{},'options':{'model':'"
        + name + "'},'override':{'endpoint':'" + models.url() + "/v1/chat/completions'}," + more
        + "}";
  }

  private static String picked(Gateway gateway, String prompt) throws IOException {
    return JSON.readTree(ask(gateway, prompt).written()).path("model").asText();
  }

  private static FakeServlet ask(Gateway gateway, String prompt) throws IOException {
    FakeServlet client = FakeServlet.post(
        "/v1/chat/completions",
        "{\"model\":\"auto\",\"messages\":[{\"role\":\"user\",\"content\":\"" + prompt + "\"}]}");
    gateway.serve(client.request(), client.response());
    return client;
  }
}
