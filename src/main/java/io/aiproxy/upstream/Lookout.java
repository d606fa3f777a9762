package io.aiproxy.upstream;

import io.aiproxy.call.Exchange;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;

/** Looks after something now and then until it is told to stop. Safe for all threads. */
final class Lookout {
  private final Exchange exchange;
  private final Look look;
  private final ReentrantLock lock = new ReentrantLock();
  private Runnable next = () -> {};
  private boolean over;

  /** One look, by a thread of the gateway's own. */
  @FunctionalInterface
  interface Look {
    /** Returns after what time to look again; zero if that is not wanted. */
    Duration take();
  }

  private Lookout(Exchange exchange, Look look) {
    this.exchange = exchange;
    this.look = look;
  }

  /**
   * Begins to look.
   *
   * @param first after what time
   * @return ends it
   */
  static Runnable over(Exchange exchange, Duration first, Look look) {
    Lookout lookout = new Lookout(exchange, look);
    lookout.schedule(first);
    return lookout::stop;
  }

  private void schedule(Duration delay) {
    lock.lock();
    try {
      if (!over) {
        next = exchange.after(delay, this::look);
      }
    } finally {
      lock.unlock();
    }
  }

  private void look() {
    Duration delay = look.take();
    if (!delay.isZero()) {
      schedule(delay);
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
