package io.aiproxy.servlet;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.aiproxy.call.Body;
import io.aiproxy.call.Exchange;
import io.aiproxy.call.Handler;
import io.aiproxy.call.Headers;
import io.aiproxy.call.Reply;
import io.aiproxy.ledger.Attempt;
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
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What an exchange leaves behind when it does not end as it should. */
class VisitEndingTest {
  private static final String CHAT = "/v1/chat/completions";
  private static final String MESSAGES = "/v1/messages";
  private static final String ASKED =
      "{\"model\":\"m\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]}";
  private static final String PLAIN = "{'provider':'openai','auth':{}}";
  private static final String DRAINING =
      "{'provider':'openai','auth':{},'on_client_abort':'drain'}";
  private static final String DELTA =
      "data: {\"choices\":[{\"delta\":{\"content\":\"word\"}}]}\n\n";
  private static final String USAGE =
      "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":11,\"completion_tokens\":22,\"total_tokens\":33}}\n\n";
  private static final String DONE = "data: [DONE]\n\n";

  private static final String BEATING = "{'provider':'openai','auth':{},'stream_heartbeat_ms':100}";

  private Ticker ticker = Ticker.SYSTEM;
  private final AtomicBoolean settled = new AtomicBoolean();

  @Test
  void knowsTheUsageThatWasReadTogetherWithWhatTheClientDidNotTake() throws IOException {
    FakeServlet client = FakeServlet.post(CHAT, ASKED).leavesAfter(DELTA.length());

    serve(client, PLAIN, stream(DELTA, DELTA + USAGE + DONE));

    assertThat(client.attribute("llm_outcome")).isEqualTo("client_gone");
    assertThat(client.attribute("llm_completion_tokens")).isEqualTo("22");
  }

  @Test
  void readsOnFromWhereTheClientLeft() throws IOException {
    FakeServlet client = FakeServlet.post(CHAT, ASKED).leavesAfter(DELTA.length());

    serve(
        client, DRAINING, stream(DELTA, DELTA + USAGE.substring(0, 30), USAGE.substring(30), DONE));

    assertThat(client.attribute("llm_usage_source")).isEqualTo("drained");
    assertThat(client.attribute("llm_completion_tokens")).isEqualTo("22");
  }

  @Test
  void estimatesWhatWasWrittenIfOnlyThePromptWasReported() throws IOException {
    String start =
        "data: {\"type\":\"message_start\",\"message\":{\"usage\":{\"input_tokens\":10,\"output_tokens\":1}}}\n\n";
    String words =
        "data: {\"type\":\"content_block_delta\",\"delta\":{\"text\":\"one two three four five six\"}}\n\n";
    FakeServlet client = FakeServlet.post(MESSAGES, ASKED).leavesAfter(start.length());

    serve(client, PLAIN, stream(start, words));

    assertThat(client.attribute("llm_usage_source")).isEqualTo("estimated");
    assertThat(client.attribute("llm_prompt_tokens")).isEqualTo("10");
    assertThat(client.attribute("llm_completion_tokens")).isEqualTo("6");
  }

  @Test
  void believesTheFirstReportOfAMessageThatCameToItsEndWithoutAnother() throws IOException {
    FakeServlet client = FakeServlet.post(MESSAGES, ASKED);

    serve(
        client,
        PLAIN,
        stream(
            "data: {\"type\":\"message_start\",\"message\":{\"usage\":{\"input_tokens\":10,\"output_tokens\":3}}}\n\n",
            "data: {\"type\":\"message_stop\"}\n\n"));

    assertThat(client.attribute("llm_usage_source")).isEqualTo("reported");
    assertThat(client.attribute("llm_completion_tokens")).isEqualTo("3");
  }

  @Test
  void answersAndSettlesAfterAnErrorOfTheJvm() throws IOException {
    FakeServlet client = FakeServlet.post(CHAT, ASKED);

    serve(client, PLAIN, call -> {
      throw new StackOverflowError();
    });

    assertThat(client.status()).isEqualTo(500);
    assertThat(client.written()).contains("\"internal_error\"");
    assertThat(client.attribute("llm_outcome")).isEqualTo("internal_error");
    assertThat(settled).isTrue();
  }

  @Test
  void sendsAHeartbeatWhenThereIsNothing() throws IOException {
    FakeServlet client = FakeServlet.post(CHAT, ASKED);

    ticker = hurrying();
    serve(client, BEATING, stream("", DONE));

    assertThat(client.written()).isEqualTo(": \n\n" + DONE);
  }

  @Test
  void sendsNoHeartbeatWithinAnEvent() throws IOException {
    FakeServlet client = FakeServlet.post(CHAT, ASKED);

    ticker = hurrying();
    serve(client, BEATING, stream("data: {\"a\"", ":", "1}\n\n", DONE));

    assertThat(client.written()).endsWith("data: {\"a\":1}\n\n" + DONE);
  }

  /** A clock on which two heartbeats pass between any two looks. */
  private static Ticker hurrying() {
    AtomicLong nanos = new AtomicLong();
    return () -> nanos.addAndGet(Duration.ofMillis(200).toNanos());
  }

  private void serve(FakeServlet client, String plugin, Handler upstream) throws IOException {
    Exchange exchange = new Exchange("test", new Ledger("test", Ticker.SYSTEM), Calls.SCHEDULER);
    exchange.atFinish(() -> settled.set(true));
    new Visit(
            client.request(),
            client.response(),
            Settings.of(plugin),
            exchange,
            new Estimate(),
            ticker,
            false)
        .serve(call -> new Metering().handle(call, upstream));
  }

  /** An upstream whose stream is read in these pieces; an empty one stands for a while in which nothing came. */
  private static Handler stream(String... reads) {
    return call -> {
      Attempt attempt = call.exchange().ledger().attempt("instance", "http", "host", 80, "/");
      attempt.head(200);
      Headers headers =
          Headers.builder().add("Content-Type", "text/event-stream").build();
      return new Reply(200, headers, new Reads(attempt, new ArrayDeque<>(List.of(reads))));
    };
  }

  private record Reads(Attempt attempt, Deque<String> left) implements Body {
    @Override
    public boolean advance(Consumer<? super Piece> out) {
      byte[] bytes = left.isEmpty() ? new byte[0] : left.remove().getBytes(UTF_8);
      attempt.received(bytes.length);
      if (bytes.length > 0) {
        out.accept(new Chunk(bytes, 0, bytes.length, false));
      }
      return !left.isEmpty();
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
