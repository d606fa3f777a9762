package io.aiproxy.balance;

import io.aiproxy.config.Balancing.Hedging;
import io.aiproxy.ledger.Ticker;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;

/** When a second instance is asked beside the first one, and for how many requests. Safe for all threads. */
final class Hedges {
  private final Optional<Duration> fixed;
  private final List<Member> members;
  private final RetryBudget budget;
  private final Executor threads;

  Hedges(Hedging settings, List<Member> members, Ticker ticker, Executor threads) {
    this.fixed = settings.after();
    this.members = members;
    this.budget = new RetryBudget(settings.budgetPercent(), ticker);
    this.threads = threads;
  }

  /** A request of a client has come. */
  void request() {
    budget.request();
  }

  /**
   * How long the first instance may take to its first output: what has been learnt is the usual time of the fastest one, since
   * that of a slow one would have all wait for it. Empty while nothing is known.
   */
  Optional<Duration> after() {
    return fixed.or(() -> members.stream()
        .flatMap(member -> member.usualTime().stream())
        .min(Comparator.naturalOrder()));
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
