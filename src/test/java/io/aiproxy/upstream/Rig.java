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
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import org.assertj.core.api.Assertions;

/**
 * The part under test with its settings, which are patient unless a test says otherwise. Closing it makes sure that no
 * connection is still out on lease.
 */
final class Rig implements AutoCloseable {
  final Transports transports = Transports.open();
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
