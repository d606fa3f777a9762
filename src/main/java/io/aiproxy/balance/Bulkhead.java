package io.aiproxy.balance;

import io.aiproxy.call.Exchange;
import io.aiproxy.config.Instance;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The places for requests at one instance, and the queue for them: who came first gets the next one. Safe for all threads.
 */
final class Bulkhead {
  private final Instance.Bulkhead limits;
  private final ReentrantLock lock = new ReentrantLock();
  private final Deque<CountDownLatch> queue = new ArrayDeque<>();
  private int taken;

  Bulkhead(Instance.Bulkhead limits) {
    this.limits = limits;
  }

  /** Whether there is a place, as far as can be told without taking it. */
  boolean hasRoom() {
    if (limits.places() == 0) {
      return true;
    }
    lock.lock();
    try {
      return taken < limits.places();
    } finally {
      lock.unlock();
    }
  }

  /** Takes a place if there is one; who has it gives it back. */
  boolean enter() {
    if (limits.places() == 0) {
      return true;
    }
    lock.lock();
    try {
      boolean room = taken < limits.places();
      if (room) {
        taken++;
      }
      return room;
    } finally {
      lock.unlock();
    }
  }

  /** Takes a place, and waits for it if there is none but room in the queue. Blocks the calling thread. */
  boolean await(Exchange exchange) {
    CountDownLatch turn = new CountDownLatch(1);
    lock.lock();
    try {
      if (enter()) {
        return true;
      }
      if (queue.size() >= limits.queue()) {
        return false;
      }
      queue.add(turn);
    } finally {
      lock.unlock();
    }
    boolean unused = exchange.await(turn, limits.patience());
    lock.lock();
    try {
      return !queue.remove(turn); // whose turn came has a place, however long it took to wake up
    } finally {
      lock.unlock();
    }
  }

  /** Gives a place back, to the next one if somebody waits. */
  void leave() {
    if (limits.places() == 0) {
      return;
    }
    lock.lock();
    try {
      CountDownLatch next = queue.poll();
      if (next == null) {
        taken--;
      } else {
        next.countDown();
      }
    } finally {
      lock.unlock();
    }
  }
}
