package io.aiproxy.upstream;

import io.aiproxy.call.Problem;
import io.aiproxy.call.Target;
import io.aiproxy.config.Endpoint;
import io.aiproxy.config.Transport;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.TlsConfig;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.client5.http.io.ConnectionEndpoint;
import org.apache.hc.client5.http.io.LeaseRequest;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.io.SocketConfig;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.pool.PoolConcurrencyPolicy;
import org.apache.hc.core5.pool.PoolReusePolicy;
import org.apache.hc.core5.pool.PoolStats;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;

/** The connections of one transport. Safe for all threads. */
final class Pool {
  private static final int CLOSED = -1;

  /** A kept connection that idled longer is asked whether its end is still there, which costs about a millisecond. */
  private static final TimeValue UNSUSPICIOUS = TimeValue.ofSeconds(1);

  /** Else a TLS goodbye to a stuck upstream would be written under the lock that all exchanges need. */
  private static final boolean OFF_LOCK = true;

  private final Transport transport;
  private final PoolingHttpClientConnectionManager connections;
  private final EventLoops loops;
  private final Consumer<Pool> onClose;
  private final AtomicInteger users = new AtomicInteger();
  private final ReentrantLock keeping = new ReentrantLock();

  private Pool(
      Transport transport,
      PoolingHttpClientConnectionManager connections,
      EventLoops loops,
      Consumer<Pool> onClose) {
    this.transport = transport;
    this.connections = connections;
    this.loops = loops;
    this.onClose = onClose;
  }

  static Pool open(Transport transport, EventLoops loops, Consumer<Pool> onClose) {
    return new Pool(transport, connections(transport), loops, onClose);
  }

  private static PoolingHttpClientConnectionManager connections(Transport transport) {
    Timeout connect = timeout(transport.connectTimeout());
    PoolingHttpClientConnectionManager connections = new PoolingHttpClientConnectionManager(
        new Dialer(Tls.strategy(transport.sslVerify(), transport.caCertificates())),
        PoolConcurrencyPolicy.STRICT,
        PoolReusePolicy.LIFO,
        TimeValue.NEG_ONE_MILLISECOND,
        socket -> new Connection(),
        OFF_LOCK);
    connections.setDefaultMaxPerRoute(transport.poolSize());
    connections.setMaxTotal(Integer.MAX_VALUE);
    connections.setDefaultTlsConfig(
        TlsConfig.custom().setHandshakeTimeout(connect).build());
    connections.setDefaultSocketConfig(SocketConfig.custom()
        .setSoTimeout(connect)
        .setTcpNoDelay(true)
        .setSoKeepAlive(true)
        .build());
    connections.setDefaultConnectionConfig(ConnectionConfig.custom()
        .setConnectTimeout(connect)
        .setSocketTimeout(connect)
        .setValidateAfterInactivity(UNSUSPICIOUS)
        .setTimeToLive(TimeValue.NEG_ONE_MILLISECOND)
        .build());
    return connections;
  }

  static Timeout timeout(Duration duration) {
    return Timeout.ofMilliseconds(Math.max(1, duration.toMillis()));
  }

  /** Counts one user more; false if the pool has closed. */
  boolean enter() {
    return users.getAndUpdate(n -> n == CLOSED ? CLOSED : n + 1) != CLOSED;
  }

  /** The last one closes the pool. */
  void leave() {
    if (users.updateAndGet(n -> n <= 1 ? CLOSED : n - 1) == CLOSED) {
      close();
    }
  }

  void close() {
    users.set(CLOSED);
    onClose.accept(this);
    connections.close(CloseMode.IMMEDIATE);
  }

  Transport transport() {
    return transport;
  }

  EventLoop loop() throws IOException {
    return loops.next();
  }

  Stats stats() {
    PoolStats all = connections.getTotalStats();
    return new Stats(all.getLeased(), all.getAvailable(), all.getPending());
  }

  void tidy() {
    connections.closeExpired();
  }

  HttpRoute route(Target target) {
    HttpHost host = host(target.scheme(), target.host(), target.port());
    boolean secure = target.scheme().equals("https");
    return transport
        .proxy()
        .map(proxy -> new HttpRoute(host, null, host(proxy), secure))
        .orElseGet(() -> new HttpRoute(host, null, secure));
  }

  private static HttpHost host(Endpoint proxy) {
    return host(proxy.scheme(), proxy.host(), proxy.port());
  }

  private static HttpHost host(String scheme, String name, int port) {
    boolean bracketed = name.startsWith("[") && name.endsWith("]");
    return new HttpHost(scheme, bracketed ? name.substring(1, name.length() - 1) : name, port);
  }

  LeaseRequest ask(HttpRoute route) {
    try {
      return connections.lease("", route, timeout(transport.poolWait()), null);
    } catch (IllegalStateException closed) {
      throw Problem.of(Problem.Kind.DRAINING, "the gateway is shutting down", closed);
    }
  }

  /** Waits for what was asked for; empty if there is none in time. */
  Optional<ConnectionEndpoint> await(LeaseRequest asked) {
    try {
      return Optional.ofNullable(asked.get(timeout(transport.poolWait())));
    } catch (TimeoutException | ExecutionException | CancellationException tooLate) {
      asked.cancel();
    } catch (InterruptedException interrupted) {
      asked.cancel();
      Thread.currentThread().interrupt();
    }
    return Optional.empty();
  }

  /** Reaches the upstream, through a tunnel if a proxy is in between. */
  void connect(ConnectionEndpoint endpoint, HttpRoute route, HttpClientContext context)
      throws IOException, HttpException {
    connections.connect(endpoint, timeout(transport.connectTimeout()), context);
    if (route.isTunnelled()) {
      endpoint.execute(
          "",
          tunnel(route),
          (request, connection, c) -> ((Connection) connection).tunnel(request),
          context);
      connections.upgrade(endpoint, context);
    }
  }

  private static ClassicHttpRequest tunnel(HttpRoute route) {
    String authority = route.getTargetHost().toHostString();
    ClassicHttpRequest request = Outgoing.request("CONNECT", authority);
    request.setHeader("Host", authority);
    return request;
  }

  /** Gives a connection back that is good for another exchange. */
  void keep(ConnectionEndpoint endpoint, HttpRoute route, Duration time) {
    keeping.lock();
    try {
      if (connections.getStats(route).getAvailable() < transport.keepalivePool()) {
        connections.release(endpoint, null, TimeValue.ofMilliseconds(time.toMillis()));
        return;
      }
    } finally {
      keeping.unlock();
    }
    discard(endpoint);
  }

  void discard(ConnectionEndpoint endpoint) {
    endpoint.close(CloseMode.IMMEDIATE);
    connections.release(endpoint, null, TimeValue.ZERO_MILLISECONDS);
  }
}
