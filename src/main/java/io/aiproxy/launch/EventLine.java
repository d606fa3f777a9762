package io.aiproxy.launch;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.LayoutBase;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * The line of what the gateway says of itself: time, level, who says it, and what, less what could begin another line. The
 * stack of an exception follows. Safe for all threads.
 */
final class EventLine extends LayoutBase<ILoggingEvent> {
  @Override
  public String doLayout(ILoggingEvent event) {
    String name = event.getLoggerName();
    IThrowableProxy thrown = event.getThrowableProxy();
    return time(event.getTimeStamp()) + " " + String.format("%-5s ", event.getLevel())
        + name.substring(name.lastIndexOf('.') + 1) + " "
        + event.getFormattedMessage().replaceAll("\\p{Cntrl}+", " ")
        + System.lineSeparator()
        + (thrown == null ? "" : ThrowableProxyUtil.asString(thrown));
  }

  /** Makes its formatter anew, since lines are few and a start is to be quick. */
  private static String time(long millis) {
    return DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSXXX", Locale.ROOT)
        .format(Instant.ofEpochMilli(millis).atZone(ZoneId.systemDefault()));
  }
}
