package io.aiproxy.upstream;

import io.aiproxy.call.Exchange;
import io.aiproxy.call.Problem;
import io.aiproxy.call.Watch;
import io.aiproxy.ledger.Attempt;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * One request to an upstream and its answer: keeps the clocks, and what is to stop if the exchange ends. For the one thread
 * of its exchange.
 */
final class Conversation {
  private final Exchange exchange;
  private final Attempt attempt;
  private final Line line;
  private final Patience patience;
  private final Runnable forget;
  private Runnable stopClock = () -> {};
  private @Nullable Watch watch;

  Conversation(Exchange exchange, Attempt attempt, Line line, Patience patience) {
    this.exchange = exchange;
    this.attempt = attempt;
    this.line = line;
    this.patience = patience;
    this.forget = exchange.onEnd(() -> exchange.ending().map(Trouble::ended).ifPresent(line::cut));
  }

  Attempt attempt() {
    return attempt;
  }

  Connection connection() {
    return line.connection();
  }

  /**
   * Gets the head of an answer. A kept connection that turns out to be dead before anything came of an answer is replaced
   * once by a new one.
   *
   * @throws Problem if there is none
   */
  ClassicHttpResponse ask(ClassicHttpRequest request) {
    boolean kept = line.take();
    if (!kept) {
      connect();
    }
    try {
      return head(request);
    } catch (IOException | HttpException failure) {
      if (!kept || !dead(failure) || !canBeSentAgain(request)) {
        throw because(Trouble.asking(failure));
      }
    }
    line.hangUp();
    connect();
    try {
      return head(request);
    } catch (IOException | HttpException failure) {
      throw because(Trouble.asking(failure));
    }
  }

  private boolean dead(Exception failure) {
    return failure instanceof IOException
        && !(failure instanceof SocketTimeoutException)
        && !line.heard()
        && line.cut().isEmpty();
  }

  private static boolean canBeSentAgain(ClassicHttpRequest request) {
    return request.getEntity() == null || request.getEntity().isRepeatable();
  }

  private void connect() {
    // a socket's own timeouts are for one step or one read each
    within(patience.connect().multipliedBy(2), Trouble::slowConnect, Duration.ZERO);
    try {
      line.connect();
    } catch (IOException | HttpException failure) {
      throw because(Trouble.connecting(failure));
    }
  }

  private ClassicHttpResponse head(ClassicHttpRequest request) throws IOException, HttpException {
    attempt.connected();
    Timeout read = Timeout.ZERO_MILLISECONDS;
    if (request.getEntity() != null && request.getEntity().isStreaming()) {
      whileSending();
      read = Pool.timeout(patience.firstByte());
    } else {
      within(patience.firstByte(), Trouble::slowHead, elapsed(attempt.connectNanos()));
    }
    ClassicHttpResponse response = line.ask(request, read);
    attempt.head(response.getCode());
    return response;
  }

  /** A client may take its time with a body, but not the upstream; each single read of the head has a timeout of its own. */
  private void whileSending() {
    within(patience.request(), Trouble::tooLong, elapsed(attempt.connectNanos()));
    alongside(StallWatch.over(exchange, line, patience.idle()));
  }

  private void alongside(Runnable stopWatch) {
    Runnable clock = stopClock;
    stopClock = () -> {
      clock.run();
      stopWatch.run();
    };
  }

  /**
   * From now on the clocks for the body run: for all of it, and for each wait; none for a document that came with its head.
   *
   * @param length of the body as it was announced; -1 if it was not
   */
  SilenceWatch reading(boolean stream, long length) {
    stopClock.run();
    SilenceWatch watch = new SilenceWatch(line, patience.idle(), attempt::nanos);
    if (!stream && length >= 0 && length <= connection().held()) {
      stopClock = () -> {};
      return watch;
    }
    Duration elapsed = elapsed(attempt.headNanos());
    if (!stream) {
      cutAfter(patience.request().minus(elapsed), Trouble::tooLong);
    } else if (patience.stream().isPresent()) {
      cutAfter(patience.stream().get().minus(elapsed), Trouble::tooLongStream);
    } else {
      stopClock = () -> {};
    }
    alongside(Lookout.over(exchange, patience.idle(), watch));
    return watch;
  }

  /**
   * Has a loop look for the bytes of the body, and for the time.
   *
   * @param slice after what time a turn is taken though nothing came; zero if that is not wanted
   */
  Watch watch(SilenceWatch silence, Duration slice) throws IOException {
    SocketWatch made = SocketWatch.over(connection().socket(), line.loop(), silence);
    watch = made;
    if (!slice.isZero()) {
      alongside(Lookout.over(exchange, slice, () -> {
        made.wake();
        return slice;
      }));
    }
    return made;
  }

  /** Bounds a step, and the exchange as a whole where that is sooner. */
  private void within(Duration limit, Supplier<Problem> otherwise, Duration elapsed) {
    stopClock.run();
    Duration left = patience.request().minus(elapsed);
    if (limit.compareTo(left) <= 0) {
      cutAfter(limit, otherwise);
    } else {
      cutAfter(left, Trouble::tooLong);
    }
  }

  private void cutAfter(Duration delay, Supplier<Problem> why) {
    stopClock = () -> {};
    if (delay.isNegative() || delay.isZero()) {
      line.cut(why.get());
    } else {
      stopClock = exchange.after(delay, () -> line.cut(why.get()));
    }
  }

  private static Duration elapsed(long nanos) {
    return Duration.ofNanos(Math.max(0, nanos));
  }

  /** Why it failed: being cut explains every other trouble. */
  Problem because(Problem otherwise) {
    return line.cut().orElse(otherwise);
  }

  /** The last thing; the connection is kept for that time if there is one. Idempotent. */
  void end(Optional<Duration> keep) {
    stopClock.run();
    Watch watching = watch;
    if (watching != null) {
      watching.end();
    }
    forget.run();
    line.end(keep);
    attempt.ended();
  }
}
