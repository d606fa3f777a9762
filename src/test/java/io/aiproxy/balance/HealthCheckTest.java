package io.aiproxy.balance;

import static org.assertj.core.api.Assertions.assertThat;

import io.aiproxy.balance.Finding.Kind;
import io.aiproxy.config.ActiveCheck;
import io.aiproxy.testing.LogLines;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

class HealthCheckTest {
  private static final ActiveCheck CHECK = Fleet.check(
      "{'healthy':{'interval':3,'successes':1},'unhealthy':{'interval':2,'tcp_failures':1}}");

  private final Health health = new Health("one", () -> Instant.EPOCH);
  private final List<Duration> waits = new ArrayList<>();
  private final Deque<Runnable> due = new ArrayDeque<>();
  private Kind next = Kind.SUCCESS;
  private boolean stopped;
  private final HealthCheck check = new HealthCheck(health, CHECK, probe(), (wait, task) -> {
    waits.add(wait);
    due.add(task);
    return () -> {};
  });

  @Test
  void asksAgainAfterTheIntervalOfTheStateItFound() {
    check.begin(Duration.ZERO);
    goOn();
    next = Kind.TCP_FAILURE;
    goOn();
    next = Kind.SUCCESS;
    goOn();

    assertThat(waits)
        .containsExactly(
            Duration.ZERO, Duration.ofSeconds(3), Duration.ofSeconds(2), Duration.ofSeconds(3));
  }

  @Test
  void goesOnWhenAProbeIsAtFault() {
    check.begin(Duration.ZERO);
    next = Kind.UNDECIDED;
    try (LogLines log = LogLines.of(HealthCheck.class.getName())) {
      goOn();
      assertThat(log.lines()).hasSize(1);
    }

    assertThat(due).hasSize(1);
  }

  @Test
  void endsWhenItIsStopped() {
    check.begin(Duration.ZERO);
    check.stop();
    goOn();

    assertThat(due).isEmpty();
    assertThat(stopped).isTrue();
  }

  private void goOn() {
    due.remove().run();
  }

  private Probe probe() {
    return new Probe() {
      @Override
      public Finding ask() {
        if (next == Kind.UNDECIDED) {
          throw new IllegalStateException("a fault");
        }
        return new Finding(next, "");
      }

      @Override
      public void stop() {
        stopped = true;
      }
    };
  }
}
