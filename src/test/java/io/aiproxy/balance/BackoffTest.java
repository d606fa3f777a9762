package io.aiproxy.balance;

import static org.assertj.core.api.Assertions.assertThat;

import io.aiproxy.call.Headers;
import io.aiproxy.call.Problem;
import io.aiproxy.call.Reply;
import io.aiproxy.config.Balancing.Again;
import io.aiproxy.testing.ScriptedBody;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BackoffTest {
  private static final Duration LONGEST = Duration.ofSeconds(3);

  private final Random random = new Random(7);
  private final Backoff backoff = new Backoff(new Again(4, LONGEST), () -> random);

  @ParameterizedTest
  @CsvSource({"1, 500", "2, 1000", "3, 2000", "4, 3000"})
  void spreadsTheWaitOverATimeThatDoubles(int tries, long millis) {
    long[] waits = IntStream.range(0, 1000)
        .mapToLong(i -> backoff.before(tries, status(503)).orElseThrow().toMillis())
        .sorted()
        .toArray();

    assertThat(waits[0]).isLessThan(millis / 20);
    assertThat(waits[500]).isBetween(millis * 2 / 5, millis * 3 / 5);
    assertThat(waits[999]).isBetween(millis * 19 / 20, millis);
  }

  @Test
  void waitsAsLongAsTheInstanceWants() {
    assertThat(backoff.before(1, wanting(429, Duration.ofMillis(1234))))
        .contains(Duration.ofMillis(1234));
  }

  @Test
  void doesNotAskOneAgainThatWantsToBeLeftAloneForTooLong() {
    assertThat(backoff.before(1, wanting(429, LONGEST.plusMillis(1)))).isEmpty();
  }

  @Test
  void givesUpAfterAsManyTriesAsItMay() {
    assertThat(backoff.before(5, status(503))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {408, 409, 429, 500, 503, 529})
  void asksAgainWhatMayPass(int status) {
    assertThat(backoff.before(1, status(status))).isPresent();
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 401, 403, 404, 413, 422})
  void doesNotAskAgainWhatTheRequestIsToBlameFor(int status) {
    assertThat(backoff.before(1, status(status))).isEmpty();
  }

  @Test
  void asksAgainWhatNobodyAnswered() {
    Outcome lost = Outcome.of(Problem.of(Problem.Kind.UPSTREAM_BROKEN, ""), 0);

    assertThat(backoff.before(1, lost)).isPresent();
  }

  @ParameterizedTest
  @CsvSource({"503, false", "400, true"})
  void believesTheReplyThatSaysWhetherToAskAgain(int status, boolean word) {
    Headers headers =
        Headers.builder().add("X-Should-Retry", String.valueOf(word)).build();
    Outcome outcome = new Outcome(
        Optional.of(new Reply(status, headers, ScriptedBody.of())),
        Optional.empty(),
        false,
        false,
        Optional.empty(),
        0);

    assertThat(backoff.before(1, outcome).isPresent()).isEqualTo(word);
  }

  @Test
  void neverAsksAgainWhoWantsMoney() {
    Outcome spent = new Outcome(
        Optional.of(new Reply(429, Headers.NONE, ScriptedBody.of())),
        Optional.empty(),
        false,
        true,
        Optional.empty(),
        0);

    assertThat(backoff.before(1, spent)).isEmpty();
  }

  private static Outcome status(int status) {
    return outcome(status, Optional.empty());
  }

  private static Outcome wanting(int status, Duration wait) {
    return outcome(status, Optional.of(wait));
  }

  private static Outcome outcome(int status, Optional<Duration> wanted) {
    return new Outcome(
        Optional.of(new Reply(status, Headers.NONE, ScriptedBody.of())),
        Optional.empty(),
        false,
        false,
        wanted,
        0);
  }
}
