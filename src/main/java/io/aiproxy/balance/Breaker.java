package io.aiproxy.balance;

import io.aiproxy.config.PassiveCheck;
import io.aiproxy.ledger.Ticker;
import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Keeps requests away from an instance that fails too many of them: if so many hundredths of those of a while failed, or so
 * many in a row, it gets none for a pause; then one tries, and its success lets all others in again. Safe for all threads.
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
  private int begun;
  private int begunAtChange;
  private int failedInARow;
  private int begunAtFirstFailure;
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
      return ++begun;
    } finally {
      lock.unlock();
    }
  }

  /**
   * A request came to an end that is the instance's own doing.
   *
   * @param number what {@link #begins} said; one that began before the last change says nothing any more
   */
  Change ended(int number, boolean well) {
    lock.lock();
    try {
      if (number - begunAtChange <= 0) {
        return Change.NONE;
      }
      turn();
      (well ? successes : failures)[(int) Math.floorMod(bucket, (long) BUCKETS)]++;
      countRow(number, well);
      return open ? tried(well) : broken();
    } finally {
      lock.unlock();
    }
  }

  /** A long stream that began when all was well says nothing of how it is now. */
  private void countRow(int number, boolean well) {
    if (!well && failedInARow++ == 0) {
      begunAtFirstFailure = begun;
    } else if (well && number - begunAtFirstFailure > 0) {
      failedInARow = 0;
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
    if (!isDead() && !isBad()) {
      return Change.NONE;
    }
    begunAtChange = begun;
    open = true;
    openUntil = ticker.nanos() + settings.pause().toNanos();
    return Change.OPENED;
  }

  /** The successes of before must not hide that there are none any more. */
  private boolean isDead() {
    return failedInARow >= settings.minRequests();
  }

  private boolean isBad() {
    long failed = Arrays.stream(failures).sum();
    long all = failed + Arrays.stream(successes).sum();
    return failed > 0
        && all >= settings.minRequests()
        && failed * 100 >= all * settings.failurePercent();
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
    begunAtChange = begun;
    open = false;
    failedInARow = 0;
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
    if (now - bucket >= BUCKETS) {
      failedInARow = 0;
    }
    bucket = now;
  }

  private long now() {
    return Math.floorDiv(ticker.nanos(), bucketNanos);
  }
}
