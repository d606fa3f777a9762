package io.aiproxy.launch;

import ch.qos.logback.access.common.spi.AccessEvent;
import ch.qos.logback.access.common.spi.IAccessEvent;
import ch.qos.logback.access.jetty.JettyModernServerAdapter;
import ch.qos.logback.access.jetty.RequestLogImpl;
import ch.qos.logback.access.jetty.ResponseWrapper;
import ch.qos.logback.core.spi.FilterReply;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;

/**
 * logback-access for Jetty, with events that cannot forge a line and hold no credential of a query, whatever the pattern.
 * Safe for all threads.
 */
final class AccessLog extends RequestLogImpl implements AutoCloseable {
  private static final String VARIABLE = "AI_PROXY_ACCESS_LOG";
  private static final String DEFAULT_FILE = "logs/access.log";
  private static final String STANDARD_OUTPUT = "-";

  private final String place;

  private AccessLog(String place) {
    this.place = place;
  }

  /**
   * Starts a log.
   *
   * @param config logback-access' configuration; without one a line a request goes where the variable says
   */
  static AccessLog open(Optional<Path> config, Map<String, String> variables) throws Failure {
    String file = variables.getOrDefault(VARIABLE, DEFAULT_FILE);
    boolean console = file.equals(STANDARD_OUTPUT);
    AccessLog log;
    if (config.isPresent()) {
      log = new AccessLog("as " + config.get() + " says");
      log.setFileName(Logs.readable(config.get()).toString());
    } else {
      log = new AccessLog(
          console ? "standard output" : Path.of(file).toAbsolutePath().toString());
      log.setResource("/io/aiproxy/launch/logback-access.xml");
      log.putProperty("file", file);
      log.putProperty("destination", console ? "console" : "queue");
    }
    log.setQuiet(true);
    log.start();
    List<String> errors = Logs.errors(log);
    if (!errors.isEmpty() || !log.isStarted()) {
      log.stop();
      throw Failure.of(errors.stream().map(error -> "access log: " + error).toList());
    }
    return log;
  }

  /** Where the lines are, for a person. */
  String place() {
    return place;
  }

  @Override
  public void log(Request request, Response response) {
    IAccessEvent event = new AccessEvent(
        this,
        new LoggedRequest(request),
        new ResponseWrapper(response),
        new JettyModernServerAdapter(request, response));
    if (getFilterChainDecision(event) != FilterReply.DENY) {
      iteratorForAppenders().forEachRemaining(appender -> appender.doAppend(event));
    }
  }

  @Override
  public void close() {
    stop();
  }
}
