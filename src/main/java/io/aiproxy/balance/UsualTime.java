package io.aiproxy.balance;

import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/** The time within which most answers of an instance begin, learnt from the last ones. Safe for all threads. */
final class UsualTime {
  /** So many answers have to be known before anything is said. */
  static final int LEAST = 32;

  private static final int KEPT = 256;
  private static final int PERCENT = 95;

  private final ReentrantLock lock = new ReentrantLock();
  private final long[] last = new long[KEPT];
  private long known;
  private long usual;

  /** An answer has begun after that time. */
  void add(long nanos) {
    lock.lock();
    try {
      last[(int) (known % KEPT)] = nanos;
      known++;
      if (known % LEAST == 0) {
        usual = percentile();
      }
    } finally {
      lock.unlock();
    }
  }

  private long percentile() {
    long[] sorted = Arrays.copyOf(last, (int) Math.min(known, KEPT));
    Arrays.sort(sorted);
    return sorted[sorted.length * PERCENT / 100];
  }

  /** The time within which 95 of 100 answers began, of late; empty while too few are known. */
  Optional<Duration> value() {
    lock.lock();
    try {
      return known < LEAST ? Optional.empty() : Optional.of(Duration.ofNanos(usual));
    } finally {
      lock.unlock();
    }
  }
}
