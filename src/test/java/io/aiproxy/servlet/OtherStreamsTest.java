package io.aiproxy.servlet;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.aiproxy.call.Body;
import io.aiproxy.call.Exchange;
import io.aiproxy.call.Headers;
import io.aiproxy.call.Problem;
import io.aiproxy.call.Reply;
import io.aiproxy.ledger.Ledger;
import io.aiproxy.ledger.Ticker;
import io.aiproxy.metering.Estimate;
import io.aiproxy.metering.Metering;
import io.aiproxy.stream.Chunk;
import io.aiproxy.stream.Piece;
import io.aiproxy.testing.Calls;
import io.aiproxy.testing.FakeServlet;
import io.aiproxy.testing.Settings;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Streams into which the gateway can write nothing of its own. */
class OtherStreamsTest {
  private final FakeServlet client = FakeServlet.post("/api/generate", "{\"prompt\":\"x\"}");
  private final List<String> seen = new ArrayList<>();

  @ParameterizedTest
  @CsvSource({
    "application/x-ndjson, gzip",
    "application/vnd.amazon.eventstream, gzip",
    "text/event-stream, gzip"
  })
  void passAsTheyCome(String type, String coding) throws IOException {
    serve(type, coding, false);

    assertThat(seen).containsExactly("", "a", "ab");
    assertThat(client.written()).isEqualTo("ab");
  }

  @ParameterizedTest
  @CsvSource({
    "application/x-ndjson, gzip",
    "application/vnd.amazon.eventstream, gzip",
    "text/event-stream, gzip"
  })
  void areCutWhenTheyBreak(String type, String coding) {
    assertThatIOException().isThrownBy(() -> serve(type, coding, true));

    assertThat(client.written()).isEqualTo("ab");
    assertThat(client.attribute("llm_outcome")).isEqualTo("upstream_broken");
  }

  private void serve(String type, String coding, boolean breaks) throws IOException {
    Exchange exchange = new Exchange("test", new Ledger("test", Ticker.SYSTEM), Calls.SCHEDULER);
    Headers headers = Headers.builder()
        .add("Content-Type", type)
        .add("Content-Encoding", coding)
        .build();
    new Visit(
            client.request(),
            client.response(),
            Settings.of("{'provider':'openai','auth':{},'stream_heartbeat_ms':100}"),
            exchange,
            new Estimate(),
            Ticker.SYSTEM,
            false)
        .serve(call -> new Metering().handle(call, inner -> {
          inner.exchange().ledger().attempt("instance", "http", "host", 80, "/").head(200);
          return new Reply(200, headers, new Letters(breaks));
        }));
  }

  /** Gives a, then b; between them nothing for a while. */
  private final class Letters implements Body {
    private final boolean breaks;

    Letters(boolean breaks) {
      this.breaks = breaks;
    }

    @Override
    public boolean advance(Consumer<? super Piece> out) {
      seen.add(client.written());
      if (seen.size() == 3) {
        if (breaks) {
          throw Problem.of(Problem.Kind.UPSTREAM_BROKEN, "broke off");
        }
        return false;
      }
      out.accept(new Chunk((seen.size() == 1 ? "a" : "b").getBytes(UTF_8), 0, 1, false));
      return true;
    }

    @Override
    public boolean ready() {
      return false;
    }

    @Override
    public long length() {
      return -1;
    }

    @Override
    public void close() {}
  }
}
