package io.aiproxy.upstream;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** An event loop for each processor, begun when it is first needed. Safe for all threads. */
final class EventLoops implements AutoCloseable {
  private final AtomicReferenceArray<@Nullable EventLoop> loops =
      new AtomicReferenceArray<>(Runtime.getRuntime().availableProcessors());
  private final AtomicInteger asked = new AtomicInteger();
  private final ReentrantLock opening = new ReentrantLock();
  private boolean closed;

  /** Each in turn. */
  EventLoop next() throws IOException {
    int index = Math.floorMod(asked.getAndIncrement(), loops.length());
    EventLoop loop = loops.get(index);
    return loop == null ? open(index) : loop;
  }

  private EventLoop open(int index) throws IOException {
    opening.lock();
    try {
      EventLoop loop = loops.get(index);
      if (loop == null) {
        if (closed) {
          throw new IOException("the gateway is shutting down");
        }
        loop = EventLoop.open();
        loops.set(index, loop);
      }
      return loop;
    } finally {
      opening.unlock();
    }
  }

  @Override
  public void close() {
    opening.lock();
    try {
      closed = true;
    } finally {
      opening.unlock();
    }
    for (int i = 0; i < loops.length(); i++) {
      EventLoop loop = loops.get(i);
      if (loop != null) {
        loop.close();
      }
    }
  }
}
