package io.aiproxy.balance;

import io.aiproxy.config.Balancing.Hedging;
import io.aiproxy.ledger.Ticker;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;

/** When a second instance is asked beside the first one, and for how many requests. Safe for all threads. */
final class Hedges {
  private final Optional<Duration> fixed;
  private final UsualTime usual = new UsualTime();
  private final RetryBudget budget;
  private final Executor threads;

  Hedges(Hedging settings, Ticker ticker, Executor threads) {
    this.fixed = settings.after();
    this.budget = new RetryBudget(settings.budgetPercent(), ticker);
    this.threads = threads;
  }

  /** A request of a client has come. */
  void request() {
    budget.request();
  }

  /** How long the first instance may take to its first output; empty while that is not known. */
  Optional<Duration> after() {
    return fixed.or(usual::value);
  }

  /** An answer has begun after that time, in nanoseconds. */
  void learn(long nanos) {
    if (fixed.isEmpty()) {
      usual.add(nanos);
    }
  }

  /** Whether it may be done once more; if so, that is counted. */
  boolean take() {
    return budget.take();
  }

  /** Where second attempts run. */
  Executor threads() {
    return threads;
  }
}
