package io.aiproxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.aiproxy.testing.JettyContainer;
import io.aiproxy.testing.ScriptedUpstream;
import io.aiproxy.testing.Settings;
import io.aiproxy.testing.Stage;
import io.aiproxy.testing.WireClient;
import jakarta.servlet.Filter;
import jakarta.servlet.ServletException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.server.Request;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A container that ends a suspended request by itself, as it does with HTTP/2 when a client takes its request back. */
class SuspendedFailureTest {
  private static final int THREADS = 32;
  private static final int ROUNDS = 10;
  private static final int STREAMS = 4 * Runtime.getRuntime().availableProcessors();
  private static final String STREAM = "{\"stream\":true,\"messages\":[]}";
  private static final String ONE = "{\"choices\":[{\"delta\":{\"content\":\"one\"}}]}";

  private final Stage stage = new Stage();
  private final ScriptedUpstream upstream = ScriptedUpstream.open();
  private final JettyContainer container =
      JettyContainer.open(stage, Duration.ofSeconds(30), THREADS);
  private final CountDownLatch others = new CountDownLatch(1);
  private final Queue<Request> requests = new ConcurrentLinkedQueue<>();
  private final Gateway gateway = Gateway.open(Settings.configuration(
      "[{'uri':'/*','plugins':{'ai-proxy':{'provider':'openai','auth':{'header':{'X-Key':'k'}},"
          + "'stream_heartbeat_ms':0,'on_client_abort':'drain','drain_timeout_ms':60000,"
          + "'override':{'endpoint':'" + upstream.url() + "'}}}}]"));

  SuspendedFailureTest() throws ServletException {
    AiProxyFilter filter = new AiProxyFilter(gateway, true);
    filter.init(stage.config());
    Filter noting = (request, response, chain) -> {
      requests.add(ServletContextRequest.getServletContextRequest(request));
      chain.doFilter(request, response);
    };
    stage.has(noting, filter);
  }

  @AfterEach
  void close() {
    others.countDown();
    gateway.close();
    container.close();
    upstream.close();
  }

  /** To read on for a client that has left is to wait, and must not hold up those that have not. */
  @Test
  void doesNotHoldUpOtherStreams() {
    upstream.answers(turn -> turn.event(ONE).awaits(others).sse("[DONE]"));
    List<WireClient> waiting = streams();
    requests.clear();
    upstream.answers(turn -> turn.event(ONE).stall());
    List<WireClient> left = streams();
    requests.forEach(request -> request.fail(new IOException("the client took it back")));
    others.countDown();
    for (WireClient client : waiting) {
      assertThat(client.rest().complete()).isTrue();
    }
    waiting.forEach(WireClient::close);
    left.forEach(WireClient::close);
  }

  /** Jetty ends it though it has accepted a dispatch meanwhile, and tells nobody. */
  @Test
  void leavesNothingBehind() {
    upstream.answers(turn -> turn.event(ONE).awaits(others).sse("[DONE]"));
    for (int round = 0; round < ROUNDS; round++) {
      requests.clear();
      List<WireClient> left = streams();
      requests.forEach(request -> request.fail(new IOException("the client took it back")));
      left.forEach(WireClient::close);
    }
    others.countDown();
    assertThat(gateway.drain(ScriptedUpstream.PATIENCE)).isTrue();
    assertThat(gateway.health().at("/connections/leased").asInt()).isZero();
  }

  private List<WireClient> streams() {
    List<WireClient> clients = new ArrayList<>();
    for (int i = 0; i < STREAMS; i++) {
      WireClient client = WireClient.to(container.port());
      client.post("/v1/chat/completions", STREAM).head();
      assertThat(client.event()).isEqualTo("data: " + ONE + "\n\n");
      clients.add(client);
    }
    return clients;
  }
}
