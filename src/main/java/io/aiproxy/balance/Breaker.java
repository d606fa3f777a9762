package io.aiproxy.balance;

import io.aiproxy.config.PassiveCheck;
import io.aiproxy.ledger.Ticker;
import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Keeps requests away from an instance that fails too many of them: if so many hundredths of those of a while failed, it gets
 * none for a pause; then one tries, and its success lets all others in again. Safe for all threads.
 */
final class Breaker {
  private static final int BUCKETS = 10;

  private final PassiveCheck settings;
  private final Ticker ticker;
  private final long bucketNanos;
  private final ReentrantLock lock = new ReentrantLock();
  private final int[] successes = new int[BUCKETS];
  private final int[] failures = new int[BUCKETS];
  private long bucket;
  private int turns;
  private boolean open;
  private long openUntil;

  Breaker(PassiveCheck settings, Ticker ticker) {
    this.settings = settings;
    this.ticker = ticker;
    this.bucketNanos = Math.max(1, settings.window().toNanos() / BUCKETS);
    this.bucket = now();
  }

  /** What the end of a request changed. */
  enum Change {
    NONE,
    OPENED,
    CLOSED
  }

  /** Whether a request may go there. */
  boolean lets() {
    lock.lock();
    try {
      return !open || ticker.nanos() - openUntil >= 0;
    } finally {
      lock.unlock();
    }
  }

  /**
   * A request goes there. After a pause it is the one that tries, and others wait for what becomes of it.
   *
   * @return what {@link #ended} is to be told
   */
  int begins() {
    lock.lock();
    try {
      if (open) {
        openUntil = ticker.nanos() + settings.pause().toNanos();
      }
      return turns;
    } finally {
      lock.unlock();
    }
  }

  /**
   * A request came to an end that is the instance's own doing.
   *
   * @param begun what {@link #begins} said; one that began before the last change says nothing any more
   */
  Change ended(int begun, boolean well) {
    lock.lock();
    try {
      if (begun != turns) {
        return Change.NONE;
      }
      turn();
      (well ? successes : failures)[(int) Math.floorMod(bucket, (long) BUCKETS)]++;
      return open ? tried(well) : broken();
    } finally {
      lock.unlock();
    }
  }

  private Change tried(boolean well) {
    if (!well) {
      openUntil = ticker.nanos() + settings.pause().toNanos();
      return Change.NONE;
    }
    close();
    return Change.CLOSED;
  }

  private Change broken() {
    long failed = Arrays.stream(failures).sum();
    long all = failed + Arrays.stream(successes).sum();
    if (failed == 0
        || all < settings.minRequests()
        || failed * 100 < all * settings.failurePercent()) {
      return Change.NONE;
    }
    turns++;
    open = true;
    openUntil = ticker.nanos() + settings.pause().toNanos();
    return Change.OPENED;
  }

  /** Begins anew. */
  void reset() {
    lock.lock();
    try {
      close();
    } finally {
      lock.unlock();
    }
  }

  private void close() {
    turns++;
    open = false;
    Arrays.fill(successes, 0);
    Arrays.fill(failures, 0);
  }

  /** Empties the buckets whose time has gone by. */
  private void turn() {
    long now = now();
    for (long passed = Math.max(bucket + 1, now - BUCKETS + 1); passed <= now; passed++) {
      successes[(int) Math.floorMod(passed, (long) BUCKETS)] = 0;
      failures[(int) Math.floorMod(passed, (long) BUCKETS)] = 0;
    }
    bucket = now;
  }

  private long now() {
    return Math.floorDiv(ticker.nanos(), bucketNanos);
  }
}
