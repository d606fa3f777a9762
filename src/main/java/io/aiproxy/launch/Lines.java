package io.aiproxy.launch;

import java.io.ByteArrayOutputStream;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Collects lines and writes them on a thread of its own: a disk that hangs costs lines and no request, and where many come
 * they are written together. It says so when it loses some. Safe for all threads.
 */
final class Lines implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Lines.class);
  private static final int MOST_BYTES = 4 * 1024 * 1024;

  /** How long the first line waits for others, since to wake a thread for each costs more than the line. */
  private static final long GATHERING = TimeUnit.MILLISECONDS.toNanos(50);

  private static final long CLOSING_MS = 1_000;

  private final Consumer<byte[]> destination;
  private final Thread thread = new Thread(this::write, "access-log");
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private ByteArrayOutputStream waiting = new ByteArrayOutputStream();
  private long lost;
  private boolean closed;

  private Lines(Consumer<byte[]> destination) {
    this.destination = destination;
  }

  /**
   * Begins to write.
   *
   * @param destination takes whole lines, on one thread
   */
  static Lines open(Consumer<byte[]> destination) {
    Lines lines = new Lines(destination);
    lines.thread.setDaemon(true);
    lines.thread.start();
    return lines;
  }

  /** Returns at once. */
  void add(byte[] line) {
    if (!taken(line)) {
      LOG.warn("the access log cannot keep up: lines are lost");
    }
  }

  /** False for the first of those that are lost. */
  private boolean taken(byte[] line) {
    lock.lock();
    try {
      if (waiting.size() + line.length > MOST_BYTES) {
        return lost++ > 0;
      }
      if (waiting.size() == 0) {
        changed.signal();
      }
      waiting.writeBytes(line);
      return true;
    } finally {
      lock.unlock();
    }
  }

  private void write() {
    for (byte[] lines = next(); lines.length > 0; lines = next()) {
      destination.accept(lines);
      tellOfLost();
    }
  }

  private void tellOfLost() {
    long count = forgetLost();
    if (count > 0) {
      LOG.warn("the access log keeps up again: {} lines were lost", count);
    }
  }

  private long forgetLost() {
    lock.lock();
    try {
      long count = lost;
      lost = 0;
      return count;
    } finally {
      lock.unlock();
    }
  }

  /** What has come together; nothing once it is closed. */
  private byte[] next() {
    lock.lock();
    try {
      while (waiting.size() == 0 && !closed) {
        changed.awaitUninterruptibly();
      }
      gather();
      byte[] lines = waiting.toByteArray();
      waiting = new ByteArrayOutputStream();
      return lines;
    } finally {
      lock.unlock();
    }
  }

  private void gather() {
    long left = GATHERING;
    while (left > 0 && !closed) {
      try {
        left = changed.awaitNanos(left);
      } catch (InterruptedException hurried) {
        return;
      }
    }
  }

  /** Waits for what is left to be written, but not for a disk that hangs. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      changed.signal();
    } finally {
      lock.unlock();
    }
    try {
      thread.join(CLOSING_MS);
    } catch (InterruptedException hurried) {
      Thread.currentThread().interrupt();
    }
  }
}
