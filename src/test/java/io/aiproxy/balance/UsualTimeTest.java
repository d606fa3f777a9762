package io.aiproxy.balance;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class UsualTimeTest {
  private final UsualTime usual = new UsualTime();

  @Test
  void saysNothingBeforeItKnowsEnough() {
    for (int i = 1; i < UsualTime.LEAST; i++) {
      usual.add(1);
    }

    assertThat(usual.value()).isEmpty();
  }

  @Test
  void isTheTimeWithinWhichMostBegin() {
    for (int i = 1; i <= 100 * UsualTime.LEAST; i++) {
      usual.add(Duration.ofMillis(i % 100).toNanos());
    }

    assertThat(usual.value().orElseThrow()).isBetween(Duration.ofMillis(92), Duration.ofMillis(97));
  }

  @Test
  void forgetsWhatWasLongAgo() {
    for (int i = 0; i < 1024; i++) {
      usual.add(i < 512 ? Duration.ofSeconds(9).toNanos() : Duration.ofMillis(5).toNanos());
    }

    assertThat(usual.value()).contains(Duration.ofMillis(5));
  }
}
