package io.aiproxy.call;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/** Runs what must happen beside a call. Tasks are short and do not block; they run on a thread of the gateway's own. */
public interface Scheduler {
  /**
   * Runs the task once after the delay.
   *
   * @return takes it back, if it has not run yet
   */
  Runnable after(Duration delay, Runnable task);

  /** Blocks the calling thread until somebody else gives the sign. */
  default void await(CountDownLatch sign) throws InterruptedException {
    sign.await();
  }
}
