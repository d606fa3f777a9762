package io.aiproxy.balance;

import static org.assertj.core.api.Assertions.assertThat;

import io.aiproxy.balance.Breaker.Change;
import io.aiproxy.config.PassiveCheck;
import io.aiproxy.testing.FakeTicker;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BreakerTest {
  private final FakeTicker ticker = new FakeTicker();
  private final Breaker breaker = new Breaker(
      new PassiveCheck(50, 4, Duration.ofSeconds(10), Duration.ofSeconds(5), Optional.empty()),
      ticker);

  @Test
  void opensWhenTooManyFail() {
    ends(true, true, false);
    assertThat(breaker.lets()).isTrue();

    assertThat(ends(false)).isEqualTo(Change.OPENED);
    assertThat(breaker.lets()).isFalse();
  }

  @Test
  void opensWhenSoManyFailInARowHoweverManySucceededBefore() {
    ends(true, true, true, true, true, true, true, true, true);

    ends(false, false, false);
    assertThat(breaker.lets()).isTrue();
    ends(false);
    assertThat(breaker.lets()).isFalse();
  }

  @Test
  void isNotKeptClosedByWhatBeganBeforeTheFailures() {
    ends(true, true, true, true, true);
    int early = breaker.begins();
    ends(false, false, false);
    breaker.ended(early, true);

    assertThat(ends(false)).isEqualTo(Change.OPENED);
  }

  @Test
  void aSuccessEndsTheRow() {
    ends(true, true, true, true, true, true, false, false, false, true, false);

    assertThat(breaker.lets()).isTrue();
  }

  @Test
  void staysClosedWhileThereAreTooFewToTell() {
    ends(false, false, false);

    assertThat(breaker.lets()).isTrue();
  }

  @Test
  void forgetsWhatIsLongAgo() {
    ends(false, false, false);
    ticker.passes(Duration.ofSeconds(11));
    ends(false);

    assertThat(breaker.lets()).isTrue();
  }

  @Test
  void letsOneTryAfterThePause() {
    opened();
    ticker.passes(Duration.ofSeconds(5));
    assertThat(breaker.lets()).isTrue();

    breaker.begins();

    assertThat(breaker.lets()).isFalse();
  }

  @Test
  void closesWhenTheTrySucceeds() {
    opened();
    ticker.passes(Duration.ofSeconds(5));

    assertThat(ends(true)).isEqualTo(Change.CLOSED);
    assertThat(breaker.lets()).isTrue();
  }

  @Test
  void waitsAnotherPauseWhenTheTryFails() {
    opened();
    ticker.passes(Duration.ofSeconds(5));

    assertThat(ends(false)).isEqualTo(Change.NONE);
    assertThat(breaker.lets()).isFalse();
    ticker.passes(Duration.ofSeconds(5));
    assertThat(breaker.lets()).isTrue();
  }

  @Test
  void isNotClosedByWhatBeganBeforeItOpened() {
    int early = breaker.begins();
    opened();

    assertThat(breaker.ended(early, true)).isEqualTo(Change.NONE);
    assertThat(breaker.lets()).isFalse();
  }

  @Test
  void beginsAnewWhenToldTo() {
    opened();
    breaker.reset();
    ends(false, false, false);

    assertThat(breaker.lets()).isTrue();
  }

  private void opened() {
    ends(false, false, false, false);
  }

  private Change ends(boolean... well) {
    Change last = Change.NONE;
    for (boolean one : well) {
      last = breaker.ended(breaker.begins(), one);
    }
    return last;
  }
}
