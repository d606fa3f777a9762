package io.aiproxy.balance;

import static org.assertj.core.api.Assertions.assertThat;

import io.aiproxy.testing.FakeTicker;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class PauseTest {
  private final FakeTicker ticker = new FakeTicker();

  @Test
  void beginsWithSoManyFailuresInARow() {
    Pause pause = new Pause(2, ticker);
    pause.failed();
    assertThat(pause.lets()).isTrue();
    pause.succeeded();
    pause.failed();
    assertThat(pause.lets()).isTrue();

    pause.failed();

    assertThat(pause.lets()).isFalse();
  }

  @Test
  void isTwiceAsLongEachTimeUpToAMinute() {
    Pause pause = new Pause(1, ticker);
    for (long seconds : new long[] {1, 2, 4, 8, 16, 32, 60, 60}) {
      pause.failed();
      ticker.passes(Duration.ofSeconds(seconds).minusNanos(1));
      assertThat(pause.lets()).as("before %s s", seconds).isFalse();
      ticker.passes(Duration.ofNanos(1));
      assertThat(pause.lets()).as("after %s s", seconds).isTrue();
    }
  }

  @Test
  void letsOneTryWhileTheOthersWait() {
    Pause pause = new Pause(1, ticker);
    pause.failed();
    ticker.passes(Pause.FIRST);

    assertThat(pause.lets()).isTrue();
    assertThat(pause.lets()).isFalse();

    pause.succeeded();
    assertThat(pause.lets()).isTrue();
    assertThat(pause.lets()).isTrue();
  }

  @Test
  void beginsAnewAfterASuccess() {
    Pause pause = new Pause(1, ticker);
    pause.failed();
    pause.failed();
    pause.succeeded();
    pause.failed();

    ticker.passes(Pause.FIRST);

    assertThat(pause.lets()).isTrue();
  }
}
