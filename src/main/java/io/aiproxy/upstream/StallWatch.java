package io.aiproxy.upstream;

import io.aiproxy.call.Exchange;
import java.time.Duration;

/**
 * Looks now and then after a body that is being sent: a write that waits for the upstream has no timeout of its own. One that
 * waits for the client is none of its business.
 */
final class StallWatch implements Lookout.Look {
  private static final Duration PERIOD = Duration.ofMillis(250);

  private final Line line;
  private final Duration patience;
  private Duration stuck = Duration.ZERO;
  private long seen;

  private StallWatch(Line line, Duration patience) {
    this.line = line;
    this.patience = patience;
  }

  /**
   * Begins to look.
   *
   * @param patience for each write
   * @return ends it
   */
  static Runnable over(Exchange exchange, Line line, Duration patience) {
    return Lookout.over(exchange, PERIOD, new StallWatch(line, patience));
  }

  @Override
  public Duration take() {
    long steps = line.steps();
    boolean waits = steps % 2 == 1 && steps == seen;
    seen = steps;
    stuck = waits ? stuck.plus(PERIOD) : Duration.ZERO;
    if (waits) {
      line.stopSendingIfAnswered();
    }
    if (stuck.compareTo(patience) >= 0) {
      line.cut(Trouble.slowTaking());
      return Duration.ZERO;
    }
    return PERIOD;
  }
}
