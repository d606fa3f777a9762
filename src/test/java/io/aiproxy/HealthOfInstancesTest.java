package io.aiproxy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.aiproxy.testing.ScriptedUpstream;
import io.aiproxy.testing.Settings;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Probes on real sockets and in real time, waiting for what they bring about. */
class HealthOfInstancesTest {
  private final ScriptedUpstream upstream = ScriptedUpstream.open();

  @AfterEach
  void close() {
    upstream.close();
  }

  @Test
  void findsByItselfWhoIsUnwellAndWhoIsWellAgain() {
    upstream.answers(turn -> turn.status(503).json("{}"));
    try (Gateway gateway = Gateway.open(Settings.configuration(route()))) {
      JsonNode found = await(gateway, state -> state.equals("unhealthy"));
      assertThat(found.path("route").asText()).isEqualTo("r");
      assertThat(found.path("cause").asText()).isEqualTo("a probe was answered with 503");
      assertThat(found.path("under_way").asInt()).isZero();

      upstream.answers(turn -> turn.json("{}"));
      await(gateway, state -> state.equals("healthy"));
    }
  }

  @Test
  void leavesNoThreadAndNoProbeBehind() {
    upstream.answers(turn -> turn.stall());
    Gateway gateway = Gateway.open(Settings.configuration(route()));
    upstream.request(0);
    assertThat(probing()).isPositive();

    gateway.close();

    assertThat(probing()).isZero();
  }

  private static long probing() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals("ai-proxy-health"))
        .count();
  }

  private static JsonNode await(Gateway gateway, Predicate<String> wanted) {
    long patience = ScriptedUpstream.PATIENCE.toNanos();
    long begun = System.nanoTime();
    while (System.nanoTime() - begun < patience) {
      JsonNode instance = gateway.health().path("instances").path(0);
      if (wanted.test(instance.path("state").asText())) {
        return instance;
      }
      LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
    }
    throw new AssertionError("in vain: " + gateway.health());
  }

  private String route() {
    return """
        {'id':'r','uri':'/*','plugins':{'ai-proxy-multi':{'instances':[{'name':'a','weight':1,'provider':'openai',
        'auth':{},'override':{'endpoint':'%s'},'checks':{'active':{'timeout':600,'healthy':{'successes':1},
        'unhealthy':{'http_failures':1}}}}]}}}
        """.formatted(upstream.url());
  }
}
