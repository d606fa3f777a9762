package io.aiproxy.upstream;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One thread that looks after many connections, and takes the turn of each that has something: what would be a change of
 * threads for each event is one for all events that have come meanwhile. Safe for all threads.
 */
final class EventLoop implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EventLoop.class);
  private static final long CLOSE_MS = 2_000;

  private final Selector selector;
  private final Thread thread;
  private final Queue<SocketWatch> called = new ConcurrentLinkedQueue<>();
  private volatile boolean closed;

  private EventLoop(Selector selector) {
    this.selector = selector;
    this.thread = new Thread(this::run, "ai-proxy-streams");
  }

  static EventLoop open() throws IOException {
    EventLoop loop = new EventLoop(Selector.open());
    loop.thread.setDaemon(true);
    loop.thread.start();
    return loop;
  }

  /** Has the watch answer soon, on the thread of the loop. */
  void call(SocketWatch watch) {
    called.add(watch);
    if (!Thread.currentThread().equals(thread)) {
      selector.wakeup();
    }
  }

  private void run() {
    while (!closed) {
      try {
        if (called.isEmpty()) {
          selector.select(EventLoop::take);
        } else {
          selector.selectNow(EventLoop::take);
        }
        answerCalls();
      } catch (IOException | RuntimeException | Error fault) {
        LOG.error("the turn of a stream failed", fault);
      }
    }
    try {
      selector.close();
    } catch (IOException fault) {
      LOG.warn("the selector of the streams could not be closed", fault);
    }
  }

  static void take(SelectionKey key) {
    ((SocketWatch) key.attachment()).take();
  }

  /** Those that are called by these have to wait until the others had a chance. */
  private void answerCalls() throws IOException {
    for (int left = called.size(); left > 0; left--) {
      SocketWatch watch = called.poll();
      if (watch != null) {
        watch.answer(selector);
      }
    }
  }

  /** No turn is taken any more. */
  @Override
  public void close() {
    closed = true;
    selector.wakeup();
    try {
      thread.join(CLOSE_MS);
    } catch (InterruptedException hurried) {
      Thread.currentThread().interrupt();
    }
  }
}
