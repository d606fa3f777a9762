package io.aiproxy.launch;

import ch.qos.logback.core.Appender;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.Context;
import ch.qos.logback.core.ContextBase;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.encoder.EncoderBase;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.TimeBasedRollingPolicy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;

/**
 * The built-in access log: a line a request, in a file for each day of the last two weeks, or on standard output. It is put
 * together here and not from an XML file and a pattern, which would take a quarter of the time of a start, and of each request
 * more than all else that Jetty does. Safe for all threads.
 */
final class LineLog implements AccessLog {
  private static final String VARIABLE = "AI_PROXY_ACCESS_LOG";
  private static final String DEFAULT_FILE = "logs/access.log";
  private static final String STANDARD_OUTPUT = "-";
  private static final int DAYS = 14;
  private static final byte[] NOTHING = {};

  private final String place;
  private final Appender<byte[]> appender;
  private final Lines lines;

  private LineLog(String place, Appender<byte[]> appender) {
    this.place = place;
    this.appender = appender;
    this.lines = Lines.open(appender::doAppend);
  }

  static LineLog open(Map<String, String> variables) throws Failure {
    String file = variables.getOrDefault(VARIABLE, DEFAULT_FILE);
    Context context = new ContextBase();
    boolean console = file.equals(STANDARD_OUTPUT);
    Appender<byte[]> appender =
        console ? ready(new ConsoleAppender<>(), context) : daily(file, context);
    List<String> errors = Logs.errors(context);
    if (!errors.isEmpty()) {
      appender.stop();
      throw AccessLog.failure(errors);
    }
    return new LineLog(
        console ? "standard output" : Path.of(file).toAbsolutePath().toString(), appender);
  }

  private static Appender<byte[]> daily(String file, Context context) {
    RollingFileAppender<byte[]> appender = new RollingFileAppender<>();
    appender.setFile(file);
    TimeBasedRollingPolicy<byte[]> days = new TimeBasedRollingPolicy<>();
    days.setContext(context);
    days.setParent(appender);
    days.setFileNamePattern(file + ".%d{yyyy-MM-dd}");
    days.setMaxHistory(DAYS);
    appender.setContext(context);
    days.start();
    appender.setRollingPolicy(days);
    return ready(appender, context);
  }

  private static Appender<byte[]> ready(OutputStreamAppender<byte[]> appender, Context context) {
    appender.setContext(context);
    appender.setEncoder(new AsTheyAre());
    appender.start();
    return appender;
  }

  @Override
  public String place() {
    return place;
  }

  @Override
  public void log(Request request, Response response) {
    lines.add(AccessLine.of(request, response).getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void close() {
    lines.close();
    appender.stop();
  }

  private static final class AsTheyAre extends EncoderBase<byte[]> {
    @Override
    public byte[] headerBytes() {
      return NOTHING;
    }

    @Override
    public byte[] encode(byte[] lines) {
      return lines;
    }

    @Override
    public byte[] footerBytes() {
      return NOTHING;
    }
  }
}
