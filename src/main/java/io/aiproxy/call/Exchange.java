package io.aiproxy.call;

import io.aiproxy.ledger.Ledger;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Lives exactly as long as one client request: its ledger, and what must stop when it ends before its time. One thread serves
 * it; {@link #end} may be called from any.
 */
public final class Exchange {
  private final String id;
  private final Ledger ledger;
  private final Scheduler scheduler;
  private final ReentrantLock lock = new ReentrantLock();
  private final Set<Runnable> stops = new LinkedHashSet<>();
  private final Deque<Runnable> settlements = new ArrayDeque<>();
  private final List<Runnable> beside = new ArrayList<>();
  private final List<String> concealed = new ArrayList<>();
  private volatile @Nullable Ending ending;
  private String client = "";

  public Exchange(String id, Ledger ledger, Scheduler scheduler) {
    this.id = id;
    this.ledger = ledger;
    this.scheduler = scheduler;
  }

  /** Unique; the client gets it as {@code x-ai-request-id}. */
  public String id() {
    return id;
  }

  public Ledger ledger() {
    return ledger;
  }

  /** The address of whoever asks; empty if it is not known. */
  public String client() {
    return client;
  }

  /** Known from its beginning on. */
  public void client(String address) {
    client = address;
  }

  /** Why it was ended; empty while nothing ended it. */
  public Optional<Ending> ending() {
    return Optional.ofNullable(ending);
  }

  public boolean ended() {
    return ending != null;
  }

  /** Stops all that is registered; only the first reason counts. */
  public void end(Ending why) {
    Set<Runnable> running;
    lock.lock();
    try {
      if (ending != null) {
        return;
      }
      ending = why;
      running = new LinkedHashSet<>(stops);
      stops.clear();
    } finally {
      lock.unlock();
    }
    running.forEach(Runnable::run);
  }

  /**
   * Registers what stops something that runs; if the exchange has ended already it runs at once.
   *
   * @return takes it back
   */
  public Runnable onEnd(Runnable stop) {
    lock.lock();
    try {
      if (ending == null) {
        stops.add(stop);
        return () -> forget(stop);
      }
    } finally {
      lock.unlock();
    }
    stop.run();
    return () -> {};
  }

  /**
   * Runs a short task beside the call after a while.
   *
   * @return takes it back
   */
  public Runnable after(Duration delay, Runnable task) {
    return scheduler.after(delay, task);
  }

  /**
   * Waits for a sign, which is given at the latest when the limit is over or the exchange is ended.
   *
   * @return false if it was ended, or somebody wants this thread to end; then nothing is to be begun any more
   */
  public boolean await(CountDownLatch sign, Duration limit) {
    Runnable forget = onEnd(sign::countDown);
    Runnable takeBack = after(limit, sign::countDown);
    try {
      scheduler.await(sign);
      return !ended();
    } catch (InterruptedException hurried) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      takeBack.run();
      forget.run();
    }
  }

  /**
   * A part of this exchange with a ledger of its own, for an attempt that runs beside another one. It ends with the whole, and
   * can be ended alone. Only from the thread of the exchange; the branch is for whichever thread makes the attempt.
   */
  public Exchange branch() {
    Exchange branch = new Exchange(id, ledger.branch(), scheduler);
    branch.client = client;
    branch.atFinish(onEnd(() -> ending().ifPresent(branch::end)));
    return branch;
  }

  /** Registers what is to be waited for before it is counted what the exchange took: it runs beside it. Only from its thread. */
  public void beforeCount(Runnable wait) {
    beside.add(wait);
  }

  /** Whether there is nothing to be waited for before it is counted. Only from its thread. */
  public boolean isAlone() {
    return beside.isEmpty();
  }

  /** Registers what is due at the end, however it comes; the last one runs first. Only from the thread of the exchange. */
  public void atFinish(Runnable settlement) {
    settlements.push(settlement);
  }

  /** Takes note of a credential that was made anew and sent: no client is to read it in an error. Only from its thread. */
  public void conceal(String credential) {
    concealed.add(credential);
  }

  /** What {@link #conceal} was told. Only from its thread. */
  public List<String> concealed() {
    return List.copyOf(concealed);
  }

  /** The one end of each exchange. Only from its thread. */
  public void finish() {
    finish(() -> {});
  }

  /**
   * The same with a step between, at which all attempts are known and nothing is settled yet.
   *
   * @param count must not throw
   */
  public void finish(Runnable count) {
    try {
      beside.forEach(Runnable::run);
      count.run();
    } finally {
      settle();
    }
    ledger.ended();
  }

  /** One that fails does not keep the others from being run. */
  private void settle() {
    try {
      while (!settlements.isEmpty()) {
        settlements.pop().run();
      }
    } finally {
      if (!settlements.isEmpty()) {
        settle();
      }
    }
  }

  private void forget(Runnable stop) {
    lock.lock();
    try {
      stops.remove(stop);
    } finally {
      lock.unlock();
    }
  }
}
