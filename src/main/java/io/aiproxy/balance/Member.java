package io.aiproxy.balance;

import io.aiproxy.call.Handler;
import io.aiproxy.config.Instance;
import io.aiproxy.ledger.Attempt;
import io.aiproxy.ledger.Ticker;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** An instance at work: what leads to it, and what is known of how it does. Safe for all threads. */
final class Member {
  /** However long a provider wants to be left alone: it may be wrong, and somebody has to ask again. */
  static final Duration LONGEST_REST = Duration.ofMinutes(1);

  private final Instance instance;
  private final Handler handler;
  private final Health health;
  private final Ticker ticker;
  private final AtomicInteger underWay = new AtomicInteger();
  private final AtomicLong restUntil;
  private final FirstTokenTime firstToken;

  Member(Instance instance, Handler handler, Health health, Ticker ticker) {
    this.instance = instance;
    this.health = health;
    this.handler = handler;
    this.ticker = ticker;
    this.restUntil = new AtomicLong(ticker.nanos());
    this.firstToken = new FirstTokenTime(ticker);
  }

  Instance instance() {
    return instance;
  }

  Health health() {
    return health;
  }

  /** Whether it is asked while it can be chosen who is. */
  boolean isHealthy() {
    return health.condition().state() == Health.State.HEALTHY;
  }

  /** Whether it is asked at all. */
  boolean isOpen() {
    return health.condition().state() != Health.State.DRAINING;
  }

  String name() {
    return instance.name();
  }

  int weight() {
    return instance.weight();
  }

  int priority() {
    return instance.priority();
  }

  Handler handler() {
    return handler;
  }

  /** How many attempts run there now. */
  int underWay() {
    return underWay.get();
  }

  void begins() {
    underWay.incrementAndGet();
  }

  void ends() {
    underWay.decrementAndGet();
  }

  /** How long it takes to the first token, in nanoseconds, with more weight on what is slow and on what is new. */
  double firstTokenNanos() {
    return firstToken.nanos();
  }

  /** An attempt went well, and is over. */
  void answered(Attempt attempt) {
    long nanos = attempt.firstOutputNanos() == Attempt.NEVER
        ? attempt.endNanos()
        : attempt.firstOutputNanos();
    if (nanos != Attempt.NEVER) {
      firstToken.add(nanos);
    }
  }

  /** It wants to be left alone for a while. */
  void rests(Duration wanted) {
    Duration granted = wanted.compareTo(LONGEST_REST) < 0 ? wanted : LONGEST_REST;
    long until = ticker.nanos() + granted.toNanos();
    restUntil.accumulateAndGet(until, (old, now) -> now - old > 0 ? now : old);
  }

  boolean isResting() {
    return ticker.nanos() - restUntil.get() < 0;
  }

  @Override
  public String toString() {
    return name();
  }
}
