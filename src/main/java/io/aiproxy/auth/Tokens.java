package io.aiproxy.auth;

import io.aiproxy.call.Problem;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The token of one credential, renewed in time by a thread beside the calls: while the old one is good nobody waits, and there
 * is one renewal at a time. Safe for all threads.
 */
final class Tokens implements Supplier<String>, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Tokens.class);

  /** How often somebody is asked again who gave nothing. */
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final String name;
  private final Issuer issuer;
  private final Lifetime lifetime;
  private final InstantSource clock;
  private final ReentrantLock lock = new ReentrantLock();
  private volatile Token token = Token.NONE;
  private @Nullable Renewal renewal;

  /**
   * How tokens are used.
   *
   * @param early how long before its end one is renewed
   * @param longest how long one is used at most
   * @param patience how long a call waits for one
   */
  record Lifetime(Duration early, Duration longest, Duration patience) {
    /** Longer than anybody gives a token. */
    static final Duration UNBOUNDED = Duration.ofDays(365);

    static final Duration PATIENCE = Duration.ofSeconds(10);
  }

  /** A renewal under way or over, with the thread that does it. */
  private record Renewal(FutureTask<Token> task, Thread thread, Instant begun) {}

  /**
   * With no token yet.
   *
   * @param name who gives them out, for messages
   */
  Tokens(String name, Issuer issuer, Lifetime lifetime, InstantSource clock) {
    this.name = name;
    this.issuer = issuer;
    this.lifetime = lifetime;
    this.clock = clock;
  }

  /**
   * One that is good now.
   *
   * @throws Problem if none can be had
   */
  @Override
  public String get() {
    Instant now = clock.instant();
    Token current = token;
    if (now.isBefore(current.renewal())) {
      return current.value();
    }
    FutureTask<Token> renewed = renewed(now);
    return now.isBefore(current.end()) ? current.value() : await(renewed).value();
  }

  /** The renewal that is under way, or failed a moment ago, or else a new one. */
  private FutureTask<Token> renewed(Instant now) {
    lock.lock();
    try {
      Renewal last = renewal;
      if (last != null && (!last.task().isDone() || isFresh(last, now))) {
        return last.task();
      }
      FutureTask<Token> task = new FutureTask<>(this::renew);
      Thread thread = new Thread(task, "ai-proxy-token");
      thread.setDaemon(true);
      renewal = new Renewal(task, thread, now);
      thread.start();
      return task;
    } finally {
      lock.unlock();
    }
  }

  /** Whether it ended a moment ago: with a token that others have not seen yet, or with a failure not to be tried again at once. */
  private boolean isFresh(Renewal last, Instant now) {
    return now.isBefore(token.renewal()) || now.isBefore(last.begun().plus(PAUSE));
  }

  private Token renew() throws NoToken {
    try {
      Issuer.Issued issued = issuer.issue();
      Token renewed = Token.of(
          issued.value(), clock.instant(), issued.end(), lifetime.early(), lifetime.longest());
      token = renewed;
      return renewed;
    } catch (NoToken none) {
      LOG.error("no token from {}: {}", name, none.getMessage());
      throw none;
    } catch (RuntimeException | LinkageError broken) {
      NoToken none = NoToken.because(broken);
      LOG.error("no token from {}: {}", name, none.getMessage());
      throw none;
    }
  }

  private Token await(FutureTask<Token> renewed) {
    try {
      return renewed.get(lifetime.patience().toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException none) {
      throw Problem.of(
          Problem.Kind.NO_CREDENTIAL,
          "no token for the upstream could be had from " + name
              + "; the gateway's log says why, try again later");
    } catch (TimeoutException late) {
      throw Problem.of(
          Problem.Kind.UPSTREAM_TIMEOUT,
          "a token for the upstream did not come in time from " + name + "; try again later");
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw Problem.of(Problem.Kind.DRAINING, "the gateway is shutting down");
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      if (renewal != null) {
        renewal.thread().interrupt();
      }
    } finally {
      lock.unlock();
    }
  }
}
