package io.aiproxy.upstream;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.aiproxy.call.Call;
import io.aiproxy.call.Problem;
import io.aiproxy.call.Problem.Kind;
import io.aiproxy.call.Reply;
import io.aiproxy.call.Target;
import io.aiproxy.testing.Calls;
import io.aiproxy.testing.ScriptedUpstream;
import io.aiproxy.testing.Turn;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Every wait has an end of its own. The short limit is the one under test, all others are far off. */
final class TimeoutsTest {
  private static final Duration SHORT = Duration.ofMillis(150);
  private static final Duration GAP = Duration.ofMillis(10);
  private static final byte[] DRIPS = "X: y\r\n".repeat(10_000).getBytes(US_ASCII);

  private final ScriptedUpstream provider = ScriptedUpstream.open();
  private final CountDownLatch release = new CountDownLatch(1);
  private final Rig rig = new Rig();

  @AfterEach
  void close() {
    release.countDown();
    rig.close();
    provider.close();
  }

  @Test
  void endsAConnectThatHangs() throws IOException {
    rig.connect = SHORT;
    try (FullBacklog full = new FullBacklog()) {
      assertEnds(Kind.UPSTREAM_TIMEOUT, Calls.post(full.target(), "{}"));
    }
  }

  @Test
  void endsATlsHandshakeThatHangs() {
    rig.connect = SHORT;
    provider.greets(Turn::stall);
    assertEnds(Kind.UPSTREAM_TIMEOUT, Calls.post(secure(), "{}"));
    assertThat(provider.requests()).isEmpty();
  }

  @Test
  void endsATlsHandshakeThatDrips() {
    rig.connect = SHORT;
    byte[] hello = new byte[4000];
    hello[0] = 22; // a handshake record of TLS 1.2 that has 3000 bytes
    hello[1] = 3;
    hello[2] = 3;
    hello[3] = 11;
    provider.greets(turn -> turn.drip(hello, GAP));
    assertEnds(Kind.UPSTREAM_TIMEOUT, Calls.post(secure(), "{}"));
  }

  @Test
  void endsTheWaitForAHead() {
    rig.firstByte = SHORT;
    provider.answers(Turn::stall);
    assertEnds(Kind.UPSTREAM_TIMEOUT, call());
    provider.request(0).awaitLeft();
    assertThat(provider.requests()).hasSize(1);
  }

  @Test
  void endsTheWaitForTheRestOfAHead() {
    rig.firstByte = SHORT;
    provider.answers(turn -> turn.raw("HTTP/1.1 200 OK\r\nContent-").stall());
    assertEnds(Kind.UPSTREAM_TIMEOUT, call());
  }

  @Test
  void endsAHeadThatDrips() {
    rig.firstByte = SHORT;
    provider.answers(turn -> turn.raw("HTTP/1.1 200 OK\r\n").drip(DRIPS, GAP));
    assertEnds(Kind.UPSTREAM_TIMEOUT, call());
  }

  @Test
  void endsARequestThatNobodyReads() {
    rig.firstByte = SHORT;
    provider.greets(turn -> turn.awaits(release));
    assertEnds(Kind.UPSTREAM_TIMEOUT, Calls.post(provider.target("/"), "x".repeat(20 << 20)));
  }

  @Test
  void endsTheWaitForTheNextBytesOfABody() {
    rig.idle = SHORT;
    provider.answers(turn -> turn.header("Content-Length", "10").head().raw("{").stall());
    assertEnds(Kind.UPSTREAM_TIMEOUT, call());
    provider.request(0).awaitLeft();
  }

  @Test
  void endsTheWaitForTheNextBytesOfAStream() {
    rig.idle = SHORT;
    provider.answers(turn -> turn.event("one").stall());
    assertEnds(Kind.UPSTREAM_TIMEOUT, call());
  }

  @Test
  void endsABodyThatDrips() {
    rig.request = SHORT;
    provider.answers(turn -> turn.header("Content-Length", "60000").head().drip(DRIPS, GAP));
    assertEnds(Kind.DEADLINE, call());
  }

  @Test
  void endsAChunkSizeThatDrips() {
    rig.request = SHORT;
    provider.answers(turn ->
        turn.header("Transfer-Encoding", "chunked").head().raw("1;").drip(new byte[10_000], GAP));
    assertEnds(Kind.DEADLINE, call());
  }

  @Test
  void boundsTheWaitForAHeadByTheWholeExchangeToo() {
    rig.request = SHORT;
    provider.answers(Turn::stall);
    assertEnds(Kind.DEADLINE, call());
  }

  @Test
  void boundsTheConnectByTheWholeExchangeToo() throws IOException {
    rig.request = SHORT;
    try (FullBacklog full = new FullBacklog()) {
      assertEnds(Kind.DEADLINE, Calls.post(full.target(), "{}"));
    }
  }

  @Test
  void letsAStreamLastLongerThanARequestMay() {
    rig.request = SHORT;
    provider.answers(turn ->
        turn.begin().drip("1\r\nx\r\n".repeat(5).getBytes(US_ASCII), GAP).end());
    assertThat(rig.text(call())).isEqualTo("xxxxx");
  }

  @Test
  void endsAStreamAtItsOwnLimit() {
    rig.maxStream = Optional.of(SHORT);
    provider.answers(turn -> turn.begin().drip("1\r\nx\r\n".repeat(5000).getBytes(US_ASCII), GAP));
    Problem problem = assertEnds(Kind.DEADLINE, call());
    assertThat(problem.message()).isEqualTo("max_stream_duration_ms exceeded");
  }

  @Test
  void endsTheWaitForAConnection() {
    rig.poolSize = 1;
    rig.poolWait = SHORT;
    provider.answers(turn -> turn.event("one").awaits(release));
    try (Reply holding = rig.send(call())) {
      Problem problem = assertEnds(Kind.SATURATED, call());
      assertThat(problem.headers().first("Retry-After")).contains("1");
      assertThat(holding.status()).isEqualTo(200);
    }
    assertThat(provider.requests()).hasSize(1);
  }

  @Test
  void givesAFreedConnectionToWhoWaits() {
    rig.poolSize = 1;
    provider.answersInTurn(
        turn -> turn.event("one").awaits(release).end(), turn -> turn.json("{2}"));
    CompletableFuture<String> waiting;
    try (Reply holding = rig.send(call())) {
      waiting = Rig.beside(() -> rig.text(call()));
      rig.awaitStats(stats -> stats.pending() == 1);
      release.countDown();
      Rig.text(holding.body());
    }
    assertThat(Rig.soon(waiting)).isEqualTo("{2}");
    assertThat(provider.connections()).isEqualTo(1);
  }

  private Call call() {
    return Calls.post(provider.target("/"), "{}");
  }

  private Target secure() {
    return new Target("https", "localhost", provider.port(), "/", "");
  }

  private Problem assertEnds(Kind kind, Call call) {
    Problem[] problem = new Problem[1];
    Duration time = Rig.time(() -> problem[0] = rig.problem(call));
    assertThat(problem[0].kind()).isEqualTo(kind);
    assertThat(time).isBetween(SHORT.minusMillis(5), Duration.ofSeconds(3));
    BrokenAnswersTest.assertDiscreet(problem[0]);
    return problem[0];
  }
}
