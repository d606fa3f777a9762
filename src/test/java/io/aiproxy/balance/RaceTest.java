package io.aiproxy.balance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aiproxy.call.Call;
import io.aiproxy.call.Ending;
import io.aiproxy.call.Exchange;
import io.aiproxy.call.Headers;
import io.aiproxy.call.Problem;
import io.aiproxy.call.Reply;
import io.aiproxy.call.Scheduler;
import io.aiproxy.config.Balancing.Hedging;
import io.aiproxy.ledger.Attempt;
import io.aiproxy.ledger.Ledger;
import io.aiproxy.testing.Calls;
import io.aiproxy.testing.FakeTicker;
import io.aiproxy.testing.ScriptedBody;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BiFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The second attempt begins as soon as the first one says that it is late; each test says when which one is over. */
@Timeout(20)
class RaceTest {
  private static final Duration LATE = Duration.ofMillis(5);

  private final FakeTicker ticker = new FakeTicker();
  private final List<Member> members = Fleet.of(ticker, 1, 1);
  private final Member a = members.get(0);
  private final Member b = members.get(1);
  private final Map<Member, BiFunction<Member, Call, Outcome>> scripts = new HashMap<>();
  private final CountDownLatch threadsOver = new CountDownLatch(1);
  private final Executor threads = task -> new Thread(() -> {
        task.run();
        threadsOver.countDown();
      })
      .start();
  private Runnable alarm = () -> {};
  private final Scheduler scheduler = (delay, task) -> {
    alarm = task;
    return () -> alarm = () -> {};
  };
  private final Exchange exchange = new Exchange("x", new Ledger("x", ticker), scheduler);
  private Optional<Member> another = Optional.of(b);
  private Executor used = threads;
  private int budget = 100;

  @AfterEach
  void end() {
    exchange.end(Ending.SHUTDOWN);
  }

  @Test
  void asksNobodyElseWhileTheFirstIsInTime() {
    scripts.put(a, answers(200, "a"));

    assertThat(text(run())).isEqualTo("a");
    exchange.finish();
    assertThat(attempts()).containsExactly("a 200");
  }

  @Test
  void takesTheSecondIfItHasOutputFirstAndCutsOffTheFirst() {
    scripts.put(a, late(cutOff()));
    scripts.put(b, answers(200, "b"));

    assertThat(text(run())).isEqualTo("b");
    exchange.finish();
    assertThat(attempts()).containsExactly("a 0", "b 200");
  }

  @Test
  void takesTheFirstIfItHasOutputFirstAndCutsOffTheSecond() throws InterruptedException {
    CountDownLatch asked = new CountDownLatch(1);
    scripts.put(b, tells(asked, cutOff()));
    scripts.put(a, late(after(asked, answers(200, "a"))));

    assertThat(text(run())).isEqualTo("a");
    exchange.finish();
    assertThat(attempts()).containsExactly("b 0", "a 200");
    threadsOver.await();
  }

  @Test
  void waitsForTheSecondIfTheFirstFails() {
    CountDownLatch failed = new CountDownLatch(1);
    scripts.put(b, after(failed, answers(200, "b")));
    scripts.put(a, late(tells(failed, answers(503, "busy"))));

    assertThat(text(run())).isEqualTo("b");
    exchange.finish();
    assertThat(attempts()).containsExactly("a 503", "b 200");
  }

  @Test
  void leavesTheFirstAtItIfTheSecondFails() throws InterruptedException {
    scripts.put(b, answers(503, "busy"));
    scripts.put(a, late(after(threadsOver, answers(200, "a"))));

    assertThat(text(run())).isEqualTo("a");
    exchange.finish();
    assertThat(attempts()).containsExactly("b 503", "a 200");
  }

  @Test
  void tellsOfAFailureIfBothFail() {
    scripts.put(b, answers(503, "busy"));
    scripts.put(a, late(answers(500, "broken")));

    assertThat(run().status()).isEqualTo(503);
    exchange.finish();
    assertThat(attempts()).containsExactly("a 500", "b 503");
  }

  @Test
  void goesByTheFirstIfItSaysThatTheRequestIsWrong() throws InterruptedException {
    CountDownLatch asked = new CountDownLatch(1);
    scripts.put(b, tells(asked, cutOff()));
    scripts.put(a, late(after(asked, answers(400, "wrong"))));

    assertThat(run().status()).isEqualTo(400);
    threadsOver.await();
  }

  @Test
  void throwsWhatTheFirstThrows() {
    scripts.put(a, (member, call) -> {
      throw Problem.of(Problem.Kind.UNSUPPORTED_PROTOCOL, "");
    });

    assertThatThrownBy(this::run).isInstanceOf(Problem.class);
  }

  @Test
  void closesWhatTheLoserHolds() throws InterruptedException {
    ScriptedBody unused = ScriptedBody.of("b");
    CountDownLatch decided = new CountDownLatch(1);
    scripts.put(b, (member, call) -> {
      awaits(decided);
      return outcome(call, member, 200, unused);
    });
    scripts.put(a, late(answers(200, "a")));

    run();
    decided.countDown();
    exchange.finish();

    assertThat(unused.closed()).isTrue();
    threadsOver.await();
  }

  @Test
  void endsBothIfTheExchangeIsEnded() {
    CountDownLatch asked = new CountDownLatch(1);
    scripts.put(b, tells(asked, cutOff()));
    scripts.put(a, late((member, call) -> {
      awaits(asked);
      exchange.end(Ending.CLIENT_GONE);
      return cutOff().apply(member, call);
    }));

    assertThat(run().failed()).isTrue();
    exchange.finish();
    assertThat(attempts()).containsExactly("a 0", "b 0");
  }

  @Test
  void asksNobodyBesideTheFirstIfNobodyIsLeft() {
    another = Optional.empty();
    scripts.put(a, late(answers(200, "a")));

    assertThat(text(run())).isEqualTo("a");
  }

  @Test
  void keepsToItsBudget() {
    budget = 0;
    scripts.put(a, late(answers(200, "a")));
    b.bulkhead().enter();

    assertThat(text(run())).isEqualTo("a");
    assertThat(attempts()).containsExactly("a 200");
  }

  @Test
  void goesOnAloneIfThereIsNoThreadForTheSecond() {
    used = task -> {
      throw new RejectedExecutionException();
    };
    scripts.put(a, late(answers(200, "a")));

    assertThat(text(run())).isEqualTo("a");
  }

  @Test
  void settlesWhatTheWinnerOwesWithTheOutcomeOfTheWhole() {
    StringBuilder seen = new StringBuilder();
    scripts.put(a, (member, call) -> {
      call.exchange().atFinish(() -> seen.append(call.exchange().ledger().outcome()));
      return answers(200, "a").apply(member, call);
    });

    run();
    exchange.ledger().outcome("completed");
    exchange.finish();

    assertThat(seen).hasToString("completed");
  }

  private Outcome run() {
    Call call = Calls.at("openai-chat", "/", "", ticker).in(exchange);
    return new Race(
            call,
            (member, asked) -> scripts.get(member).apply(member, asked),
            outcome -> outcome.status() >= 500)
        .run(
            a,
            LATE,
            () -> another,
            new Hedges(new Hedging(Optional.of(LATE), budget), members, ticker, used));
  }

  private BiFunction<Member, Call, Outcome> late(BiFunction<Member, Call, Outcome> script) {
    return (member, call) -> {
      alarm.run();
      return script.apply(member, call);
    };
  }

  private static BiFunction<Member, Call, Outcome> tells(
      CountDownLatch sign, BiFunction<Member, Call, Outcome> script) {
    return (member, call) -> {
      sign.countDown();
      return script.apply(member, call);
    };
  }

  private static BiFunction<Member, Call, Outcome> after(
      CountDownLatch sign, BiFunction<Member, Call, Outcome> script) {
    return (member, call) -> {
      awaits(sign);
      return script.apply(member, call);
    };
  }

  private static BiFunction<Member, Call, Outcome> answers(int status, String text) {
    return (member, call) -> outcome(call, member, status, ScriptedBody.of(text));
  }

  /** One that never answers: it waits until somebody ends it. */
  private static BiFunction<Member, Call, Outcome> cutOff() {
    return (member, call) -> {
      call.exchange().ledger().attempt(member.name(), "http", "h", 80, "/");
      CountDownLatch cut = new CountDownLatch(1);
      call.exchange().onEnd(cut::countDown);
      awaits(cut);
      return Outcome.of(Problem.of(Problem.Kind.DEADLINE, ""), 0);
    };
  }

  private static Outcome outcome(Call call, Member member, int status, ScriptedBody body) {
    Attempt attempt = call.exchange().ledger().attempt(member.name(), "http", "h", 80, "/");
    attempt.head(status);
    return Outcome.of(new Reply(status, Headers.NONE, body), attempt.answer(), Optional.empty(), 0);
  }

  private static void awaits(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException hurried) {
      throw new AssertionError(hurried);
    }
  }

  private List<String> attempts() {
    return exchange.ledger().attempts().stream()
        .map(attempt -> attempt.instance() + " " + attempt.status())
        .toList();
  }

  private static String text(Outcome outcome) {
    return ScriptedBody.text(outcome.give().body());
  }
}
