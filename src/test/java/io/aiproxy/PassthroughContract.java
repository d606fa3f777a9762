package io.aiproxy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.aiproxy.testing.ScriptedUpstream;
import io.aiproxy.testing.ScriptedUpstream.Request;
import io.aiproxy.testing.ServletContainer;
import io.aiproxy.testing.Settings;
import io.aiproxy.testing.Stage;
import io.aiproxy.testing.WireClient;
import io.aiproxy.testing.WireClient.Answer;
import jakarta.servlet.ServletException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What must hold in every servlet container of requests that are in no protocol: files, audio, images, lists, deletions. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class PassthroughContract {
  private static final String FILES = "/v1/files";
  private static final String FORM = "multipart/form-data; boundary=\"a; B\"";
  private static final int MIB = 1024 * 1024;

  private final Stage stage = new Stage();
  private ServletContainer container;
  private ScriptedUpstream upstream;
  private Gateway gateway;

  /** Starts the container. */
  abstract ServletContainer open(Stage staged, Duration idle);

  @BeforeAll
  void start() {
    container = open(stage, Duration.ofSeconds(30));
  }

  @AfterAll
  void stop() {
    container.close();
  }

  @BeforeEach
  void openUpstream() {
    upstream = ScriptedUpstream.open();
    serves("");
  }

  @AfterEach
  void closeAll() {
    gateway.close();
    upstream.close();
  }

  // without a body

  @ParameterizedTest
  @CsvSource({
    "GET, /v1/models",
    "GET, /v1/files?limit=2&after=a%20b",
    "GET, /v1/chat/completions?model=m",
    "GET, /v1/responses/r1?include=x",
    "DELETE, /v1/responses/r1",
    "POST, /v1/responses/r1/cancel",
    "POST, /v1/threads"
  })
  void sendsNoBodyWhereThereWasNone(String method, String target) {
    Answer got = send(method, target, new byte[0]);

    Request sent = upstream.request(0);
    assertThat(got.status()).isEqualTo(200);
    assertThat(sent.method()).isEqualTo(method);
    assertThat(sent.target()).isEqualTo(target);
    assertThat(sent.headers().has("content-type")).isFalse();
    assertThat(sent.headers().first("content-length").orElse("0")).isEqualTo("0");
    assertThat(sent.headers().first("authorization")).contains("Bearer k");
    assertThat(stage.attributes())
        .containsEntry("ai_protocol", "passthrough")
        .containsEntry("llm_outcome", "completed");
  }

  @Test
  void answersAHeadWithoutABodyButWithItsLength() {
    upstream.answersInTurn(
        turn -> turn.header("Content-Type", "audio/mpeg")
            .header("Content-Length", "12345")
            .header("Accept-Ranges", "bytes")
            .head(),
        turn -> turn.json("{}"));

    try (WireClient client = connect()) {
      client.raw("HEAD /v1/files/f/content HTTP/1.1\r\nHost: a\r\n\r\n").head();
      assertThat(client.status()).isEqualTo(200);
      assertThat(client.headers().first("content-length")).contains("12345");
      assertThat(client.headers().first("accept-ranges")).contains("bytes");
      // had there been a body, this would be it
      assertThat(client.raw("GET /v1/models HTTP/1.1\r\nHost: a\r\n\r\n").head().status())
          .isEqualTo(200);
    }
    assertThat(upstream.request(0).method()).isEqualTo("HEAD");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v1/chat/completions", "/v1/responses", "/anything"})
  void refusesAPostWithoutABodyWhereOneIsNeeded(String path) {
    assertThat(send("POST", path, new byte[0]).status()).isEqualTo(400);
    assertThat(upstream.requests()).isEmpty();
  }

  // uploads

  @Test
  void passesAnUploadToTheByte() {
    byte[] file = noise(300_000);

    Answer got = send("POST", FILES + "?a=b", file, "Content-Type: " + FORM);

    Request sent = upstream.request(0);
    assertThat(got.status()).isEqualTo(200);
    assertThat(sent.body()).isEqualTo(file);
    assertThat(sent.target()).isEqualTo(FILES + "?a=b");
    assertThat(sent.headers().all("content-type")).containsExactly(FORM);
    assertThat(sent.headers().all("content-length")).containsExactly("300000");
    assertThat(sent.headers().has("transfer-encoding")).isFalse();
    assertThat(stage.attributes())
        .containsEntry("ai_protocol", "passthrough")
        .doesNotContainKey("request_llm_model")
        .containsEntry("llm_outcome", "completed");
  }

  @Test
  void passesAnUploadOfUnknownLength() {
    byte[] file = noise(100_000);

    try (WireClient client = connect()) {
      client.raw(head(FILES, "Transfer-Encoding: chunked"));
      for (int from = 0; from < file.length; from += 20_000) {
        client
            .raw("4e20\r\n")
            .raw(Arrays.copyOfRange(file, from, from + 20_000))
            .raw("\r\n");
      }
      assertThat(client.raw("0\r\n\r\n").answer().status()).isEqualTo(200);
    }

    assertThat(upstream.request(0).body()).isEqualTo(file);
    assertThat(upstream.request(0).headers().has("content-length")).isFalse();
  }

  @Test
  void passesWhatCameOfAnUploadBeforeTheRestDoes() throws Exception {
    CompletableFuture<byte[]> first = new CompletableFuture<>();
    upstream.leavesBodies().answers(turn -> {
      first.complete(turn.in().readNBytes(3));
      turn.in().readNBytes(3);
      turn.json("{}");
    });

    try (WireClient client = connect()) {
      client.raw(head(FILES, "Content-Length: 6") + "abc");
      assertThat(first.get(10, TimeUnit.SECONDS)).isEqualTo("abc".getBytes(UTF_8));
      assertThat(client.raw("def").answer().status()).isEqualTo(200);
    }
  }

  @Test
  void takesTheBodyOfAClientThatWaitsToBeAsked() {
    try (WireClient client = connect()) {
      client.raw(head(FILES, "Content-Length: 3", "Expect: 100-continue"));
      assertThat(client.head().status()).isEqualTo(100);
      assertThat(client.raw("abc").answer().status()).isEqualTo(200);
    }
    assertThat(upstream.request(0).text()).isEqualTo("abc");
    assertThat(upstream.request(0).headers().has("expect")).isFalse();
  }

  @Test
  void holdsNothingOfAnUploadThatTheUpstreamDoesNotTake() throws Exception {
    long size = 64L * MIB;
    CountDownLatch go = new CountDownLatch(1);
    AtomicLong sent = new AtomicLong();
    AtomicLong taken = new AtomicLong();
    upstream.leavesBodies().answers(turn -> {
      turn.awaits(go);
      taken.set(skip(turn.in(), size));
      turn.json("{}");
    });

    try (WireClient client = connect()) {
      client.raw(head(FILES, "Content-Length: " + size));
      CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> {
        byte[] piece = new byte[64 * 1024];
        while (sent.get() < size) {
          client.raw(piece);
          sent.addAndGet(piece.length);
        }
      });
      // what the sockets of two connections hold on loopback, and no more
      assertThat(untilItStands(sent)).isBetween(1L, size / 2);
      go.countDown();
      sending.get(20, TimeUnit.SECONDS);
      assertThat(client.answer().status()).isEqualTo(200);
    }
    assertThat(taken.get()).isEqualTo(size);
  }

  @Test
  void refusesAnUploadThatSaysThatItIsTooLarge() {
    serves(",'max_req_body_size':10");

    try (WireClient client = connect()) {
      Answer got = client.raw(head(FILES, "Content-Length: 11") + "a").answer();
      assertThat(got.status()).isEqualTo(413);
      assertThat(got.header("connection")).isEqualTo("close");
    }
    assertThat(upstream.connections()).isZero();
  }

  @Test
  void givesUpAnUploadThatTurnsOutToBeTooLarge() {
    serves(",'max_req_body_size':10");
    upstream.leavesBodies().answers(turn -> turn.stall());

    try (WireClient client = connect()) {
      client.raw(head(FILES, "Transfer-Encoding: chunked") + "8\r\nabcdefgh\r\n");
      upstream.request(0);
      assertThat(client.raw("8\r\nabcdefgh\r\n").answer().status()).isEqualTo(413);
    }
    upstream.request(0).awaitLeft();
    assertThat(stage.attributes()).containsEntry("llm_outcome", "request_too_large");
  }

  @Test
  void neverEndsAnUploadThatHadNoEnd() throws Exception {
    CompletableFuture<String> seen = new CompletableFuture<>();
    upstream.leavesBodies().answers(turn -> {
      try {
        seen.complete(new String(turn.in().readAllBytes(), ISO_8859_1));
      } catch (IOException reset) {
        seen.complete("");
      }
      turn.close();
    });

    try (WireClient client = connect()) {
      client.raw(head(FILES, "Transfer-Encoding: chunked") + "3\r\nabc\r\n");
      upstream.request(0);
      client.reset();
    }

    assertThat(seen.get(10, TimeUnit.SECONDS)).doesNotContain("\r\n0\r\n");
    assertThat(stage.attributes()).containsEntry("llm_outcome", "client_gone");
  }

  @Test
  void givesUpAnUploadThatDripsForTooLong() {
    serves(",'body_timeout':1");
    upstream.leavesBodies().answers(turn -> turn.stall());

    try (WireClient client = connect()) {
      client.raw(head(FILES, "Content-Length: 1000000"));
      for (int i = 0; i < 900_000 && !client.hasAnswer(); i++) {
        client.raw(" ");
      }
      assertThat(client.answer().status()).isEqualTo(408);
    }
    upstream.awaitAllClosed();
    assertThat(stage.attributes()).containsEntry("llm_outcome", "request_timeout");
  }

  // uploads that the upstream does not take to the end

  @Test
  void passesAnAnswerThatDidNotWaitForAllOfTheUpload() {
    upstream.leavesBodies().answers(turn -> {
      turn.in().readNBytes(1000);
      turn.status(401).json("{\"error\":{\"message\":\"no\"}}");
      turn.stall();
    });

    Answer got = send("POST", FILES, new byte[8 * MIB], "Content-Type: " + FORM);

    assertThat(got.status()).isEqualTo(401);
    assertThat(got.complete()).isTrue();
    upstream.request(0).awaitLeft();
    assertThat(stage.attributes()).containsEntry("llm_outcome", "upstream_error");
  }

  @Test
  void passesAnAnswerOfAnUpstreamThatTakesNoMoreOfTheUpload() {
    CountDownLatch got = new CountDownLatch(1);
    upstream.leavesBodies().answers(turn -> {
      turn.in().readNBytes(1000);
      new CountDownLatch(1)
          .await(PAUSE_MS, TimeUnit.MILLISECONDS); // the gateway's write now waits for room
      turn.status(413)
          .json("{\"error\":{\"message\":\"too much\"}}")
          .awaits(got)
          .close();
    });

    Answer answer = send("POST", FILES, new byte[32 * MIB], "Content-Type: " + FORM);
    got.countDown();

    assertThat(answer.status()).isEqualTo(413);
    assertThat(answer.text()).contains("too much");
  }

  @Test
  void saysThatTheProviderHungUpInTheMiddle() {
    upstream.leavesBodies().answers(turn -> {
      turn.in().readNBytes(100_000);
      turn.reset();
    });

    Answer got = send("POST", FILES, new byte[8 * MIB], "Content-Type: " + FORM);

    assertThat(got.status()).isEqualTo(502);
    assertThat(upstream.connections()).isEqualTo(1);
  }

  @Test
  void givesUpAnUpstreamThatStopsTakingTheUpload() {
    serves(",'timeout':300");
    CountDownLatch over = new CountDownLatch(1);
    upstream.leavesBodies().answers(turn -> turn.awaits(over).close());

    Answer got = send("POST", FILES, new byte[32 * MIB], "Content-Type: " + FORM);
    over.countDown();

    assertThat(got.status()).isEqualTo(504);
  }

  @Test
  void goesOnAfterAnInterimAnswer() {
    upstream.leavesBodies().answers(turn -> {
      turn.raw("HTTP/1.1 103 Early Hints\r\n\r\n");
      skip(turn.in(), MIB);
      turn.json("{\"id\":1}");
    });

    assertThat(send("POST", FILES, new byte[MIB], "Content-Type: " + FORM).text())
        .isEqualTo("{\"id\":1}");
  }

  @Test
  void findsADeadConnectionBeforeItTakesAnUpload() {
    send("GET", "/v1/models", new byte[0]);
    upstream.hangUp();
    upstream.awaitAllClosed();

    assertThat(send("POST", FILES, noise(1000), "Content-Type: " + FORM).status())
        .isEqualTo(200);
  }

  // answers

  @Test
  void passesAFileToTheByte() {
    byte[] file = noise(3 * MIB);
    upstream.answers(turn -> turn.status(206)
        .header("Content-Disposition", "attachment; filename=\"a.bin\"")
        .header("Content-Range", "bytes 0-3145727/9999999")
        .header("Accept-Ranges", "bytes")
        .body("application/octet-stream", file));

    try (WireClient client = connect()) {
      Answer got = client
          .raw("GET /v1/files/f/content HTTP/1.1\r\nHost: a\r\nRange: bytes=0-3145727\r\n\r\n")
          .answer();
      assertThat(got.status()).isEqualTo(206);
      assertThat(got.body()).isEqualTo(file);
      assertThat(got.header("content-type")).isEqualTo("application/octet-stream");
      assertThat(got.header("content-length")).isEqualTo("3145728");
      assertThat(got.header("content-disposition")).isEqualTo("attachment; filename=\"a.bin\"");
      assertThat(got.header("content-range")).isEqualTo("bytes 0-3145727/9999999");
    }
    assertThat(upstream.request(0).headers().first("range")).contains("bytes=0-3145727");
  }

  @Test
  void passesSpeechAsItIsMade() {
    CountDownLatch heard = new CountDownLatch(1);
    upstream.answers(turn -> turn.header("Content-Type", "audio/mpeg")
        .chunk(new byte[] {1, 2, 3})
        .awaits(heard)
        .chunk(new byte[] {4})
        .end());

    try (WireClient client = connect()) {
      client
          .post("/v1/audio/speech", "{\"model\":\"tts\",\"input\":\"hi\",\"voice\":\"v\"}")
          .head();
      assertThat(client.headers().first("content-type")).contains("audio/mpeg");
      assertThat(client.bytes(3)).containsExactly(1, 2, 3);
      heard.countDown();
      assertThat(client.rest().body()).containsExactly(4);
    }
    assertThat(upstream.request(0).target()).isEqualTo("/v1/audio/speech");
    assertThat(stage.attributes())
        .containsEntry("request_llm_model", "tts")
        .containsEntry("ai_protocol", "passthrough");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v1/files/../models",
        "/v1/./models",
        "/v1/files/..",
        "/v1/files/%2e%2E/models",
        "/v1/files/..;/models",
        "/v1/;/models",
        "/v1/;x=y/models"
      })
  void refusesAPathThatTheContainerReadsOtherwiseThanItCame(String target) {
    Answer got = send("GET", target, new byte[0]);

    assertThat(got.status()).isEqualTo(400);
    assertThat(upstream.requests()).isEmpty();
  }

  @Test
  void cutsAFileThatBreaksOff() {
    upstream.answers(turn -> turn.header("Content-Type", "audio/mpeg")
        .header("Content-Length", "10")
        .head()
        .raw("abc")
        .close());

    Answer got = send("GET", "/v1/files/f/content", new byte[0]);

    assertThat(got.complete()).isFalse();
    assertThat(stage.attributes()).containsEntry("llm_outcome", "upstream_broken");
  }

  @Test
  void passesTheEventsOfImagesAndReadsTheirUsage() {
    String last = "{\"type\":\"image_generation.completed\",\"b64_json\":\"AA==\","
        + "\"usage\":{\"total_tokens\":7,\"input_tokens\":3,\"output_tokens\":4}}";
    upstream.answers(turn -> turn.event("{\"b64_json\":\"AA==\"}").sse(last));

    try (WireClient client = connect()) {
      client.post("/v1/images/generations", "{\"model\":\"i\",\"prompt\":\"p\",\"stream\":true}");
      client.head();
      assertThat(client.event()).isEqualTo("data: {\"b64_json\":\"AA==\"}\n\n");
      assertThat(client.rest().text()).isEqualTo("data: " + last + "\n\n");
    }
    assertThat(stage.attributes())
        .containsEntry("llm_prompt_tokens", "3")
        .containsEntry("llm_completion_tokens", "4");
  }

  @Test
  void countsNoUsageThatWasOnlyFetched() {
    upstream.answers(turn -> turn.json("{\"usage\":{\"input_tokens\":3,\"output_tokens\":4}}"));

    send("GET", "/v1/responses/r1", new byte[0]);

    assertThat(stage.attributes()).containsEntry("llm_prompt_tokens", "0");
  }

  // what tests say

  private static final int PAUSE_MS = 300;

  private void serves(String more) {
    if (gateway != null) {
      gateway.close();
    }
    gateway = Gateway.open(
        Settings.configuration("{'id':'r','uri':'/*','plugins':{'ai-proxy':{'provider':'openai',"
            + "'auth':{'header':{'Authorization':'Bearer k'}},'override':{'endpoint':'"
            + upstream.url() + "'}" + more + "}}}"));
    try {
      AiProxyFilter filter = new AiProxyFilter(gateway);
      filter.init(stage.config());
      stage.has(filter);
    } catch (ServletException failure) {
      throw new AssertionError(failure);
    }
  }

  private WireClient connect() {
    return WireClient.to(container.port());
  }

  private Answer send(String method, String target, byte[] body, String... lines) {
    List<String> all = new ArrayList<>(List.of(lines));
    all.add("Content-Length: " + body.length);
    try (WireClient client = connect()) {
      client.raw(method + " " + target + " HTTP/1.1\r\nHost: a\r\n" + String.join("\r\n", all)
          + "\r\n\r\n");
      CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> client.raw(body));
      Answer answer = client.answer();
      sending.exceptionally(cut -> null).join();
      return answer;
    }
  }

  private static String head(String target, String... lines) {
    return "POST " + target + " HTTP/1.1\r\nHost: a\r\nContent-Type: " + FORM + "\r\n"
        + String.join("\r\n", lines) + "\r\n\r\n";
  }

  private static byte[] noise(int length) {
    byte[] noise = new byte[length];
    new Random(7).nextBytes(noise);
    return noise;
  }

  private static long skip(InputStream in, long size) {
    try {
      byte[] buffer = new byte[64 * 1024];
      long taken = 0;
      int count = 0;
      while (taken < size && count >= 0) {
        count = in.read(buffer);
        taken += count;
      }
      return taken;
    } catch (IOException gone) {
      throw new UncheckedIOException(gone);
    }
  }

  /** The value when it has not changed for a while. */
  private static long untilItStands(AtomicLong value) throws InterruptedException {
    long before = -1;
    while (value.get() == 0 || value.get() != before) {
      before = value.get();
      new CountDownLatch(1).await(PAUSE_MS, TimeUnit.MILLISECONDS);
    }
    return before;
  }
}
