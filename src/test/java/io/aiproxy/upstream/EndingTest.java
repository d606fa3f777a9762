package io.aiproxy.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.aiproxy.call.Call;
import io.aiproxy.call.Ending;
import io.aiproxy.call.Problem;
import io.aiproxy.call.Problem.Kind;
import io.aiproxy.call.Reply;
import io.aiproxy.testing.Calls;
import io.aiproxy.testing.ScriptedUpstream;
import io.aiproxy.testing.Turn;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever an exchange waits for, it stops at once when it is ended, and its upstream is told by a closed connection. */
final class EndingTest {
  /** Some milliseconds in fact; the rest is for a busy machine. */
  private static final Duration AT_ONCE = Duration.ofSeconds(1);

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
  void stopsConnecting() throws IOException {
    try (FullBacklog full = new FullBacklog()) {
      Call call = Calls.post(full.target(), "{}");
      CompletableFuture<Problem> result = Rig.beside(() -> rig.problem(call));
      rig.awaitStats(stats -> stats.leased() == 1);
      assertEndsAtOnce(call, result);
    }
  }

  @Test
  void stopsWaitingForAConnection() {
    rig.poolSize = 1;
    provider.answers(turn -> turn.event("one").awaits(release));
    try (Reply holding = rig.send(call())) {
      Call call = call();
      CompletableFuture<Problem> result = Rig.beside(() -> rig.problem(call));
      rig.awaitStats(stats -> stats.pending() == 1);
      assertEndsAtOnce(call, result);
      assertThat(holding.status()).isEqualTo(200);
    }
  }

  @Test
  void stopsSending() {
    provider.greets(turn -> turn.awaits(release));
    Call call = Calls.post(provider.target("/"), "x".repeat(20 << 20));
    CompletableFuture<Problem> result = Rig.beside(() -> rig.problem(call));
    rig.awaitStats(stats -> stats.leased() == 1);
    assertEndsAtOnce(call, result);
  }

  @Test
  void stopsWaitingForAHead() {
    provider.answers(Turn::stall);
    Call call = call();
    CompletableFuture<Problem> result = Rig.beside(() -> rig.problem(call));
    provider.request(0);
    assertEndsAtOnce(call, result);
    provider.request(0).awaitLeft();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void stopsReading(boolean kept) {
    if (kept) {
      provider.answersInTurn(turn -> turn.json("{}"), turn -> turn.event("one").stall());
      rig.text(call());
    } else {
      provider.answers(turn -> turn.event("one").stall());
    }
    Call call = call();
    try (Reply reply = rig.send(call)) {
      CompletableFuture<Problem> result =
          Rig.beside(() -> catchThrowableOfType(Problem.class, () -> Rig.text(reply.body())));
      assertEndsAtOnce(call, result);
    }
    provider.request(kept ? 1 : 0).awaitLeft();
  }

  @Test
  void doesNotBeginWhatHasEndedAlready() {
    Call call = call();
    call.exchange().end(Ending.CLIENT_GONE);
    assertThat(rig.problem(call).kind()).isEqualTo(Kind.DEADLINE);
    assertThat(provider.connections()).isZero();
  }

  @ParameterizedTest
  @CsvSource({"CLIENT_GONE, DEADLINE", "SHUTDOWN, DRAINING"})
  void saysWhyItStopped(Ending ending, Kind kind) {
    provider.answers(turn -> {
      turn.event("one");
      turn.stall();
    });
    Call call = call();
    try (Reply reply = rig.send(call)) {
      call.exchange().end(ending);
      Problem problem = catchThrowableOfType(Problem.class, () -> Rig.text(reply.body()));
      assertThat(problem.kind()).isEqualTo(kind);
    }
  }

  @Test
  void closingABodyThatIsNotReadDoesNotReadIt() {
    provider.answers(turn -> turn.event("one").stall());
    Reply reply = rig.send(call());
    assertThat(Rig.time(reply::close)).isLessThan(AT_ONCE);
    provider.request(0).awaitLeft();
    assertThat(rig.stats()).isEqualTo(Stats.NONE);
    reply.close();
  }

  @Test
  void closingABodyThatComesAtFullSpeedDoesNotReadIt() {
    byte[] much = new byte[64 * 1024];
    provider.answers(turn -> {
      while (true) {
        turn.chunk(much);
      }
    });
    Reply reply = rig.send(call());
    reply.body().advance(piece -> {});
    assertThat(Rig.time(reply::close)).isLessThan(AT_ONCE);
    provider.request(0).awaitLeft();
  }

  @Test
  void cannotHarmTheNextExchangeOnTheConnection() {
    provider.answersInTurn(
        turn -> turn.json("{1}"), turn -> turn.event("one").awaits(release).end());
    Call first = call();
    rig.text(first);
    try (Reply second = rig.send(call())) {
      first.exchange().end(Ending.SHUTDOWN);
      release.countDown();
      assertThat(Rig.text(second.body())).isEqualTo("data: one\n\n");
    }
    assertThat(provider.connections()).isEqualTo(1);
  }

  @Test
  void leavesNothingRegisteredBehind() {
    Call call = call();
    try (Reply reply = rig.send(call)) {
      Rig.text(reply.body());
    }
    rig.text(call());
    call.exchange().end(Ending.SHUTDOWN);
    assertThat(rig.stats()).isEqualTo(new Stats(0, 1, 0));
  }

  @Test
  void endsTheAttemptHoweverItEnds() {
    provider.answers(turn -> turn.event("one").stall());
    Call call = call();
    Reply reply = rig.send(call);
    assertThat(call.exchange().ledger().lastAttempt().orElseThrow().endNanos()).isNegative();
    reply.close();
    assertThat(call.exchange().ledger().lastAttempt().orElseThrow().endNanos()).isPositive();
  }

  private Call call() {
    return Calls.post(provider.target("/"), "{}");
  }

  private static void assertEndsAtOnce(Call call, CompletableFuture<Problem> result) {
    Duration time = Rig.time(() -> {
      call.exchange().end(Ending.CLIENT_GONE);
      assertThat(Rig.soon(result).kind()).isEqualTo(Kind.DEADLINE);
    });
    assertThat(time).isLessThan(AT_ONCE);
  }
}
