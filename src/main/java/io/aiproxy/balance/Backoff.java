package io.aiproxy.balance;

import io.aiproxy.config.Balancing.Again;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * How long to wait before an instance is asked again: as long as it says, or else a random time of which the longest doubles
 * with each try, so that those who failed together do not come back together. Safe for all threads.
 */
final class Backoff {
  private static final Duration FIRST = Duration.ofMillis(500);
  private static final int MOST_DOUBLINGS = 20;

  private final Again again;
  private final Supplier<RandomGenerator> random;

  Backoff(Again again, Supplier<RandomGenerator> random) {
    this.again = again;
    this.random = random;
  }

  /**
   * How long; empty if it is not to be asked again.
   *
   * @param tries how often it was asked, at least once
   */
  Optional<Duration> before(int tries, Outcome failed) {
    if (tries > again.times() || !failed.mayPass()) {
      return Optional.empty();
    }
    return failed.wanted().isPresent()
        ? failed.wanted().filter(wait -> wait.compareTo(again.longestWait()) <= 0)
        : Optional.of(jittered(tries));
  }

  private Duration jittered(int tries) {
    long longest = Math.min(
        again.longestWait().toNanos(), FIRST.toNanos() << Math.min(tries - 1, MOST_DOUBLINGS));
    return Duration.ofNanos(random.get().nextLong(longest + 1));
  }
}
