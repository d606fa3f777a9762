package io.aiproxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.aiproxy.testing.JettyContainer;
import io.aiproxy.testing.ScriptedUpstream;
import io.aiproxy.testing.Settings;
import io.aiproxy.testing.Stage;
import io.aiproxy.testing.WireClient;
import jakarta.servlet.ServletException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What streams that go on without a thread must not cost: each other, the client's bytes, or a visible end. */
class SuspendedStreamTest {
  private static final int THREADS = 8;
  private static final int STREAMS = 40;
  private static final int SEND_BUFFER = 16 * 1024;
  private static final String STREAM = "{\"stream\":true,\"messages\":[]}";
  private static final String ONE = "{\"choices\":[{\"delta\":{\"content\":\"one\"}}]}";
  private static final String TWO = "{\"choices\":[{\"delta\":{\"content\":\"two\"}}]}";

  private final Stage stage = new Stage();
  private final ScriptedUpstream upstream = ScriptedUpstream.open();
  private final JettyContainer container =
      JettyContainer.open(stage, Duration.ofSeconds(30), THREADS, SEND_BUFFER);
  private final CountDownLatch release = new CountDownLatch(1);
  private final Gateway gateway = Gateway.open(Settings.configuration(
      "[{'uri':'/*','plugins':{'ai-proxy':{'provider':'openai','auth':{'header':{'X-Key':'k'}},"
          + "'stream_heartbeat_ms':0,'override':{'endpoint':'" + upstream.url() + "'}}}}]"));

  SuspendedStreamTest() throws ServletException {
    AiProxyFilter filter = new AiProxyFilter(gateway, true);
    filter.init(stage.config());
    stage.has(filter);
  }

  @AfterEach
  void close() {
    release.countDown();
    gateway.close();
    container.close();
    upstream.close();
  }

  @Test
  void areMoreThanThereAreThreads() {
    upstream.answers(turn -> turn.event(ONE).awaits(release).sse(TWO, "[DONE]"));
    List<WireClient> clients = new ArrayList<>();
    for (int i = 0; i < STREAMS; i++) {
      WireClient client = stream();
      assertThat(client.event()).isEqualTo(event(ONE));
      clients.add(client);
    }
    assertThat(gateway.health().at("/exchanges").asInt()).isEqualTo(STREAMS);
    release.countDown();
    for (WireClient client : clients) {
      WireClient.Answer rest = client.rest();
      assertThat(rest.complete()).isTrue();
      assertThat(rest.text()).isEqualTo(event(TWO) + event("[DONE]"));
      client.close();
    }
    for (int i = 0; i < STREAMS; i++) {
      assertThat(stage.attributes()).containsEntry("llm_outcome", "completed");
    }
  }

  @Test
  void doNotWaitForAClientThatTakesNothing() {
    byte[] much = event(TWO).repeat(400_000).getBytes(StandardCharsets.UTF_8);
    upstream.answersInTurn(
        turn -> turn.event(ONE).chunk(much).sse("[DONE]"),
        turn -> turn.event(ONE).awaits(release).sse(TWO, "[DONE]"));
    try (WireClient stalled = stream();
        WireClient other = stream()) {
      assertThat(stalled.event()).isEqualTo(event(ONE));
      assertThat(other.event()).isEqualTo(event(ONE));
      release.countDown();
      assertThat(other.rest().text()).isEqualTo(event(TWO) + event("[DONE]"));
      assertThat(stage.attributes()).containsEntry("llm_outcome", "completed");
      WireClient.Answer late = stalled.rest();
      assertThat(late.complete()).isTrue();
      assertThat(late.body()).hasSize(much.length + event("[DONE]").length());
    }
  }

  /** The last of it finds the connection full, again and again. */
  @Test
  void endWholeForAClientThatIsSlow() {
    for (int events = 4_000; events < 5_000; events += 25) {
      byte[] much = event(TWO).repeat(events).getBytes(StandardCharsets.UTF_8);
      upstream.answers(turn -> turn.event(ONE).chunk(much).end());
      try (WireClient slow = WireClient.to(container.port(), SEND_BUFFER)) {
        slow.post("/v1/chat/completions", STREAM).head();
        assertThat(slow.event()).isEqualTo(event(ONE));
        WireClient.Answer rest = slow.rest();
        assertThat(rest.complete()).as("%d events", events).isTrue();
        assertThat(rest.body()).hasSize(much.length);
      }
    }
  }

  /** What the container could not send at once is not to wait for the next event. */
  @Test
  void leaveNothingBehindWhenTheClientTakesMoreAgain() {
    int events = 100_001;
    byte[] much = event(TWO).repeat(events).getBytes(StandardCharsets.UTF_8);
    upstream.answers(turn -> turn.event(ONE).chunk(much).awaits(release).sse("[DONE]"));
    try (WireClient stalled = stream()) {
      assertThat(stalled.event()).isEqualTo(event(ONE));
      for (int i = 0; i < events; i++) {
        assertThat(stalled.event()).isEqualTo(event(TWO));
      }
      release.countDown();
      assertThat(stalled.rest().text()).isEqualTo(event("[DONE]"));
    }
  }

  @Test
  void areCutVisiblyForAClientThatTakesNothing() {
    byte[] much = event(TWO).repeat(400_000).getBytes(StandardCharsets.UTF_8);
    upstream.answers(turn -> turn.event(ONE).chunk(much).stall());
    try (WireClient stalled = stream()) {
      assertThat(stalled.event()).isEqualTo(event(ONE));
      assertThat(gateway.drain(Duration.ofMillis(200))).isFalse();
      assertThat(stage.attributes()).containsEntry("llm_outcome", "draining");
      WireClient.Answer rest = stalled.rest();
      boolean told = rest.text().contains("\"draining\""); // if there was room for it in the end
      assertThat(rest.complete()).isEqualTo(told);
    }
  }

  private WireClient stream() {
    return WireClient.to(container.port()).post("/v1/chat/completions", STREAM).head();
  }

  private static String event(String data) {
    return "data: " + data + "\n\n";
  }
}
