package io.aiproxy.balance;

import io.aiproxy.call.Call;
import io.aiproxy.call.Ending;
import io.aiproxy.call.Exchange;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One request at two instances: the second one is asked if the first one is late. Whoever has output first wins, and the other
 * one is cut off. The first attempt runs on the thread of the exchange, the second one on a thread of its own; each has a
 * branch of the exchange, which is taken over when its thread is done with it.
 */
final class Race {
  /** One that was cut off may still look up a name or wait for a handshake: then nobody was asked. */
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private final Call call;
  private final BiFunction<Member, Call, Outcome> ask;
  private final Predicate<Outcome> isWorthAnother;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition news = lock.newCondition();
  private final Lane first;
  private @Nullable Lane second;
  private @Nullable Lane winner;
  private boolean late;

  /**
   * For that request.
   *
   * @param ask one attempt
   * @param isWorthAnother whether a failure is one that another instance could mend
   */
  Race(Call call, BiFunction<Member, Call, Outcome> ask, Predicate<Outcome> isWorthAnother) {
    this.call = call;
    this.ask = ask;
    this.isWorthAnother = isWorthAnother;
    this.first = new Lane();
  }

  /**
   * Asks, and blocks until somebody has output or nobody is left.
   *
   * @param patience after which the second one is asked
   * @param another who that is, with a place in its bulkhead; empty if nobody can be. Asked at most once, while the first one
   *     is at it
   * @throws RuntimeException what the attempt threw that decided it
   */
  Outcome run(Member member, Duration patience, Supplier<Optional<Member>> another, Hedges hedges) {
    Runnable takeBack = call.exchange().after(patience, () -> begin(another, hedges));
    try {
      first.run(member);
    } finally {
      takeBack.run();
    }
    Lane best = decide();
    takeOver(best);
    return best.result();
  }

  private void begin(Supplier<Optional<Member>> another, Hedges hedges) {
    lock.lock();
    try {
      if (late || winner != null) {
        return;
      }
      another.get().ifPresent(member -> {
        if (!hedges.take() || !started(member, hedges)) {
          member.bulkhead().leave();
        }
      });
    } finally {
      lock.unlock();
    }
  }

  private boolean started(Member member, Hedges hedges) {
    Lane lane = new Lane();
    try {
      hedges.threads().execute(() -> lane.run(member));
    } catch (RejectedExecutionException busy) {
      return false;
    }
    second = lane;
    return true;
  }

  /** The first one is over; if it has failed, the second one still may do better. */
  private Lane decide() {
    lock.lock();
    try {
      late = true;
      Lane other = second;
      while (winner == null && other != null && !other.over) {
        news.awaitUninterruptibly(); // an attempt ends when the exchange does
      }
      Lane best = winner;
      if (best == null) {
        best = other == null || other.fault != null ? first : other;
        winner = best;
      }
      return best;
    } finally {
      lock.unlock();
    }
  }

  private void takeOver(Lane best) {
    Exchange whole = call.exchange();
    whole.ledger().won(best.branch.ledger());
    whole.atFinish(() -> {
      best.branch.ledger().outcome(whole.ledger().outcome());
      best.branch.finish();
    });
    Lane other = best == first ? second : first;
    if (other != null) {
      other.retire();
      whole.beforeCount(() -> {
        if (other.isGone()) {
          whole.ledger().lost(other.branch.ledger());
        }
      });
    }
  }

  /** One of the two attempts. */
  private final class Lane {
    private final Exchange branch = call.exchange().branch();
    private final CountDownLatch gone = new CountDownLatch(1);
    private @Nullable Outcome outcome;
    private @Nullable Throwable fault;
    private boolean over;
    private boolean retired;

    void run(Member member) {
      try {
        outcome = ask.apply(member, call.in(branch));
      } catch (RuntimeException | Error thrown) {
        fault = thrown;
      }
      if (isBeaten()) {
        retire();
      }
    }

    /** It is over: whether the other one has won. */
    private boolean isBeaten() {
      lock.lock();
      try {
        over = true;
        if (winner == null && decides()) {
          winner = this;
          Optional.ofNullable(this == first ? second : first)
              .ifPresent(other -> other.branch.end(Ending.OUTPACED));
        }
        news.signalAll();
        return winner != null && winner != this;
      } finally {
        lock.unlock();
      }
    }

    /** What the second one alone has to say of a failure is of no interest while the first one is at it. */
    private boolean decides() {
      Outcome came = outcome;
      return came == null
          ? this == first
          : !came.failed() || (this == first && !isWorthAnother.test(came));
    }

    /** It has lost: if it is over, what it holds is given back; if not, that is done when it is. */
    void retire() {
      lock.lock();
      try {
        if (!over || retired) {
          return;
        }
        retired = true;
      } finally {
        lock.unlock();
      }
      Optional.ofNullable(outcome).ifPresent(Outcome::discard);
      branch.finish();
      gone.countDown();
    }

    boolean isGone() {
      try {
        return gone.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      } catch (InterruptedException hurried) {
        Thread.currentThread().interrupt();
        return false;
      }
    }

    Outcome result() {
      if (fault instanceof RuntimeException thrown) {
        throw thrown;
      }
      if (fault instanceof Error thrown) {
        throw thrown;
      }
      return Optional.ofNullable(outcome).orElseThrow();
    }
  }
}
