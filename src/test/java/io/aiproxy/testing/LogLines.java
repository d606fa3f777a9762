package io.aiproxy.testing;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.LoggerFactory;

/** What is written to one logger while this is open, and nowhere else. Safe for all threads. */
public final class LogLines implements AutoCloseable {
  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final Logger logger;
  private final AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
    @Override
    protected void append(ILoggingEvent event) {
      lines.add(event.getFormattedMessage());
    }
  };

  private LogLines(Logger logger) {
    this.logger = logger;
  }

  /** Listens to the logger of that name, from {@code INFO} on. */
  public static LogLines of(String name) {
    LogLines opened = new LogLines((Logger) LoggerFactory.getLogger(name));
    opened.appender.start();
    opened.logger.setLevel(Level.INFO);
    opened.logger.setAdditive(false);
    opened.logger.addAppender(opened.appender);
    return opened;
  }

  /** The messages so far. */
  public List<String> lines() {
    return List.copyOf(lines);
  }

  @Override
  public void close() {
    logger.detachAppender(appender);
    logger.setAdditive(true);
    logger.setLevel(null);
  }
}
