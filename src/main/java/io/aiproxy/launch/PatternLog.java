package io.aiproxy.launch;

import ch.qos.logback.access.common.spi.AccessEvent;
import ch.qos.logback.access.common.spi.IAccessEvent;
import ch.qos.logback.access.jetty.JettyModernServerAdapter;
import ch.qos.logback.access.jetty.RequestLogImpl;
import ch.qos.logback.access.jetty.ResponseWrapper;
import ch.qos.logback.core.spi.FilterReply;
import java.nio.file.Path;
import java.util.List;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;

/**
 * logback-access for Jetty, with events that cannot forge a line and hold no credential of a query, whatever the pattern.
 * Safe for all threads.
 */
final class PatternLog extends RequestLogImpl implements AccessLog {
  private final Path config;

  private PatternLog(Path config) {
    this.config = config;
  }

  /** Starts a log as that configuration says. */
  static PatternLog open(Path config) throws Failure {
    PatternLog log = new PatternLog(config);
    log.setFileName(Logs.readable(config).toString());
    log.setQuiet(true);
    log.start();
    List<String> errors = Logs.errors(log);
    if (!errors.isEmpty() || !log.isStarted()) {
      log.stop();
      throw AccessLog.failure(errors);
    }
    return log;
  }

  @Override
  public String place() {
    return "as " + config + " says";
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
