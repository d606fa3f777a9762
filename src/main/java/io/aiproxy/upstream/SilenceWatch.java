package io.aiproxy.upstream;

import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Looks now and then how long an upstream has been silent in the middle of a body, and cuts the line if it is too long. A
 * timeout of the socket's own would start and stop a timer at each read, which on virtual threads costs more than all the rest
 * of the read. For the thread that reads; another one looks.
 */
final class SilenceWatch implements Lookout.Look {
  private static final long NOT_WAITING = Long.MIN_VALUE;

  private final Line line;
  private final Duration patience;
  private final LongSupplier clock;
  private long silence;
  private volatile long since = NOT_WAITING;

  /**
   * Of a body that nobody waits for yet.
   *
   * @param patience how long a silence may be; the time that is spent elsewhere than in reading is none
   * @param clock in nanoseconds
   */
  SilenceWatch(Line line, Duration patience, LongSupplier clock) {
    this.line = line;
    this.patience = patience;
    this.clock = clock;
  }

  /** A read begins. */
  void waits() {
    if (since == NOT_WAITING) {
      since = clock.getAsLong() - silence;
    }
  }

  /** The read has brought something. */
  void heard() {
    since = NOT_WAITING;
    silence = 0;
  }

  /** The read has brought nothing, and another one will go on waiting. */
  void pauses() {
    if (since != NOT_WAITING) {
      silence = clock.getAsLong() - since;
      since = NOT_WAITING;
    }
  }

  @Override
  public Duration take() {
    long began = since;
    Duration left =
        began == NOT_WAITING ? patience : patience.minusNanos(clock.getAsLong() - began);
    if (left.isNegative() || left.isZero()) {
      line.cut(Trouble.reading(new SocketTimeoutException("nothing came for " + patience)));
      return Duration.ZERO;
    }
    return left;
  }
}
