package io.aiproxy.balance;

import io.aiproxy.ledger.Ticker;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A moving average that goes up at once and comes down slowly (peak EWMA), so that an upstream which became slow is noticed
 * with its first slow answer. It also fades while nobody is asked, and is back as soon as somebody is: so one request now and
 * then finds out whether a slow upstream still is. Safe for all threads.
 */
final class FirstTokenTime {
  /** After this long an old value has about a third of its weight left. */
  static final long MEMORY_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final Ticker ticker;
  private final ReentrantLock lock = new ReentrantLock();
  private double average;
  private long updated;
  private long touched;

  FirstTokenTime(Ticker ticker) {
    this.ticker = ticker;
    this.updated = ticker.nanos();
    this.touched = updated;
  }

  void add(long nanos) {
    lock.lock();
    try {
      long now = ticker.nanos();
      double kept = kept(now - updated);
      average = nanos > average ? nanos : average * kept + nanos * (1 - kept);
      updated = now;
      touched = now;
    } finally {
      lock.unlock();
    }
  }

  /** Somebody is asked. */
  void asked() {
    lock.lock();
    try {
      touched = ticker.nanos();
    } finally {
      lock.unlock();
    }
  }

  /** In nanoseconds; 0 while nothing is known. */
  double nanos() {
    lock.lock();
    try {
      return average * kept(ticker.nanos() - touched);
    } finally {
      lock.unlock();
    }
  }

  private static double kept(long age) {
    return Math.exp(-(double) age / MEMORY_NANOS);
  }
}
