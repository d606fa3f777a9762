package io.aiproxy.call;

import static org.assertj.core.api.Assertions.assertThat;

import io.aiproxy.ledger.Ledger;
import io.aiproxy.testing.Calls;
import io.aiproxy.testing.FakeTicker;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExchangeTest {
  private final FakeTicker time = new FakeTicker();
  private final Exchange exchange = new Exchange("x", new Ledger("x", time), Calls.SCHEDULER);
  private final List<String> done = new ArrayList<>();

  @Test
  void stopsWhatRunsWhenItIsEnded() {
    exchange.onEnd(() -> done.add("first"));
    exchange.onEnd(() -> done.add("second"));

    exchange.end(Ending.SHUTDOWN);

    assertThat(done).containsExactly("first", "second");
    assertThat(exchange.ending()).contains(Ending.SHUTDOWN);
  }

  @Test
  void endsOnceAndForTheFirstReason() {
    exchange.onEnd(() -> done.add("stopped"));

    exchange.end(Ending.SHUTDOWN);
    exchange.end(Ending.CLIENT_GONE);

    assertThat(done).containsExactly("stopped");
    assertThat(exchange.ending()).contains(Ending.SHUTDOWN);
  }

  @Test
  void stopsAtOnceWhatComesAfterItsEnd() {
    exchange.end(Ending.SHUTDOWN);

    exchange.onEnd(() -> done.add("late"));

    assertThat(done).containsExactly("late");
  }

  @Test
  void leavesAloneWhatWasTakenBack() {
    Runnable takeBack = exchange.onEnd(() -> done.add("stopped"));

    takeBack.run();
    exchange.end(Ending.SHUTDOWN);

    assertThat(done).isEmpty();
  }

  @Test
  void letsAStopTakeAnotherOneBack() {
    Runnable[] other = new Runnable[1];
    exchange.onEnd(() -> other[0].run());
    other[0] = exchange.onEnd(() -> done.add("other"));

    exchange.end(Ending.SHUTDOWN);

    assertThat(done).hasSizeLessThanOrEqualTo(1);
  }

  @Test
  void settlesTheLastFirstWhenItIsFinishedAndThenStopsItsClock() {
    exchange.atFinish(() -> done.add("first"));
    exchange.atFinish(() -> {
      done.add("second");
      time.passesMillis(7);
    });

    exchange.finish();
    time.passesMillis(100);

    assertThat(done).containsExactly("second", "first");
    assertThat(exchange.ledger().nanos()).isEqualTo(7_000_000);
    assertThat(exchange.ended()).isFalse();
  }

  @Test
  void isNotAloneWhileAnAttemptRunsBesideIt() {
    assertThat(exchange.isAlone()).isTrue();
    exchange.beforeCount(() -> {});
    assertThat(exchange.isAlone()).isFalse();
  }
}
