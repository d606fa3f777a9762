package io.aiproxy.servlet;

import io.aiproxy.call.Watch;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.WriteListener;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A stream that goes on without a thread of its own: turn by turn as the upstream has something and the client takes it. One
 * that came whole mostly ends in its last turn; all else is found out on a thread of the container's, to which the request is
 * dispatched for that.
 */
final class Relay implements WriteListener, AsyncListener {
  /** How often a stream takes what is at hand before the others have their turn. */
  private static final int MOST_STEPS = 8;

  private static final Logger LOG = LoggerFactory.getLogger(Relay.class);

  private final AsyncContext async;
  private final Watch watch;
  private final Outlet outlet;
  private final BooleanSupplier step;
  private final BooleanSupplier more;
  private final Aftermath aftermath;
  private final AtomicBoolean settled = new AtomicBoolean();
  private final AtomicBoolean leaving = new AtomicBoolean();
  private volatile @Nullable Throwable left;
  private volatile @Nullable RuntimeException failure;
  private volatile boolean over;
  private volatile boolean failed;

  /**
   * @param step takes what comes once; false if that was the last
   * @param more whether there is more at hand
   */
  Relay(
      AsyncContext async,
      Watch watch,
      Outlet outlet,
      BooleanSupplier step,
      BooleanSupplier more,
      Aftermath aftermath) {
    this.async = async;
    this.watch = watch;
    this.outlet = outlet;
    this.step = step;
    this.more = more;
    this.aftermath = aftermath;
  }

  /** The thread of the request is to leave it to the container after that. */
  void begin() throws IOException {
    async.setTimeout(0); // the gateway has clocks of its own
    async.addListener(this);
    outlet.unblock(this);
  }

  /** Whether the end is for whoever asks, who is to deal with it. Once. */
  boolean settle() {
    return settled.compareAndSet(false, true);
  }

  /** @throws RuntimeException why it ended, if not by the end of the body */
  void end() {
    RuntimeException why = failure;
    if (why != null) {
      throw why;
    }
    requireClient();
  }

  private void turn() {
    if (over) {
      return;
    }
    boolean quick = false;
    try {
      if (goesOn()) {
        return;
      }
      quick = aftermath.isQuick();
    } catch (RuntimeException ended) {
      failure = ended;
    } catch (Error fault) {
      failure = new IllegalStateException(fault);
    }
    over = true;
    watch.end();
    boolean broken = failure != null || left != null;
    // it is asked again, since it may have become ready before it could know that all is over
    if (broken || !outlet.isUnflushed() || outlet.takes()) {
      leave(quick && !broken);
    } // else when the container has sent it: it would cut what is completed before
  }

  /** Once, however the end was found. */
  private void leave(boolean here) {
    if (!leaving.compareAndSet(false, true)) {
      return;
    }
    if (here) {
      conclude();
    } else if (failed) {
      abandon(false);
    } else {
      dispatch();
    }
  }

  private boolean goesOn() {
    for (int i = 0; i < MOST_STEPS; i++) {
      requireClient();
      if (!outlet.takes() && watch.isOpen()) {
        watch.pause();
        return true;
      }
      if (!step.getAsBoolean()) {
        return false;
      }
      if (!more.getAsBoolean()) {
        return true;
      }
    }
    watch.wake();
    return true;
  }

  private void requireClient() {
    Throwable gone = left;
    if (gone != null) {
      throw new ClientGone(new IOException(gone));
    }
  }

  private void conclude() {
    if (settle()) {
      try {
        aftermath.conclude();
      } finally {
        complete();
      }
    }
  }

  private void complete() {
    try {
      async.complete();
    } catch (IllegalStateException completed) {
      LOG.debug("the container had ended the request", completed);
    }
  }

  private void dispatch() {
    try {
      async.dispatch();
    } catch (IllegalStateException completed) {
      abandon(false);
    }
  }

  private void abandon(boolean waits) {
    if (settle()) {
      aftermath.abandon(waits);
    }
  }

  @Override
  public void onWritePossible() {
    if (!over) {
      watch.look(this::turn);
    } else if (outlet.takes()) { // else it is late, and another call will come
      leave(false);
    }
  }

  @Override
  public void onError(Throwable gone) {
    left = gone;
    if (over) {
      leave(false);
    } else {
      watch.wake();
    }
  }

  /** The container is through with the request, as it should be, or too early. */
  @Override
  public void onComplete(AsyncEvent event) {
    if (over) {
      abandon(true);
    } else {
      onError(new IOException("the container ended the request"));
    }
  }

  /** The container ends the request behind this, without a word, and though it has accepted a dispatch. */
  @Override
  public void onError(AsyncEvent event) {
    failed = true;
    if (leaving.get()) {
      abandon(true);
    } else {
      onError(Optional.ofNullable(event.getThrowable())
          .orElseGet(() -> new IOException("the container failed")));
    }
  }

  @Override
  public void onTimeout(AsyncEvent event) {}

  @Override
  public void onStartAsync(AsyncEvent event) {}
}
