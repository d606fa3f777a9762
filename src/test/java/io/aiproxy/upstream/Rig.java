package io.aiproxy.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.aiproxy.call.Body;
import io.aiproxy.call.Call;
import io.aiproxy.call.Problem;
import io.aiproxy.call.Reply;
import io.aiproxy.config.Endpoint;
import io.aiproxy.config.Limits;
import io.aiproxy.config.Timeouts;
import io.aiproxy.config.Transport;
import io.aiproxy.testing.ScriptedUpstream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.assertj.core.api.Assertions;

/**
 * The part under test with its settings, which are patient unless a test says otherwise. Closing it makes sure that no
 * connection is still out on lease.
 */
final class Rig implements AutoCloseable {
  final Transports transports;
  Duration connect = Duration.ofSeconds(10);
  boolean keepalive = true;
  Duration keepaliveTimeout = Duration.ofSeconds(60);
  int keepalivePool = 30;
  int poolSize = 100;
  Duration poolWait = Duration.ofSeconds(10);
  boolean verify = true;
  Optional<Path> authorities = Optional.empty();
  Optional<Endpoint> proxy = Optional.empty();
  Duration firstByte = Duration.ofSeconds(10);
  Duration idle = Duration.ofSeconds(10);
  Duration request = Duration.ofSeconds(20);
  OptionalLong maxResponse = OptionalLong.empty();
  Optional<Duration> maxStream = Optional.empty();
  Duration heartbeat = Duration.ZERO;
  private Transports.Lease lease;
  private Upstream upstream;

  Rig() {
    this(Transports.open());
  }

  Rig(Transports transports) {
    this.transports = transports;
  }

  Transport transport() {
    return new Transport(
        connect,
        keepalive,
        keepaliveTimeout,
        keepalivePool,
        poolSize,
        poolWait,
        verify,
        authorities,
        proxy);
  }

  Upstream upstream() {
    if (upstream == null) {
      upstream = new Upstream(
          lease(),
          new Timeouts(firstByte, idle, request, Duration.ofSeconds(10)),
          new Limits(1 << 20, maxResponse, maxStream, 0),
          heartbeat);
    }
    return upstream;
  }

  Transports.Lease lease() {
    if (lease == null) {
      lease = transports.lease(transport());
    }
    return lease;
  }

  Stats stats() {
    return lease().stats();
  }

  Reply send(Call call) {
    return upstream().handle(call);
  }

  /** Sends and reads to the end. */
  String text(Call call) {
    try (Reply reply = send(call)) {
      return text(reply.body());
    }
  }

  /** The problem that sending and reading to the end comes to. */
  Problem problem(Call call) {
    return Assertions.catchThrowableOfType(Problem.class, () -> text(call));
  }

  /** Runs it on a thread of its own. */
  static <T> CompletableFuture<T> beside(Callable<T> task) {
    CompletableFuture<T> result = new CompletableFuture<>();
    Thread thread = new Thread(
        () -> {
          try {
            result.complete(task.call());
          } catch (Throwable failure) {
            result.completeExceptionally(failure);
          }
        },
        "beside");
    thread.setDaemon(true);
    thread.start();
    return result;
  }

  /** What became of it; waits as long as a test is patient. */
  static <T> T soon(CompletableFuture<T> result) {
    try {
      return result.get(ScriptedUpstream.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (Exception failure) {
      throw new AssertionError(failure);
    }
  }

  /** Waits until the pool stands like that. */
  void awaitStats(Predicate<Stats> wanted) {
    long end = System.nanoTime() + ScriptedUpstream.PATIENCE.toNanos();
    while (!wanted.test(stats())) {
      assertThat(System.nanoTime()).as("%s", stats()).isLessThan(end);
      LockSupport.parkNanos(1_000_000);
    }
  }

  /** Lets time pass, where it is time itself that a test is about. */
  static void letPass(Duration time) {
    long end = System.nanoTime() + time.toNanos();
    while (System.nanoTime() < end) {
      LockSupport.parkNanos(end - System.nanoTime());
    }
  }

  /** How long it takes. */
  static Duration time(Runnable task) {
    long start = System.nanoTime();
    task.run();
    return Duration.ofNanos(System.nanoTime() - start);
  }

  static String text(Body body) {
    return new String(bytes(body), StandardCharsets.ISO_8859_1);
  }

  static byte[] bytes(Body body) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    boolean more = true;
    while (more) {
      more = body.advance(piece -> all.write(piece.array(), piece.offset(), piece.length()));
    }
    return all.toByteArray();
  }

  @Override
  public void close() {
    assertThat(stats().leased()).as("connections on lease").isZero();
    transports.close();
  }
}
