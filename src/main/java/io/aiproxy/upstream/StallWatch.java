package io.aiproxy.upstream;

import io.aiproxy.call.Exchange;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Looks now and then after a body that is being sent: a write that waits for the upstream has no timeout of its own. One that
 * waits for the client is none of its business. Safe for all threads.
 */
final class StallWatch {
  private static final Duration PERIOD = Duration.ofMillis(250);

  private final Exchange exchange;
  private final Line line;
  private final Duration patience;
  private final ReentrantLock lock = new ReentrantLock();
  private Runnable next = () -> {};
  private Duration stuck = Duration.ZERO;
  private long seen;
  private boolean over;

  private StallWatch(Exchange exchange, Line line, Duration patience) {
    this.exchange = exchange;
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
    StallWatch watch = new StallWatch(exchange, line, patience);
    watch.schedule();
    return watch::stop;
  }

  private void schedule() {
    lock.lock();
    try {
      if (!over) {
        next = exchange.after(PERIOD, this::look);
      }
    } finally {
      lock.unlock();
    }
  }

  private void look() {
    long steps = line.steps();
    boolean waits = steps % 2 == 1 && steps == seen;
    seen = steps;
    stuck = waits ? stuck.plus(PERIOD) : Duration.ZERO;
    if (waits) {
      line.stopSendingIfAnswered();
    }
    if (stuck.compareTo(patience) >= 0) {
      line.cut(Trouble.slowTaking());
    } else {
      schedule();
    }
  }

  private void stop() {
    lock.lock();
    try {
      over = true;
      next.run();
    } finally {
      lock.unlock();
    }
  }
}
