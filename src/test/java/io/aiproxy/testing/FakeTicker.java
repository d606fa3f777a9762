package io.aiproxy.testing;

import io.aiproxy.ledger.Ticker;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** A clock that goes when it is told. */
public final class FakeTicker implements Ticker {
  private final AtomicLong now = new AtomicLong(-5_000_000_000L); // clocks may begin anywhere

  @Override
  public long nanos() {
    return now.get();
  }

  /** Lets that time pass. */
  public FakeTicker passes(Duration time) {
    now.addAndGet(time.toNanos());
    return this;
  }

  /** Lets that time pass. */
  public FakeTicker passesMillis(long millis) {
    return passes(Duration.ofMillis(millis));
  }
}
