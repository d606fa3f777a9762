package io.aiproxy.balance;

import io.aiproxy.ledger.Ticker;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A moving average that goes up at once and comes down slowly (peak EWMA), so that an upstream which became slow is noticed
 * with its first slow answer. Safe for all threads.
 */
final class FirstTokenTime {
  /** After this long an old value has about a third of its weight left. */
  static final long MEMORY_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final Ticker ticker;
  private final ReentrantLock lock = new ReentrantLock();
  private double average;
  private long updated;

  FirstTokenTime(Ticker ticker) {
    this.ticker = ticker;
    this.updated = ticker.nanos();
  }

  void add(long nanos) {
    lock.lock();
    try {
      long now = ticker.nanos();
      double kept = Math.exp(-(double) (now - updated) / MEMORY_NANOS);
      average = nanos > average ? nanos : average * kept + nanos * (1 - kept);
      updated = now;
    } finally {
      lock.unlock();
    }
  }

  /** In nanoseconds; 0 while nothing is known. */
  double nanos() {
    lock.lock();
    try {
      return average;
    } finally {
      lock.unlock();
    }
  }
}
