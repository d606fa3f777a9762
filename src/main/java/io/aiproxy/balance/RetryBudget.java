package io.aiproxy.balance;

import io.aiproxy.ledger.Ticker;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Keeps an outage from being multiplied: of the requests of the last ten seconds only so many may be asked again. Safe for all
 * threads.
 */
final class RetryBudget {
  /** So many may be asked again in any case, or a route with few requests could never be helped. */
  static final int FREE = 10;

  private static final int SECONDS = 10;

  private final Ticker ticker;
  private final int percent;
  private final ReentrantLock lock = new ReentrantLock();
  private final int[] requests = new int[SECONDS];
  private final int[] retries = new int[SECONDS];
  private long second;

  RetryBudget(int percent, Ticker ticker) {
    this.percent = percent;
    this.ticker = ticker;
    this.second = now();
  }

  /** A request of a client has come. */
  void request() {
    count(requests);
  }

  /** Whether one may be asked again; if so, that is counted. */
  boolean take() {
    lock.lock();
    try {
      turn();
      long allowed = Math.max(percent == 0 ? 0 : FREE, (long) sum(requests) * percent / 100);
      boolean granted = sum(retries) < allowed;
      if (granted) {
        retries[(int) Math.floorMod(second, (long) SECONDS)]++;
      }
      return granted;
    } finally {
      lock.unlock();
    }
  }

  private void count(int[] buckets) {
    lock.lock();
    try {
      turn();
      buckets[(int) Math.floorMod(second, (long) SECONDS)]++;
    } finally {
      lock.unlock();
    }
  }

  /** Empties the seconds that have gone by. */
  private void turn() {
    long now = now();
    for (long passed = Math.max(second + 1, now - SECONDS + 1); passed <= now; passed++) {
      requests[(int) Math.floorMod(passed, (long) SECONDS)] = 0;
      retries[(int) Math.floorMod(passed, (long) SECONDS)] = 0;
    }
    second = now;
  }

  private long now() {
    return TimeUnit.NANOSECONDS.toSeconds(ticker.nanos());
  }

  private static int sum(int[] buckets) {
    int sum = 0;
    for (int bucket : buckets) {
      sum += bucket;
    }
    return sum;
  }
}
