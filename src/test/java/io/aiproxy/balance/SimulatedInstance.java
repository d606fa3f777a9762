package io.aiproxy.balance;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.aiproxy.balance.Finding.Kind;
import io.aiproxy.call.Body;
import io.aiproxy.call.Call;
import io.aiproxy.call.Exchange;
import io.aiproxy.call.Handler;
import io.aiproxy.call.Headers;
import io.aiproxy.call.Problem;
import io.aiproxy.call.Reply;
import io.aiproxy.ledger.Attempt;
import io.aiproxy.stream.Chunk;
import io.aiproxy.stream.Piece;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

/** A provider of streams in virtual time: how it is at a moment is a {@link Mood}. Notes when it was asked. */
final class SimulatedInstance implements Handler {
  private static final Headers EVENTS =
      Headers.builder().add("Content-Type", "text/event-stream").build();
  private static final Duration CONNECT = Duration.ofMillis(1);

  private final String name;
  private final VirtualTime time;
  private final Random random;
  private final List<Duration> asked = new ArrayList<>();
  private Mood mood = Mood.well(Duration.ofMillis(200), Duration.ofMillis(800));

  /**
   * What it does with a request.
   *
   * @param status of the answer; 0 if no connection can be made
   * @param firstToken how long it takes on average
   * @param rest how long the stream then takes on average
   */
  record Mood(int status, Duration firstToken, Duration rest) {
    static Mood well(Duration firstToken, Duration rest) {
      return new Mood(200, firstToken, rest);
    }

    /** Answers with a failure at once. */
    static Mood failing(int status) {
      return new Mood(status, Duration.ofMillis(5), Duration.ZERO);
    }

    /** Nobody listens. */
    static Mood dead() {
      return new Mood(0, Duration.ZERO, Duration.ZERO);
    }
  }

  SimulatedInstance(String name, VirtualTime time, Random random) {
    this.name = name;
    this.time = time;
    this.random = random;
  }

  void is(Mood now) {
    mood = now;
  }

  /** From a moment on. */
  void is(Mood then, Duration delay) {
    Runnable unused = time.after(delay, () -> mood = then);
  }

  /** When requests of clients came. */
  List<Duration> asked() {
    return asked;
  }

  /** How many came from one moment to before another. */
  long asked(Duration from, Duration to) {
    return asked.stream()
        .filter(at -> at.compareTo(from) >= 0 && at.compareTo(to) < 0)
        .count();
  }

  /** A probe of it. */
  Probe probe() {
    return new Probe() {
      @Override
      public Finding ask() {
        time.passes(CONNECT);
        Kind kind = mood.status() == 200
            ? Kind.SUCCESS
            : mood.status() == 0 ? Kind.TCP_FAILURE : Kind.HTTP_FAILURE;
        return new Finding(kind, "a probe found " + kind);
      }

      @Override
      public void stop() {}
    };
  }

  @Override
  public Reply handle(Call call) {
    asked.add(time.elapsed());
    Attempt attempt = call.exchange().ledger().attempt(name, "http", name, 80, "/");
    Mood current = mood;
    time.passes(CONNECT);
    if (current.status() == 0) {
      throw Problem.of(Problem.Kind.UPSTREAM_UNREACHABLE, "");
    }
    attempt.connected();
    if (current.status() != 200) {
      time.passes(about(current.firstToken()));
      attempt.head(current.status());
      return new Reply(current.status(), Headers.NONE, Body.of(new byte[0]));
    }
    attempt.head(200);
    return new Reply(200, EVENTS, new Stream(call.exchange(), attempt, current));
  }

  /** Within a fifth of it. */
  private Duration about(Duration average) {
    return Duration.ofNanos((long) (average.toNanos() * (0.8 + 0.4 * random.nextDouble())));
  }

  /** An event of output, and then the end. */
  private final class Stream implements Body {
    private final Exchange exchange;
    private final Attempt attempt;
    private final Mood mood;
    private boolean begun;

    Stream(Exchange exchange, Attempt attempt, Mood mood) {
      this.exchange = exchange;
      this.attempt = attempt;
      this.mood = mood;
    }

    @Override
    public boolean advance(Consumer<? super Piece> out) {
      if (begun) {
        time.passes(about(mood.rest()));
        attempt.answer().completed();
        attempt.ended();
        return false;
      }
      begun = true;
      if (!exchange.await(new CountDownLatch(1), about(mood.firstToken()))) {
        attempt.ended();
        throw Problem.of(Problem.Kind.DEADLINE, "");
      }
      attempt.answer().output();
      attempt.firstOutput();
      out.accept(Chunk.of(name.getBytes(UTF_8)));
      return true;
    }

    @Override
    public boolean ready() {
      return false;
    }

    @Override
    public long length() {
      return -1;
    }

    @Override
    public void close() {}
  }
}
