package io.aiproxy.config;

import java.time.Duration;
import java.util.Optional;

/**
 * When an instance is known to be unwell by the requests of clients. Immutable.
 *
 * @param failurePercent so many of a hundred must fail, 1 to 100; 50 unless configured
 * @param minRequests and there must be so many, 1 or more; 10 unless configured; so many failures in a row are enough, too
 * @param window within this time; 30 s unless configured
 * @param pause how long it then gets none, before one may try; 10 s unless configured
 * @param slowFirstToken a first token that takes longer is a failure too; empty if it may take any time
 */
public record PassiveCheck(
    int failurePercent,
    int minRequests,
    Duration window,
    Duration pause,
    Optional<Duration> slowFirstToken) {
  public PassiveCheck {
    Bounds.atLeast(1, "failurePercent", failurePercent);
    Bounds.atLeast(1, "minRequests", minRequests);
    Bounds.positive("window", window);
    Bounds.positive("pause", pause);
  }
}
