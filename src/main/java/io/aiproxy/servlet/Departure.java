package io.aiproxy.servlet;

import io.aiproxy.call.Body;
import io.aiproxy.call.Ending;
import io.aiproxy.call.Exchange;
import io.aiproxy.call.Failure;
import io.aiproxy.call.Problem;
import io.aiproxy.call.Protocol;
import io.aiproxy.call.Reply;
import io.aiproxy.call.Watch;
import io.aiproxy.config.OnClientAbort;
import io.aiproxy.config.Streaming;
import io.aiproxy.protocol.Protocols;
import io.aiproxy.stream.Piece;
import io.aiproxy.usage.Usage;
import io.aiproxy.wire.StreamFormat;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way out to the client. A stream leaves as it comes; a document that is not large is held until it is whole, so that a
 * broken one can still become an error. Once a byte went out, what breaks is told by an error event or by a visible cut.
 */
final class Departure {
  /** The largest document that is held until it is whole, in bytes. */
  static final int MOST_HELD = 1024 * 1024;

  /** What the container is asked to put together at most, in bytes: Jetty holds that as long as a stream runs. */
  private static final int STREAM_BUFFER = 4 * 1024;

  private static final Logger LOG = LoggerFactory.getLogger(Departure.class);
  private static final byte[] HEARTBEAT = ": \n\n".getBytes(StandardCharsets.US_ASCII);
  private static final int NO_CONTENT = 204;

  private final HttpServletResponse response;
  private final Exchange exchange;
  private final Streaming streaming;
  private final Outlet outlet;
  private final Suspension suspension;
  private boolean begun;
  private boolean plain;
  private boolean whole;
  private boolean mustCut;
  private boolean streamed;
  private boolean drained;
  private boolean resumed;
  private @Nullable Relay relay;

  Departure(
      HttpServletResponse response,
      Exchange exchange,
      Streaming streaming,
      Outlet outlet,
      Suspension suspension) {
    this.response = response;
    this.exchange = exchange;
    this.streaming = streaming;
    this.outlet = outlet;
    this.suspension = suspension;
  }

  /** Whether the answer is a stream, of events or of another kind. */
  boolean streamed() {
    return streamed;
  }

  /** Whether usage was found by reading on for a client that had gone. */
  boolean drained() {
    return drained;
  }

  /** Whether the container has to be told that the answer is not whole, since nothing else can tell the client. */
  boolean mustCut() {
    return mustCut;
  }

  /**
   * Sends a reply to its end, or as far as upstream and client let it come; the ledger knows which.
   *
   * @throws Problem if it cannot be had, and nothing of it went out
   */
  void send(Reply reply, Protocol protocol) {
    streamed = reply.isStream();
    attempt(reply, protocol, () -> {
      if (streamed || flows(reply, protocol)) {
        stream(reply);
      } else {
        document(reply);
      }
    });
  }

  /** Takes a step, and deals with what goes wrong. */
  private void attempt(Reply reply, Protocol protocol, Runnable step) {
    try {
      step.run();
    } catch (Problem problem) {
      if (!begun) {
        throw problem;
      }
      log(exchange, problem);
      exchange.ledger().outcome(problem.kind().code());
      breakOff(problem, protocol, reply.format());
    } catch (ClientGone left) {
      exchange.ledger().outcome(Ending.CLIENT_GONE.word());
      drain(reply.body());
    }
  }

  /** A file is of no interest to the gateway, so nothing is gained by holding it. */
  private static boolean flows(Reply reply, Protocol protocol) {
    return protocol.name().equals(Protocols.PASSTHROUGH)
        && reply.succeeded()
        && !reply.mediaType().isEmpty()
        && !reply.mediaType().endsWith("json");
  }

  /** What the client is not told: the technical cause of an upstream's failure, once for each exchange. */
  static void log(Exchange exchange, Problem problem) {
    Throwable cause = problem.getCause();
    if (cause != null && problem.kind().status() >= HttpServletResponse.SC_INTERNAL_SERVER_ERROR) {
      LOG.warn("exchange {}: {}: {}", exchange.id(), problem.kind().code(), cause.toString());
    }
  }

  private void stream(Reply reply) {
    plain = reply.isPlain();
    whole = plain;
    outlet.begin();
    boolean more = true;
    while (more) {
      more = step(reply);
      if (more && begun && !outlet.isUnflushed() && suspend(reply)) {
        return;
      }
    }
    begin(reply, reply.body().length());
  }

  /** Takes what comes once, and sends it. */
  private boolean step(Reply reply) {
    Body body = reply.body();
    boolean more = body.advance(piece -> pass(reply, piece));
    outlet.requireClient();
    if (more && reply.format() == StreamFormat.SSE && plain && beatIsDue()) {
      beat(reply);
    }
    if (outlet.isUnflushed()
        && (!more || !body.ready() || outlet.isFlushDue(streaming.flushInterval()))) {
      outlet.flush();
    }
    return more;
  }

  /** Lets the thread go, if the stream can do without. */
  private boolean suspend(Reply reply) {
    Optional<Watch> watch = suspension.isPossible() ? reply.body().watch() : Optional.empty();
    watch.ifPresent(
        made -> relay = suspension.begin(made, outlet, () -> step(reply), reply.body()::ready));
    return relay != null;
  }

  /** Whether the reply goes on without this thread; then {@link #resume} is called by another one. */
  boolean isSuspended() {
    return relay != null && !resumed;
  }

  /** Goes on behind the last turn of a reply that was suspended, as {@link #send} would have. */
  void resume(Reply reply, Protocol protocol) {
    Relay ended = Objects.requireNonNull(relay);
    resumed = true;
    attempt(reply, protocol, ended::end);
  }

  /**
   * Whether the end of a suspended reply is for whoever asks: the container comes back to a request, or ends it without.
   */
  boolean settle() {
    return relay != null && relay.settle();
  }

  /** What the client hears counts: bytes may have come of which nothing could go out yet. */
  private boolean beatIsDue() {
    Duration heartbeat = streaming.heartbeat();
    return !heartbeat.isZero() && !outlet.isUnflushed() && outlet.isSilentFor(heartbeat);
  }

  /** The comment is an event of its own, so it has to wait until the one before it is whole. */
  private void beat(Reply reply) {
    if (whole) {
      begin(reply, -1);
      outlet.write(HEARTBEAT, 0, HEARTBEAT.length);
      outlet.requireClient();
    }
  }

  private void pass(Reply reply, Piece piece) {
    begin(reply, reply.body().length());
    outlet.write(piece.array(), piece.offset(), piece.length());
    whole = plain && piece.whole();
  }

  private void document(Reply reply) {
    Body body = reply.body();
    Held held = new Held((int) Math.max(0, Math.min(body.length(), MOST_HELD)));
    boolean more = true;
    while (more && held.size() <= MOST_HELD) {
      more = body.advance(piece -> held.write(piece.array(), piece.offset(), piece.length()));
    }
    if (!more) {
      ContentCoding.check(reply.headers(), held.array(), held.size());
    }
    whole = false;
    begin(reply, more ? body.length() : held.size());
    outlet.write(held.array(), 0, held.size());
    while (more) {
      more = body.advance(piece -> outlet.write(piece.array(), piece.offset(), piece.length()));
      outlet.requireClient();
    }
    outlet.flush();
  }

  private void begin(Reply reply, long length) {
    if (begun) {
      return;
    }
    begun = true;
    response.setStatus(reply.status());
    header("x-ai-request-id", exchange.id());
    ReplyHeaders.of(reply.headers())
        .forEach(field -> response.addHeader(field.name(), field.value()));
    if (streamed) {
      response.setBufferSize(STREAM_BUFFER);
      header("Cache-Control", "no-cache");
      header("X-Accel-Buffering", "no");
    } else if (length >= 0 && reply.status() != NO_CONTENT) {
      response.setContentLengthLong(length > 0 ? length : unsent(reply));
    }
  }

  /** What an answer to a HEAD would have had of a body. */
  private static long unsent(Reply reply) {
    return reply
        .headers()
        .first("content-length")
        .filter(length -> length.matches("[0-9]{1,18}"))
        .map(Long::parseLong)
        .orElse(0L);
  }

  private void header(String name, String value) {
    response.setHeader(name, value);
  }

  private void breakOff(Problem problem, Protocol protocol, StreamFormat format) {
    byte[] event = protocol.errorEvent(Failure.of(problem), format);
    if (!streamed || !whole || event.length == 0 || !outlet.takes()) {
      mustCut = true;
      return;
    }
    try {
      outlet.write(event, 0, event.length);
      outlet.flush();
    } catch (ClientGone left) {
      exchange.ledger().outcome(Ending.CLIENT_GONE.word());
    }
  }

  /** Reads on for the usage that the provider will bill anyway, within bounds. */
  private void drain(Body body) {
    if (streaming.onClientAbort() != OnClientAbort.DRAIN || exchange.ended()) {
      return;
    }
    Usage known = reported();
    Runnable timer = exchange.after(streaming.drainTime(), () -> exchange.end(Ending.CLIENT_GONE));
    long[] left = {streaming.drainBytes()};
    try {
      boolean more = true;
      while (more && left[0] > 0) {
        more = body.advance(piece -> left[0] -= piece.length());
      }
    } catch (Problem broken) {
      exchange.end(Ending.CLIENT_GONE);
    } finally {
      timer.run();
      drained = !reported().equals(known);
    }
  }

  private Usage reported() {
    return exchange.ledger().lastAttempt().map(last -> last.answer().usage()).orElse(Usage.NONE);
  }

  /** An error in the place of an answer. */
  void send(Problem problem, Protocol protocol) {
    if (response.isCommitted()) {
      // Tomcat 11 answers by itself when it cannot read a body, and a throw would make that a 500
      mustCut = begun || response.getStatus() < HttpServletResponse.SC_BAD_REQUEST;
      return;
    }
    if (begun) {
      response.reset();
    } else {
      response.resetBuffer(); // what filters before this one set is not ours to take back
    }
    begun = true;
    byte[] body = protocol.error(Failure.of(problem));
    response.setStatus(problem.kind().status());
    header("x-ai-request-id", exchange.id());
    header("Content-Type", "application/json");
    problem.headers().forEach(field -> header(field.name(), field.value()));
    if (leavesBodyUnread(problem.kind())) {
      header("Connection", "close");
    }
    response.setContentLength(body.length);
    try {
      outlet.write(body, 0, body.length);
      outlet.flush();
    } catch (ClientGone left) {
      exchange.ledger().outcome(Ending.CLIENT_GONE.word());
    }
  }

  /** What is still on its way would be taken for the next request, or have to be read first. */
  private static boolean leavesBodyUnread(Problem.Kind kind) {
    return switch (kind) {
      case REQUEST_TOO_LARGE, REQUEST_TIMEOUT, UNSUPPORTED_MEDIA_TYPE, DRAINING -> true;
      default -> false;
    };
  }

  /** Lets the client have its end before whatever is left to do here. */
  void close() {
    if (mustCut) {
      return;
    }
    try {
      outlet.close();
    } catch (IOException failure) {
      exchange.ledger().outcome(Ending.CLIENT_GONE.word());
    }
  }

  /** A document that may be large: it is not copied to be looked at. */
  private static final class Held extends ByteArrayOutputStream {
    Held(int expected) {
      super(expected);
    }

    /** Good as far as {@link #size} says. */
    byte[] array() {
      return buf;
    }
  }
}
