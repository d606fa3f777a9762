package io.aiproxy.balance;

import static org.assertj.core.api.Assertions.assertThat;

import io.aiproxy.call.Ending;
import io.aiproxy.call.Exchange;
import io.aiproxy.call.Scheduler;
import io.aiproxy.config.Instance;
import io.aiproxy.ledger.Ledger;
import io.aiproxy.testing.FakeTicker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BulkheadTest {
  private final List<Runnable> alarms = new ArrayList<>();
  private final Scheduler atOnce = (delay, task) -> {
    List.copyOf(alarms).forEach(Runnable::run);
    task.run();
    return () -> {};
  };

  @Test
  void letsInAsManyAsItHasPlaces() {
    Bulkhead bulkhead = bulkhead(2, 0);

    assertThat(List.of(bulkhead.enter(), bulkhead.enter(), bulkhead.enter()))
        .containsExactly(true, true, false);
    assertThat(bulkhead.hasRoom()).isFalse();
  }

  @Test
  void letsInTheNextOneWhenOneLeaves() {
    Bulkhead bulkhead = bulkhead(1, 0);
    bulkhead.enter();

    bulkhead.leave();

    assertThat(bulkhead.enter()).isTrue();
  }

  @Test
  void hasNoBoundUnlessItIsGivenOne() {
    Bulkhead bulkhead = new Bulkhead(Instance.Bulkhead.NONE);

    for (int i = 0; i < 1000; i++) {
      assertThat(bulkhead.enter()).isTrue();
    }
  }

  @Test
  void givesThePlaceToWhoWaits() {
    Bulkhead bulkhead = bulkhead(1, 1);
    bulkhead.enter();
    alarms.add(bulkhead::leave);

    assertThat(bulkhead.await(exchange())).isTrue();
    assertThat(bulkhead.hasRoom()).isFalse();
  }

  @Test
  void turnsAwayWhoWaitedInVainAndForgetsIt() {
    Bulkhead bulkhead = bulkhead(1, 1);
    bulkhead.enter();

    assertThat(bulkhead.await(exchange())).isFalse();

    bulkhead.leave();
    assertThat(bulkhead.enter()).isTrue();
  }

  @Test
  void turnsAwayAtOnceIfTheQueueIsFull() {
    Bulkhead bulkhead = bulkhead(1, 1);
    bulkhead.enter();
    List<Boolean> third = new ArrayList<>();
    alarms.add(() -> {
      alarms.clear();
      third.add(bulkhead.await(exchange()));
    });

    bulkhead.await(exchange());

    assertThat(third).containsExactly(false);
  }

  @Test
  void doesNotKeepWaitingForAnExchangeThatWasEnded() {
    Bulkhead bulkhead = bulkhead(1, 1);
    bulkhead.enter();
    Exchange ended = new Exchange("x", new Ledger("x", new FakeTicker()), (d, t) -> () -> {});
    ended.end(Ending.SHUTDOWN);

    assertThat(bulkhead.await(ended)).isFalse();
  }

  private Exchange exchange() {
    return new Exchange("x", new Ledger("x", new FakeTicker()), atOnce);
  }

  private static Bulkhead bulkhead(int places, int queue) {
    return new Bulkhead(new Instance.Bulkhead(places, queue, Duration.ofSeconds(1)));
  }
}
