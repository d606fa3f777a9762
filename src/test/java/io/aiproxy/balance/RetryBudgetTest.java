package io.aiproxy.balance;

import static org.assertj.core.api.Assertions.assertThat;

import io.aiproxy.testing.FakeTicker;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RetryBudgetTest {
  private final FakeTicker ticker = new FakeTicker();

  @Test
  void allowsAShareOfTheRequests() {
    RetryBudget budget = new RetryBudget(20, ticker);
    IntStream.range(0, 1000).forEach(i -> budget.request());

    assertThat(taken(budget, 1000)).isEqualTo(200);
  }

  @Test
  void allowsAFewInAnyCase() {
    RetryBudget budget = new RetryBudget(20, ticker);
    budget.request();

    assertThat(taken(budget, 100)).isEqualTo(RetryBudget.FREE);
  }

  @Test
  void allowsNoneIfThereIsToBeNone() {
    RetryBudget budget = new RetryBudget(0, ticker);
    IntStream.range(0, 1000).forEach(i -> budget.request());

    assertThat(taken(budget, 10)).isZero();
  }

  @Test
  void forgetsAfterTenSeconds() {
    RetryBudget budget = new RetryBudget(20, ticker);
    IntStream.range(0, 1000).forEach(i -> budget.request());
    taken(budget, 1000);
    ticker.passes(Duration.ofSeconds(9));
    assertThat(taken(budget, 1000)).isZero();

    ticker.passes(Duration.ofSeconds(1));

    assertThat(taken(budget, 1000)).isEqualTo(RetryBudget.FREE);
  }

  @Test
  void keepsAnOutageOfAMinuteFromBeingMultiplied() {
    RetryBudget budget = new RetryBudget(20, ticker);
    int asked = 0;
    for (int second = 0; second < 60; second++) {
      for (int i = 0; i < 100; i++) {
        budget.request();
        asked += 1 + (budget.take() ? 1 : 0);
        ticker.passes(Duration.ofMillis(10));
      }
    }

    assertThat(asked / 6000.0).isLessThanOrEqualTo(1.2);
  }

  private static int taken(RetryBudget budget, int wanted) {
    return (int) IntStream.range(0, wanted).filter(i -> budget.take()).count();
  }
}
