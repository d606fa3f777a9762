package io.aiproxy.launch;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.Context;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import ch.qos.logback.core.status.Status;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.slf4j.LoggerFactory;

/** The gateway's own log, by logback. */
final class Logs {
  private static final String PROPERTY = "logback.configurationFile";

  private Logs() {}

  /**
   * Starts it, before any class with a logger is loaded. A configuration that the system property
   * {@code logback.configurationFile} names comes second, our own last.
   */
  static void open(Optional<Path> config) throws Failure {
    if (config.isPresent()) {
      System.setProperty(PROPERTY, readable(config.get()).toUri().toString());
    }
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      if (System.getProperty(PROPERTY) == null) {
        builtIn(context);
      }
      List<String> errors = errors(context);
      if (!errors.isEmpty()) {
        throw Failure.of(
            errors.stream().map(error -> "log configuration: " + error).toList());
      }
    }
  }

  /** Put together here, since to read it from an XML file would take a quarter of the time of a start. */
  private static void builtIn(LoggerContext context) {
    context.reset();
    LayoutWrappingEncoder<ILoggingEvent> encoder = new LayoutWrappingEncoder<>();
    encoder.setContext(context);
    encoder.setLayout(new EventLine());
    encoder.start();
    ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
    console.setContext(context);
    console.setEncoder(encoder);
    console.start();
    Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    root.setLevel(Level.WARN);
    root.addAppender(console);
    context.getLogger("io.aiproxy").setLevel(Level.INFO);
    for (String talkative : List.of("org.eclipse.jetty", "org.apache.hc")) {
      // they tell of clients that leave and of upstreams that break, which the access log says
      // already
      context.getLogger(talkative).setLevel(Level.ERROR);
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
