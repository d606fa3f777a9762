package io.aiproxy.balance;

import io.aiproxy.call.Scheduler;
import io.aiproxy.ledger.Ticker;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;

/**
 * Time that goes by when everybody waits for it: blocking code runs in it as it stands, each process on a thread of its own
 * and one at a time, in an order that is the same in every run. Only processes may ask what time it is.
 */
final class VirtualTime implements Ticker, InstantSource, Scheduler, Executor, AutoCloseable {
  private final PriorityQueue<Event> events = new PriorityQueue<>();
  private final List<Listener> listeners = new ArrayList<>();
  private final List<Throwable> failures = new ArrayList<>();
  private final Semaphore over = new Semaphore(0);
  private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
    Thread thread = new Thread(task, "virtual time");
    thread.setDaemon(true);
    return thread;
  });
  private long now;
  private long limit;
  private long number;

  /** What goes on at a moment; of several, in the order in which they were planned. */
  private record Event(long at, long number, Runnable goOn) implements Comparable<Event> {
    @Override
    public int compareTo(Event other) {
      return at == other.at ? Long.compare(number, other.number) : Long.compare(at, other.at);
    }
  }

  /** A process that waits for a sign. */
  private record Listener(CountDownLatch sign, Semaphore turn) {}

  @Override
  public long nanos() {
    return now;
  }

  @Override
  public Instant instant() {
    return Instant.EPOCH.plusNanos(now);
  }

  /** How long it has gone. */
  Duration elapsed() {
    return Duration.ofNanos(now);
  }

  /** Lets that time pass for the process that calls it. */
  void passes(Duration time) {
    long then = now + time.toNanos();
    Event next = events.peek();
    if (listeners.isEmpty() && then <= limit && (next == null || next.at() > then)) {
      now = then; // nobody else has anything to do before
      return;
    }
    Semaphore turn = new Semaphore(0);
    plan(then, turn::release);
    yieldTo(turn);
  }

  private void yieldTo(Semaphore turn) {
    goOn();
    try {
      turn.acquire();
    } catch (InterruptedException closed) {
      throw new CancellationException();
    }
  }

  /** Begins a process after a while. */
  @Override
  public Runnable after(Duration delay, Runnable process) {
    Event begin = plan(now + delay.toNanos(), () -> threads.execute(() -> play(process)));
    return () -> events.remove(begin);
  }

  /** Begins a process now. */
  @Override
  public void execute(Runnable process) {
    Runnable unused = after(Duration.ZERO, process);
  }

  /** Waits until another process gives the sign. */
  @Override
  public void await(CountDownLatch sign) {
    if (sign.getCount() > 0) {
      Semaphore turn = new Semaphore(0);
      listeners.add(new Listener(sign, turn));
      yieldTo(turn);
    }
  }

  private Event plan(long at, Runnable goOn) {
    Event event = new Event(at, number++, goOn);
    events.add(event);
    return event;
  }

  private void play(Runnable process) {
    try {
      process.run();
    } catch (CancellationException closed) {
      return; // it waited for what does not come any more
    } catch (Throwable failure) {
      failures.add(failure);
    }
    goOn();
  }

  /** Whoever has nothing to do lets the next one go on. */
  private void goOn() {
    for (Listener listener : listeners) {
      if (listener.sign().getCount() == 0) {
        listeners.remove(listener);
        listener.turn().release();
        return;
      }
    }
    Event next = events.peek();
    if (next == null || next.at() > limit || !failures.isEmpty()) {
      over.release();
    } else {
      now = next.at();
      events.remove().goOn().run();
    }
  }

  /** Goes on for that long; what is due later stays undone. */
  void run(Duration span) {
    limit = now + span.toNanos();
    goOn();
    over.acquireUninterruptibly();
    if (!failures.isEmpty()) {
      throw new AssertionError("a process failed", failures.get(0));
    }
    now = limit;
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
