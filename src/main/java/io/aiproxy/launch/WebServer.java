package io.aiproxy.launch;

import io.aiproxy.AiProxyFilter;
import io.aiproxy.Gateway;
import io.aiproxy.NoRoute;
import jakarta.servlet.DispatcherType;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.EnumSet;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.RequestLog;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.VirtualThreads;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.ThreadPool;
import org.eclipse.jetty.util.thread.VirtualThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Jetty with the filter in it, and nothing else: no files, no sessions, no word about itself. HTTP/1.1 as the standard has
 * it, since what two parsers read differently is how requests are smuggled. It is safe for all threads.
 */
final class WebServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(WebServer.class);
  private static final int HEAD_BYTES = 16 * 1024;
  private static final int LARGEST_RESPONSE_HEAD_BYTES = 64 * 1024;

  /** The most that goes out at once. */
  private static final int OUTPUT_BYTES = 64 * 1024;

  /** The most that waits to be put together with what follows. */
  private static final int AGGREGATED_BYTES = 4 * 1024;

  /** Between requests, while a body is read, and while a client takes nothing; not while an upstream is silent. */
  private static final int IDLE_MS = 30_000;

  private static final int BACKLOG = 1_024;

  /** The selectors accept: a connection then begins with no change of threads. */
  private static final int NO_ACCEPTOR = 0;

  private static final int AS_MANY_AS_NEEDED = -1;
  private static final int PLATFORM_THREADS = 2_000;
  private static final int LEAST_THREADS = 16;
  private static final int THREAD_IDLE_MS = 30_000;
  private static final int UNLIMITED = 0;
  private static final int STOP_MS = 500;
  private static final int LINGER_MS = 100;

  /** A model's name may hold a slash, as that of an ARN does; the gateway looks at the path for what it must not hold. */
  private static final UriCompliance URIS =
      UriCompliance.DEFAULT.with("AI-PROXY", UriCompliance.Violation.AMBIGUOUS_PATH_SEPARATOR);

  private final Server server;
  private final ServerConnector connector;

  private WebServer(Server server, ServerConnector connector) {
    this.server = server;
    this.connector = connector;
  }

  /** Listens; the gateway and the log are the caller's to close. */
  static WebServer open(ServeOptions options, Gateway gateway, RequestLog log) throws Failure {
    return open(options, new Probes(gateway, webApplication(gateway)), log);
  }

  static WebServer open(ServeOptions options, Handler handler, RequestLog log) throws Failure {
    Server server = new Server(threads());
    ServerConnector connector = new ServerConnector(
        server, NO_ACCEPTOR, AS_MANY_AS_NEEDED, new HttpConnectionFactory(strictHttp()));
    connector.setHost(options.host());
    connector.setPort(options.port());
    connector.setIdleTimeout(IDLE_MS);
    connector.setShutdownIdleTimeout(LINGER_MS);
    connector.setAcceptQueueSize(BACKLOG);
    server.addConnector(connector);
    server.setHandler(handler);
    server.setErrorHandler(new ErrorAnswers());
    server.setRequestLog(log);
    server.setStopTimeout(STOP_MS);
    WebServer opened = new WebServer(server, connector);
    opened.start(options);
    return opened;
  }

  /** Where it listens, with the real port if any was asked for. */
  URI address() {
    String host = connector.getHost();
    return URI.create("http://" + (host.contains(":") ? "[" + host + "]" : host) + ":"
        + connector.getLocalPort());
  }

  /**
   * Closes every connection once the delay is over. A client that takes nothing holds its exchange in a write, which nothing
   * else can end.
   */
  void cutAfter(Duration delay) {
    connector
        .getScheduler()
        .schedule(
            () -> connector.getConnectedEndPoints().forEach(EndPoint::close),
            delay.toMillis(),
            TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() {
    try {
      server.stop();
    } catch (Exception e) {
      LOG.warn("connections were cut, since they did not end in time: {}", e.toString());
    }
  }

  private void start(ServeOptions options) throws Failure {
    try {
      server.start();
    } catch (IOException e) {
      close();
      Throwable reason = e.getCause() == null ? e : e.getCause();
      throw Failure.of(
          "cannot listen on " + options.host() + ":" + options.port() + ": " + reason.getMessage());
    } catch (Exception e) {
      close();
      throw new IllegalStateException("the server does not start", e);
    }
  }

  private static HttpConfiguration strictHttp() {
    HttpConfiguration http = new HttpConfiguration();
    http.setSendServerVersion(false);
    http.setSendXPoweredBy(false);
    http.setRequestHeaderSize(HEAD_BYTES);
    http.setMaxResponseHeaderSize(LARGEST_RESPONSE_HEAD_BYTES);
    http.setOutputBufferSize(OUTPUT_BYTES);
    http.setOutputAggregationSize(AGGREGATED_BYTES);
    http.setHttpCompliance(HttpCompliance.STRICT);
    http.setUriCompliance(URIS);
    return http;
  }

  /** A virtual thread an exchange where the JVM has them. */
  private static ThreadPool threads() {
    if (VirtualThreads.areSupported()) {
      VirtualThreadPool pool = new VirtualThreadPool(UNLIMITED);
      pool.setName("http");
      return pool;
    }
    QueuedThreadPool pool = new QueuedThreadPool(PLATFORM_THREADS, LEAST_THREADS, THREAD_IDLE_MS);
    pool.setMaxEvictCount(PLATFORM_THREADS);
    pool.setReservedThreads(0);
    pool.setName("http");
    return pool;
  }

  private static Handler webApplication(Gateway gateway) {
    FilterHolder filter = new FilterHolder(new AiProxyFilter(gateway, true));
    filter.setAsyncSupported(true);
    ServletContextHandler context =
        new ServletContextHandler("/", ServletContextHandler.NO_SESSIONS);
    context.addFilter(filter, "/*", EnumSet.of(DispatcherType.REQUEST, DispatcherType.ASYNC));
    context.addServlet(new ServletHolder(new NoRoute()), "/");
    context.getServletHandler().setDecodeAmbiguousURIs(true);
    context.setErrorHandler(new ErrorAnswers());
    return context;
  }
}
