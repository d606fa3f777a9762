package io.aiproxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.aiproxy.testing.JettyContainer;
import io.aiproxy.testing.ScriptedUpstream;
import io.aiproxy.testing.Settings;
import io.aiproxy.testing.Stage;
import io.aiproxy.testing.WireClient;
import jakarta.servlet.Filter;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The end of a suspended stream at the worst moments that a container has for saying that it takes more. */
class SuspendedRaceTest {
  private static final int THREADS = 8;
  private static final int SEND_BUFFER = 16 * 1024;
  private static final Duration AT_ONCE = Duration.ofMillis(500);
  private static final String STREAM = "{\"stream\":true,\"messages\":[]}";
  private static final String ONE = "{\"choices\":[{\"delta\":{\"content\":\"one\"}}]}";

  private final Stage stage = new Stage();
  private final ScriptedUpstream upstream = ScriptedUpstream.open();
  private final JettyContainer container =
      JettyContainer.open(stage, Duration.ofSeconds(30), THREADS, SEND_BUFFER);
  private final Gateway gateway = Gateway.open(Settings.configuration(
      "[{'uri':'/*','plugins':{'ai-proxy':{'provider':'openai','auth':{'header':{'X-Key':'k'}},"
          + "'stream_heartbeat_ms':0,'override':{'endpoint':'" + upstream.url() + "'}}}}]"));

  SuspendedRaceTest() throws ServletException {
    AiProxyFilter filter = new AiProxyFilter(gateway, true);
    filter.init(stage.config());
    Filter hasty = (request, response, chain) ->
        chain.doFilter(request, new Hasty((HttpServletResponse) response));
    stage.has(hasty, filter);
  }

  @AfterEach
  void close() {
    gateway.close();
    container.close();
    upstream.close();
  }

  /** Else nobody would ever end it. */
  @Test
  void comesThoughTheContainerWasReadyAgainBeforeTheLastTurnWasOver() {
    for (int events = 4_000; events < 5_000; events += 25) {
      byte[] much = (event(ONE).repeat(events) + event("[DONE]")).getBytes(StandardCharsets.UTF_8);
      upstream.answers(turn -> turn.event(ONE).chunk(much).end());
      try (WireClient slow = WireClient.to(container.port(), SEND_BUFFER)) {
        slow.post("/v1/chat/completions", STREAM).head();
        assertThat(slow.event()).isEqualTo(event(ONE));
        WireClient.Answer rest = slow.rest();
        assertThat(rest.body()).hasSize(much.length);
        assertThat(rest.complete()).as("%d events", events).isTrue();
      }
      assertThat(stage.attributes()).containsEntry("llm_outcome", "completed");
    }
    assertThat(gateway.health().at("/exchanges").asInt()).isZero();
  }

  private static String event(String data) {
    return "data: " + data + "\n\n";
  }

  /** Who asks it whether it is ready does not hear that it is not before it was told that it is again. */
  private static final class Hasty extends HttpServletResponseWrapper {
    private final Semaphore told = new Semaphore(0);

    Hasty(HttpServletResponse response) {
      super(response);
    }

    @Override
    public ServletOutputStream getOutputStream() throws IOException {
      ServletOutputStream out = super.getOutputStream();
      return new ServletOutputStream() {
        @Override
        public boolean isReady() {
          told.drainPermits();
          if (out.isReady()) {
            return true;
          }
          try {
            boolean unused = told.tryAcquire(AT_ONCE.toMillis(), TimeUnit.MILLISECONDS);
            return false;
          } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
          }
        }

        @Override
        public void setWriteListener(WriteListener listener) {
          out.setWriteListener(new WriteListener() {
            @Override
            public void onWritePossible() throws IOException {
              listener.onWritePossible();
              told.release();
            }

            @Override
            public void onError(Throwable failure) {
              listener.onError(failure);
              told.release();
            }
          });
        }

        @Override
        public void write(int b) throws IOException {
          out.write(b);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
          out.write(bytes, offset, length);
        }

        @Override
        public void flush() throws IOException {
          out.flush();
        }

        @Override
        public void close() throws IOException {
          out.close();
        }
      };
    }
  }
}
