package io.aiproxy.balance;

import io.aiproxy.balance.Finding.Kind;
import io.aiproxy.config.ActiveCheck;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How an instance is: what its probes found, and what an operator said, whose word counts more. A failure ends a row of
 * successes, a success all rows of failures. Safe for all threads.
 */
final class Health {
  private static final Logger LOG = LoggerFactory.getLogger(Health.class);

  private final String who;
  private final InstantSource clock;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<Kind, Integer> failures = new EnumMap<>(Kind.class);
  private int successes;
  private boolean well = true;
  private boolean tripped;
  private Order order = Order.NONE;
  private volatile Condition condition;

  /** How it is taken to be. */
  enum State {
    HEALTHY,
    /** Its probes failed: asked only if all others are no better. */
    UNHEALTHY,
    /** Too many requests of clients failed: it gets one now and then. */
    TRIPPED,
    /** An operator says that it is to be treated as if its probes had failed. */
    EJECTED,
    /** An operator says that it gets no new requests, whatever happens to others. */
    DRAINING
  }

  /** What an operator said. */
  private enum Order {
    NONE,
    EJECT,
    DRAIN
  }

  /**
   * A state and what brought it about.
   *
   * @param cause in words, without secrets
   */
  record Condition(State state, Instant since, String cause) {}

  /**
   * One that is well until it is found otherwise.
   *
   * @param who what the log calls it
   */
  Health(String who, InstantSource clock) {
    this.who = who;
    this.clock = clock;
    this.condition = new Condition(State.HEALTHY, clock.instant(), "");
  }

  Condition condition() {
    return condition;
  }

  /** Takes note of a probe. */
  void found(Finding finding, ActiveCheck check) {
    lock.lock();
    try {
      if (finding.kind() == Kind.SUCCESS) {
        succeeded(finding, check.healthy());
      } else if (finding.kind() != Kind.UNDECIDED) {
        failed(finding, check.unhealthy());
      }
    } finally {
      lock.unlock();
    }
  }

  private void succeeded(Finding finding, ActiveCheck.Healthy healthy) {
    failures.clear();
    if (!well && ++successes >= healthy.successes()) {
      well = true;
      judge(finding.words());
    }
  }

  private void failed(Finding finding, ActiveCheck.Unhealthy unhealthy) {
    successes = 0;
    if (well && failures.merge(finding.kind(), 1, Integer::sum) >= finding.limit(unhealthy)) {
      failures.clear();
      well = false;
      judge(finding.words());
    }
  }

  /** Takes note of what the requests of clients tell. */
  void tripped(boolean now) {
    lock.lock();
    try {
      tripped = now;
      judge(now ? "too many requests failed" : "a request succeeded");
    } finally {
      lock.unlock();
    }
  }

  void eject() {
    obey(Order.EJECT);
  }

  void drain() {
    obey(Order.DRAIN);
  }

  /** Takes back what an operator said, and what probes found: they have to find it anew. */
  void admit() {
    obey(Order.NONE);
  }

  private void obey(Order given) {
    lock.lock();
    try {
      order = given;
      if (given == Order.NONE) {
        well = true;
        tripped = false;
        failures.clear();
      }
      successes = 0;
      judge("an operator said so");
    } finally {
      lock.unlock();
    }
  }

  private void judge(String cause) {
    State state = switch (order) {
      case EJECT -> State.EJECTED;
      case DRAIN -> State.DRAINING;
      case NONE -> found();
    };
    if (state == condition.state()) {
      return;
    }
    condition = new Condition(state, clock.instant(), cause);
    if (state == State.UNHEALTHY || state == State.TRIPPED) {
      LOG.warn("{} is {}: {}", who, Standing.word(state), cause);
    } else {
      LOG.info("{} is {}: {}", who, Standing.word(state), cause);
    }
  }

  private State found() {
    if (!well) {
      return State.UNHEALTHY;
    }
    return tripped ? State.TRIPPED : State.HEALTHY;
  }
}
