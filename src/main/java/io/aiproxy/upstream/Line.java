package io.aiproxy.upstream;

import io.aiproxy.call.Problem;
import io.aiproxy.call.Target;
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
import org.apache.hc.core5.io.CloseMode;
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
  Line(Pool pool, Target target) {
    this.pool = pool;
    this.route = pool.route(target);
  }

  /**
   * Takes a connection from the pool: a kept one if there is one, else one that has to be connected.
   *
   * @return whether it is a kept one
   */
  boolean take() {
    ConnectionEndpoint taken = pool.await(ask());
    lock.lock();
    try {
      asked = null;
      endpoint = taken;
      throwIfCut();
    } finally {
      lock.unlock();
    }
    return taken.isConnected();
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
    pool.connect(endpoint(), route);
  }

  /** Sends a request and waits for the head of the answer; each single read takes no longer than the timeout. */
  ClassicHttpResponse ask(ClassicHttpRequest request, Duration timeout)
      throws IOException, HttpException {
    ConnectionEndpoint current = endpoint();
    current.setSocketTimeout(Pool.timeout(timeout));
    return current.execute(
        "",
        request,
        (asking, conn, context) -> {
          Connection asks = (Connection) conn;
          connection = asks;
          return asks.ask(asking);
        },
        HttpClientContext.create());
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

  /** Whether anything came of an answer. */
  boolean heard() {
    return connection != null && connection.heard();
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
      // under the lock, so that it cannot be somebody else's connection by now
      if (endpoint != null) {
        endpoint.close(CloseMode.IMMEDIATE);
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
