package io.aiproxy.balance;

import io.aiproxy.call.Handler;
import io.aiproxy.config.Instance;
import io.aiproxy.config.PassiveCheck;
import io.aiproxy.ledger.Attempt;
import io.aiproxy.ledger.Ticker;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** An instance at work: what leads to it, and what is known of how it does. Safe for all threads. */
final class Member {
  /** However long a provider wants to be left alone: it may be wrong, and somebody has to ask again. */
  static final Duration LONGEST_REST = Duration.ofMinutes(1);

  private final Instance instance;
  private final Handler handler;
  private final Health health;
  private final Optional<Breaker> breaker;
  private final Ticker ticker;
  private final AtomicInteger underWay;
  private final AtomicLong restUntil;
  private final FirstTokenTime firstToken;
  private final UsualTime usual;
  private final Bulkhead bulkhead;

  /**
   * At work.
   *
   * @param breaker goes by the requests of clients; empty if nothing does
   */
  Member(
      Instance instance, Handler handler, Health health, Optional<Breaker> breaker, Ticker ticker) {
    this.breaker = breaker;
    this.instance = instance;
    this.health = health;
    this.handler = handler;
    this.ticker = ticker;
    this.underWay = new AtomicInteger();
    this.restUntil = new AtomicLong(ticker.nanos());
    this.firstToken = new FirstTokenTime(ticker);
    this.usual = new UsualTime();
    this.bulkhead = new Bulkhead(instance.bulkhead());
  }

  private Member(Handler handler, Member known) {
    this.handler = handler;
    this.instance = known.instance;
    this.health = known.health;
    this.breaker = known.breaker;
    this.ticker = known.ticker;
    this.underWay = known.underWay;
    this.restUntil = known.restUntil;
    this.firstToken = known.firstToken;
    this.usual = known.usual;
    this.bulkhead = known.bulkhead;
  }

  /** Whether it is the same instance, watched in the same way. */
  boolean isConfiguredAs(Member other) {
    return instance.equals(other.instance) && breaker.isPresent() == other.breaker.isPresent();
  }

  /** This one with all that another one knows and counts, from now on together with it. */
  Member knowing(Member other) {
    return new Member(handler, other);
  }

  Instance instance() {
    return instance;
  }

  Health health() {
    return health;
  }

  /** Whether it is asked while it can be chosen who is. */
  boolean isHealthy() {
    return illness() == 0;
  }

  /** 0 if it {@link #isHealthy}; of several that are not, the lower is asked first. */
  int illness() {
    return switch (health.condition().state()) {
      case HEALTHY -> 0;
      case TRIPPED -> breaker.map(Breaker::lets).orElse(true) ? 0 : 1;
      case UNHEALTHY -> 2;
      case EJECTED -> 3;
      case DRAINING -> 4;
    };
  }

  /** Takes back all that was said of it and found out. */
  void admit() {
    breaker.ifPresent(Breaker::reset);
    restUntil.set(ticker.nanos());
    health.admit();
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

  /** Its places: who asks it has one, until it {@link #ends}. */
  Bulkhead bulkhead() {
    return bulkhead;
  }

  /** Returns what {@link #told} is to be told. */
  int begins() {
    underWay.incrementAndGet();
    firstToken.asked();
    return breaker.map(Breaker::begins).orElse(0);
  }

  /**
   * A request says how it is.
   *
   * @param begun what {@link #begins} said
   */
  void told(int begun, boolean well) {
    switch (breaker.map(one -> one.ended(begun, well)).orElse(Breaker.Change.NONE)) {
      case OPENED -> health.tripped(true);
      case CLOSED -> health.tripped(false);
      case NONE -> {}
    }
  }

  /** Whether it was longer about its first token than it may be. */
  boolean isSlow(Attempt attempt) {
    return instance
        .passive()
        .flatMap(PassiveCheck::slowFirstToken)
        .filter(limit -> attempt.firstOutputNanos() > limit.toNanos())
        .isPresent();
  }

  void ends() {
    underWay.decrementAndGet();
    bulkhead.leave();
  }

  /** How long it takes to the first token, in nanoseconds, with more weight on what is slow and on what is new. */
  double firstTokenNanos() {
    return firstToken.nanos();
  }

  /** The time within which 95 of 100 of its answers begin; empty while too few are known. */
  Optional<Duration> usualTime() {
    return usual.value();
  }

  /** So long after it began an attempt had output, or was given up. */
  void began(long nanos) {
    if (nanos != Attempt.NEVER) {
      firstToken.add(nanos);
      usual.add(nanos);
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
