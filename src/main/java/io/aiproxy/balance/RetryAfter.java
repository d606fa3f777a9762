package io.aiproxy.balance;

import io.aiproxy.call.Headers;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/**
 * How long an upstream wants to be left alone: {@code retry-after-ms}, which OpenAI's and Anthropic's clients read first, or
 * {@code Retry-After} in seconds, perhaps with a fraction, or as a date.
 */
final class RetryAfter {
  private static final double MOST_MILLIS = 86_400_000;

  private RetryAfter() {}

  /** Empty if it does not say, or nothing that makes sense. */
  static Optional<Duration> of(Headers headers, InstantSource clock) {
    return headers
        .first("retry-after-ms")
        .flatMap(text -> millis(text, 1))
        .or(() -> headers
            .first("retry-after")
            .flatMap(text -> millis(text, 1000).or(() -> date(text, clock.instant()))))
        .filter(wait -> !wait.isNegative() && !wait.isZero());
  }

  private static Optional<Duration> millis(String text, double unit) {
    try {
      double millis = Double.parseDouble(text.trim()) * unit;
      return millis > 0 && millis <= MOST_MILLIS
          ? Optional.of(Duration.ofNanos((long) (millis * 1_000_000)))
          : Optional.empty();
    } catch (NumberFormatException notANumber) {
      return Optional.empty();
    }
  }

  private static Optional<Duration> date(String text, Instant now) {
    try {
      Instant then =
          ZonedDateTime.parse(text.trim(), DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      return Optional.of(Duration.between(now, then));
    } catch (DateTimeException notADate) {
      return Optional.empty();
    }
  }
}
