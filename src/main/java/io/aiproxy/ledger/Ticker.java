package io.aiproxy.ledger;

/** A clock for durations, in nanoseconds from no particular point; never goes back. */
@FunctionalInterface
public interface Ticker {
  Ticker SYSTEM = System::nanoTime;

  long nanos();
}
