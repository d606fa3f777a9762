package io.aiproxy.balance;

import static org.assertj.core.api.Assertions.assertThat;

import io.aiproxy.call.Headers;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryAfterTest {
  private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"7 | 7000", "0.5 | 500", "' 2 ' | 2000", "Sun, 22 Nov 2026 10:00:30 GMT | 30000"})
  void readsSecondsAndDates(String text, long millis) {
    assertThat(of("Retry-After", text)).contains(Duration.ofMillis(millis));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "0", "-3", "soon", "NaN", "Infinity", "1e30", "Sun, 22 Nov 2026 09:00:00 GMT"})
  void takesNonsenseForNothing(String text) {
    assertThat(of("Retry-After", text)).isEmpty();
  }

  @Test
  void prefersMilliseconds() {
    Headers headers =
        Headers.builder().add("Retry-After", "9").add("retry-after-ms", "250.5").build();

    assertThat(RetryAfter.of(headers, () -> NOW)).contains(Duration.ofNanos(250_500_000));
  }

  private static Optional<Duration> of(String name, String value) {
    return RetryAfter.of(Headers.builder().add(name, value).build(), () -> NOW);
  }
}
