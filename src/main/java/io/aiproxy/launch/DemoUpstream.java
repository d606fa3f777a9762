package io.aiproxy.launch;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.RequestLog;

/** A model server on loopback that speaks OpenAI's API and thinks of nothing: it quotes the end of what it was told. */
final class DemoUpstream implements AutoCloseable {
  /** It refuses requests without it, so that an answer shows that the gateway sent it. */
  static final String KEY = "demo-key";

  private static final RequestLog UNLOGGED = (request, response) -> {};
  private static final ServeOptions LOOPBACK = new ServeOptions(
      ServeOptions.HOST, 0, Optional.<Path>empty(), Optional.<Path>empty(), Duration.ZERO);

  private final WebServer server;

  private DemoUpstream(WebServer server) {
    this.server = server;
  }

  static DemoUpstream open() throws Failure {
    ServletContextHandler context =
        new ServletContextHandler("/", ServletContextHandler.NO_SESSIONS);
    context.addServlet(new ServletHolder(new DemoModel(KEY, Duration.ofMillis(30))), "/v1/*");
    context.setErrorHandler(new ErrorAnswers());
    return new DemoUpstream(WebServer.open(LOOPBACK, context, UNLOGGED));
  }

  URI address() {
    return server.address();
  }

  @Override
  public void close() {
    server.close();
  }
}
