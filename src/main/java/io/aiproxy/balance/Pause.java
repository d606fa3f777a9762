package io.aiproxy.balance;

import io.aiproxy.ledger.Ticker;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Leaves somebody alone who failed so many times in a row: for a second, and twice as long each time, up to a minute. Then one
 * tries. Safe for all threads.
 */
final class Pause {
  static final Duration FIRST = Duration.ofSeconds(1);
  static final Duration LONGEST = Duration.ofMinutes(1);

  private final int allowed;
  private final Ticker ticker;
  private final ReentrantLock lock = new ReentrantLock();
  private int failures;
  private Duration length = FIRST;
  private long until;

  /** @param allowed how many failures in a row lead to a pause; at least 1 */
  Pause(int allowed, Ticker ticker) {
    this.allowed = allowed;
    this.ticker = ticker;
  }

  /** Whether somebody may be asked; after a pause only the first one who asks this may, until it is known how that went. */
  boolean lets() {
    lock.lock();
    try {
      if (failures < allowed) {
        return true;
      }
      long now = ticker.nanos();
      if (now - until < 0) {
        return false;
      }
      until = now + length.toNanos();
      return true;
    } finally {
      lock.unlock();
    }
  }

  void succeeded() {
    lock.lock();
    try {
      failures = 0;
      length = FIRST;
    } finally {
      lock.unlock();
    }
  }

  void failed() {
    lock.lock();
    try {
      failures++;
      if (failures >= allowed) {
        until = ticker.nanos() + length.toNanos();
        Duration twice = length.multipliedBy(2);
        length = twice.compareTo(LONGEST) < 0 ? twice : LONGEST;
      }
    } finally {
      lock.unlock();
    }
  }
}
