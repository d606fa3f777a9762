package io.aiproxy.upstream;

import io.aiproxy.call.Problem;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.io.ConnectionEndpoint;
import org.apache.hc.client5.http.io.LeaseRequest;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.io.HttpClientConnection;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * One exchange's hold on a connection of a pool, from asking for it to giving it back. One thread uses it and that thread
 * alone gives the connection back; any may cut it.
 */
final class Line {
  private final Pool pool;
  private final HttpRoute route;
  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable LeaseRequest asked;
  private @Nullable ConnectionEndpoint endpoint;
  private @Nullable Connection connection;
  private @Nullable Problem cut;
  private boolean over;

  /** Takes the place in the pool over from the caller. */
  Line(Pool pool, HttpRoute route) {
    this.pool = pool;
    this.route = route;
  }

  /**
   * Takes a connection from the pool: a kept one if there is one, else one that has to be connected.
   *
   * @return whether it is a kept one
   */
  boolean take() {
    Optional<ConnectionEndpoint> taken = pool.await(ask());
    lock.lock();
    try {
      asked = null;
      endpoint = taken.orElse(null);
      throwIfCut();
    } finally {
      lock.unlock();
    }
    return taken.orElseThrow(Trouble::saturated).isConnected();
  }

  private LeaseRequest ask() {
    lock.lock();
    try {
      throwIfCut();
      LeaseRequest request = pool.ask(route);
      asked = request;
      return request;
    } finally {
      lock.unlock();
    }
  }

  private void throwIfCut() {
    if (cut != null) {
      throw cut;
    }
  }

  void connect() throws IOException, HttpException {
    try {
      pool.connect(endpoint(), route, Dialer.by(this));
    } catch (IllegalStateException closed) {
      throw cutBetween(closed);
    }
  }

  /**
   * Sends a request and waits for the head of the answer.
   *
   * @param read how long each single read may take; zero if a clock runs that cuts the line, which is cheaper
   */
  ClassicHttpResponse ask(ClassicHttpRequest request, Timeout read)
      throws IOException, HttpException {
    try {
      ConnectionEndpoint current = endpoint();
      current.setSocketTimeout(read);
      return current.execute("", request, this::ask, HttpClientContext.create());
    } catch (IllegalStateException closed) {
      throw cutBetween(closed);
    }
  }

  private ClassicHttpResponse ask(
      ClassicHttpRequest request, HttpClientConnection connected, HttpContext context)
      throws IOException, HttpException {
    Connection current = (Connection) connected;
    attach(current);
    return current.ask(request);
  }

  /**
   * From now on this is the connection to close if the line is cut.
   *
   * @throws IOException if it was cut already
   */
  void attach(Connection current) throws IOException {
    lock.lock();
    try {
      if (cut != null) {
        throw new IOException("closed by this end");
      }
      connection = current;
    } finally {
      lock.unlock();
    }
  }

  /** HttpClient takes a connection that was closed between two steps for a mistake of ours. */
  private static IOException cutBetween(IllegalStateException closed) {
    return new IOException("closed by this end", closed);
  }

  private ConnectionEndpoint endpoint() {
    if (endpoint == null) {
      throw new IllegalStateException("there is no connection");
    }
    return endpoint;
  }

  /** The connection that was asked something. */
  Connection connection() {
    if (connection == null) {
      throw new IllegalStateException("nothing was asked");
    }
    return connection;
  }

  /** Who looks after a connection that nobody waits at. */
  EventLoop loop() throws IOException {
    return pool.loop();
  }

  /** Whether anything came of an answer. */
  boolean heard() {
    return connection != null && connection.heard();
  }

  /** Those of {@link Connection#steps}; 0 if there is no connection. Any thread. */
  long steps() {
    lock.lock();
    try {
      return connection == null ? 0 : connection.steps();
    } finally {
      lock.unlock();
    }
  }

  /** See {@link Connection#stopSendingIfAnswered}. Any thread. */
  void stopSendingIfAnswered() {
    lock.lock();
    try {
      if (!over && connection != null) {
        connection.stopSendingIfAnswered();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Ends it at once, whatever it is doing; only the first reason counts. Any thread. */
  void cut(Problem why) {
    lock.lock();
    try {
      if (over || cut != null) {
        return;
      }
      cut = why;
      if (asked != null) {
        asked.cancel();
      }
      // under the lock, so that it cannot be somebody else's by now
      if (connection != null) {
        connection.close(CloseMode.IMMEDIATE);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Why it was cut; empty if it was not. */
  Optional<Problem> cut() {
    lock.lock();
    try {
      return Optional.ofNullable(cut);
    } finally {
      lock.unlock();
    }
  }

  /** Puts a kept connection that proved dead in the state of one that has to be connected. */
  void hangUp() {
    lock.lock();
    try {
      endpoint().close(CloseMode.IMMEDIATE);
      throwIfCut();
    } finally {
      lock.unlock();
    }
  }

  /** The last thing: gives the connection back, to be kept for that time if there is one. Idempotent. */
  void end(Optional<Duration> keep) {
    lock.lock();
    try {
      if (over) {
        return;
      }
      over = true;
      if (endpoint != null && cut == null && keep.isPresent()) {
        pool.keep(endpoint, route, keep.get());
      } else if (endpoint != null) {
        pool.discard(endpoint);
      }
    } finally {
      lock.unlock();
    }
    pool.leave();
  }
}
