package io.aiproxy.launch;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jetty.server.RequestLog;

/** Keeps a record of each request. Safe for all threads. */
interface AccessLog extends RequestLog, AutoCloseable {
  /**
   * Starts a log.
   *
   * @param config logback-access' configuration; without one a line a request goes where the variable says
   */
  static AccessLog open(Optional<Path> config, Map<String, String> variables) throws Failure {
    return config.isPresent() ? PatternLog.open(config.get()) : LineLog.open(variables);
  }

  static Failure failure(List<String> errors) {
    return Failure.of(errors.stream().map(error -> "access log: " + error).toList());
  }

  /** Where the records are, for a person. */
  String place();

  /** Writes what is not written yet. */
  @Override
  void close();
}
