package io.aiproxy.testing;

import io.aiproxy.NoRoute;
import jakarta.servlet.DispatcherType;
import java.time.Duration;
import java.util.EnumSet;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** Jetty as it comes. */
public final class JettyContainer implements ServletContainer {
  private static final int AS_THE_SYSTEM_HAS_IT = -1;

  private final Server server;
  private final ServerConnector connector;

  private JettyContainer(Server server, ServerConnector connector) {
    this.server = server;
    this.connector = connector;
  }

  /** Starts it with that stage. */
  public static JettyContainer open(Stage stage, Duration idle) {
    return open(stage, idle, new Server(), AS_THE_SYSTEM_HAS_IT);
  }

  /** The same with so many threads. */
  public static JettyContainer open(Stage stage, Duration idle, int threads) {
    return open(stage, idle, threads, AS_THE_SYSTEM_HAS_IT);
  }

  /**
   * The same with connections that hold little.
   *
   * @param sendBuffer what a connection sends before its client takes it, about, in bytes
   */
  public static JettyContainer open(Stage stage, Duration idle, int threads, int sendBuffer) {
    return open(stage, idle, new Server(new QueuedThreadPool(threads)), sendBuffer);
  }

  private static JettyContainer open(Stage stage, Duration idle, Server server, int sendBuffer) {
    ServerConnector connector = new ServerConnector(server, 1, 1);
    connector.setHost("127.0.0.1");
    connector.setIdleTimeout(idle.toMillis());
    connector.setAcceptedSendBufferSize(sendBuffer);
    server.addConnector(connector);
    connector
        .getConnectionFactory(HttpConnectionFactory.class)
        .getHttpConfiguration()
        .setUriCompliance(
            UriCompliance.DEFAULT.with("TEST", UriCompliance.Violation.AMBIGUOUS_PATH_SEPARATOR));
    ServletContextHandler context = new ServletContextHandler("/");
    FilterHolder filter = new FilterHolder(stage);
    filter.setAsyncSupported(true);
    context.addFilter(filter, "/*", EnumSet.of(DispatcherType.REQUEST, DispatcherType.ASYNC));
    context.addServlet(new ServletHolder(new NoRoute()), "/");
    context.getServletHandler().setDecodeAmbiguousURIs(true);
    server.setHandler(context);
    server.setStopTimeout(0);
    try {
      server.start();
    } catch (Exception failure) {
      throw new AssertionError(failure);
    }
    return new JettyContainer(server, connector);
  }

  @Override
  public int port() {
    return connector.getLocalPort();
  }

  @Override
  public void close() {
    try {
      server.stop();
    } catch (Exception failure) {
      throw new AssertionError(failure);
    }
  }
}
