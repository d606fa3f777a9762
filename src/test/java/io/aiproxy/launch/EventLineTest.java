package io.aiproxy.launch;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import org.junit.jupiter.api.Test;

class EventLineTest {
  private static final String WHEN =
      "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}(Z|[+-]\\d\\d:\\d\\d)";

  @Test
  void saysWhenWhoAndWhatOnOneLine() {
    assertThat(line("two\r\nlines\u001b[31m", null))
        .matches(WHEN + " INFO  Gateway two lines \\[31m\\R");
  }

  @Test
  void hasTheStackOfAnExceptionBelow() {
    assertThat(line("it broke", new IllegalStateException("why")))
        .matches(
            "(?s)" + WHEN
                + " INFO  Gateway it broke\\Rjava.lang.IllegalStateException: why\\R\\s+at .*EventLineTest.*");
  }

  private static String line(String message, Throwable thrown) {
    return new EventLine()
        .doLayout(new LoggingEvent(
            EventLineTest.class.getName(),
            new LoggerContext().getLogger("io.aiproxy.Gateway"),
            Level.INFO,
            message,
            thrown,
            null));
  }
}
