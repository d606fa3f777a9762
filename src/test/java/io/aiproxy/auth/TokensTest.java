package io.aiproxy.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.aiproxy.auth.Issuer.Issued;
import io.aiproxy.auth.Tokens.Lifetime;
import io.aiproxy.call.Problem;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class TokensTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final Duration HOUR = Duration.ofHours(1);

  private final AtomicReference<Instant> now = new AtomicReference<>(START);
  private final AtomicInteger issued = new AtomicInteger();

  @Test
  void useOneUntilItIsNearItsEnd() {
    Tokens tokens = tokens(this::next, HOUR);

    assertThat(tokens.get()).isEqualTo("token-1");
    pass(Duration.ofMinutes(58));
    assertThat(tokens.get()).isEqualTo("token-1");
  }

  @Test
  void renewOneBesideTheCallsWhileItIsStillGood() throws Exception {
    SynchronousQueue<Issued> given = new SynchronousQueue<>();
    Tokens tokens = tokens(() -> issued.getAndIncrement() == 0 ? next("old") : take(given), HOUR);
    String first = tokens.get();
    pass(Duration.ofMinutes(59).plusSeconds(30));

    String meanwhile = tokens.get();
    given.put(next("new"));

    assertThat(List.of(first, meanwhile, awaitOther(tokens, "old")))
        .containsExactly("old", "old", "new");
  }

  @Test
  void areAskedForOnceByAllWhoWait() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    Tokens tokens = tokens(
        () -> {
          await(release);
          return next();
        },
        HOUR);
    int crowd = 16;
    ExecutorService threads = Executors.newFixedThreadPool(crowd);
    List<Future<String>> all = new ArrayList<>();
    Callable<String> get = tokens::get;
    for (int i = 0; i < crowd; i++) {
      all.add(threads.submit(get));
    }
    release.countDown();

    for (Future<String> one : all) {
      assertThat(one.get()).isEqualTo("token-1");
    }
    threads.shutdown();
  }

  @Test
  void areNotUsedLongerThanTheyAreAllowedTo() {
    Tokens tokens = tokens(this::next, Duration.ofMinutes(5));
    tokens.get();
    pass(Duration.ofMinutes(5));

    assertThat(tokens.get()).isEqualTo("token-2");
  }

  @Test
  void goOnWithTheOldOneWhileItIsGoodThoughNoNewOneIsToBeHad() throws Exception {
    CountDownLatch failed = new CountDownLatch(1);
    Tokens tokens = tokens(
        () -> {
          if (issued.get() > 0) {
            failed.countDown();
            throw new NoToken("closed");
          }
          return next();
        },
        HOUR);
    tokens.get();
    pass(Duration.ofMinutes(59).plusSeconds(30));
    tokens.get();
    failed.await();

    assertThat(tokens.get()).isEqualTo("token-1");
  }

  @Test
  void saySoIfNoneIsToBeHad() {
    Tokens tokens = tokens(
        () -> {
          throw new NoToken("invalid_grant sk-secret");
        },
        HOUR);

    Problem problem = catchThrowableOfType(Problem.class, tokens::get);

    assertThat(problem.kind() + " " + problem.message())
        .isEqualTo(
            "NO_CREDENTIAL no token for the upstream could be had from Nobody; the gateway's log says why,"
                + " try again later");
  }

  @Test
  void askAgainAfterAPauseWhereNoneWasToBeHad() {
    AtomicInteger asked = new AtomicInteger();
    Tokens tokens = tokens(
        () -> {
          if (asked.getAndIncrement() == 0) {
            throw new NoToken("not yet");
          }
          return next();
        },
        HOUR);
    catchThrowableOfType(Problem.class, tokens::get);
    catchThrowableOfType(Problem.class, tokens::get);
    int atOnce = asked.get();
    pass(Duration.ofSeconds(2));

    assertThat(tokens.get() + " after " + atOnce).isEqualTo("token-1 after 1");
  }

  @Test
  void doNotKeepACallWaitingForEver() {
    CountDownLatch never = new CountDownLatch(1);
    Tokens tokens = new Tokens(
        "Nobody",
        () -> {
          await(never);
          return next();
        },
        new Lifetime(Duration.ofMinutes(1), HOUR, Duration.ofMillis(20)),
        now::get);

    Problem problem = catchThrowableOfType(Problem.class, tokens::get);
    tokens.close();

    assertThat(problem.kind()).isEqualTo(Problem.Kind.UPSTREAM_TIMEOUT);
  }

  @Test
  void ofAShortLifeAreRenewedInTheMiddleOfIt() {
    Token token =
        Token.of("x", START, START.plusSeconds(30), Duration.ofSeconds(60), Lifetime.UNBOUNDED);

    assertThat(token.renewal()).isEqualTo(START.plusSeconds(15));
  }

  private Tokens tokens(Issuer issuer, Duration longest) {
    return new Tokens(
        "Nobody",
        issuer,
        new Lifetime(Duration.ofMinutes(1), longest, Duration.ofSeconds(10)),
        now::get);
  }

  private void pass(Duration time) {
    now.updateAndGet(instant -> instant.plus(time));
  }

  private Issued next() {
    return next("token-" + issued.incrementAndGet());
  }

  private Issued next(String value) {
    return new Issued(value, now.get().plus(HOUR));
  }

  /** Others than that one come as soon as the thread that fetched them has put them there. */
  private static String awaitOther(Tokens tokens, String old) {
    String found = tokens.get();
    while (found.equals(old)) {
      Thread.onSpinWait();
      found = tokens.get();
    }
    return found;
  }

  private static Issued take(BlockingQueue<Issued> given) {
    try {
      return given.take();
    } catch (InterruptedException stopped) {
      throw new IllegalStateException(stopped);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException stopped) {
      throw new IllegalStateException(stopped);
    }
  }
}
