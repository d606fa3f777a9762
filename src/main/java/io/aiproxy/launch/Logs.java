package io.aiproxy.launch;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.core.Context;
import ch.qos.logback.core.status.Status;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.slf4j.LoggerFactory;

/** The gateway's own log, by logback. */
final class Logs {
  private static final String PROPERTY = "logback.configurationFile";
  private static final String BUILT_IN = "io/aiproxy/launch/logback.xml";

  private Logs() {}

  /**
   * Starts it, before any class with a logger is loaded. A configuration that the system property
   * {@code logback.configurationFile} names comes second, our own last.
   */
  static void open(Optional<Path> config) throws Failure {
    if (config.isPresent()) {
      System.setProperty(PROPERTY, readable(config.get()).toUri().toString());
    } else if (System.getProperty(PROPERTY) == null) {
      System.setProperty(PROPERTY, BUILT_IN);
    }
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      List<String> errors = errors(context);
      if (!errors.isEmpty()) {
        throw Failure.of(
            errors.stream().map(error -> "log configuration: " + error).toList());
      }
    }
  }

  static Path readable(Path file) throws Failure {
    if (!Files.isReadable(file) || Files.isDirectory(file)) {
      throw Failure.of(file + ": there is no such file, or it may not be read");
    }
    return file.toAbsolutePath();
  }

  /** What logback noticed while it read a configuration. */
  static List<String> errors(Context context) {
    return context.getStatusManager().getCopyOfStatusList().stream()
        .filter(status -> status.getEffectiveLevel() >= Status.ERROR)
        .map(Logs::text)
        .toList();
  }

  private static String text(Status status) {
    Throwable cause = status.getThrowable();
    return cause == null
        ? status.getMessage()
        : status.getMessage() + " (" + cause.getMessage() + ")";
  }
}
