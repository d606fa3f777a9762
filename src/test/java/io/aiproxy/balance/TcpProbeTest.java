package io.aiproxy.balance;

import static org.assertj.core.api.Assertions.assertThat;

import io.aiproxy.balance.Finding.Kind;
import io.aiproxy.testing.ScriptedUpstream;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class TcpProbeTest {
  private static final Duration LIMIT = Duration.ofSeconds(10);

  @Test
  void findsOneThatListens() {
    try (ScriptedUpstream upstream = ScriptedUpstream.open()) {
      assertThat(new TcpProbe("127.0.0.1", upstream.port(), LIMIT).ask().kind())
          .isEqualTo(Kind.SUCCESS);
    }
  }

  @Test
  void findsThatNobodyListens() {
    assertThat(new TcpProbe("127.0.0.1", 1, LIMIT).ask().kind()).isEqualTo(Kind.TCP_FAILURE);
  }

  @Test
  void findsNothingOnceStopped() {
    TcpProbe probe = new TcpProbe("127.0.0.1", 1, LIMIT);
    probe.stop();

    assertThat(probe.ask().kind()).isEqualTo(Kind.UNDECIDED);
  }
}
