package io.aiproxy.config;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How much to take.
 *
 * @param maxRequestBytes of a client's body, 1 or more; 67,108,864 (64 MiB) unless configured
 * @param maxResponseBytes of an upstream's answer, 1 or more; no limit unless configured
 * @param maxStreamDuration of a stream from the start of the attempt; no limit unless configured
 * @param maxConcurrentRequests on this route at the same time; 0, which is the default, is no limit
 */
public record Limits(
    long maxRequestBytes,
    OptionalLong maxResponseBytes,
    Optional<Duration> maxStreamDuration,
    int maxConcurrentRequests) {
  public Limits {
    Bounds.atLeast(1, "maxRequestBytes", maxRequestBytes);
    Bounds.atLeast(1, "maxResponseBytes", maxResponseBytes.orElse(1));
    maxStreamDuration.ifPresent(duration -> Bounds.positive("maxStreamDuration", duration));
    Bounds.atLeast(0, "maxConcurrentRequests", maxConcurrentRequests);
  }
}
