package io.aiproxy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.aiproxy.config.Configuration;
import io.aiproxy.testing.ScriptedUpstream;
import io.aiproxy.testing.Settings;
import io.aiproxy.testing.TestCertificates;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Probes on real sockets and in real time, waiting for what they bring about. */
class HealthOfInstancesTest {
  private static final String OTHER =
      "{'id':'other','uri':'/other','plugins':{'ai-proxy':{'provider':'openai','auth':{}}}}";

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

  @Test
  void probesByHttpsWhoeverProvesWhoItIs(@TempDir Path folder) {
    TestCertificates certificates = new TestCertificates();
    try (ScriptedUpstream friend = ScriptedUpstream.secure(certificates.good());
        Gateway gateway = Gateway.open(secure(certificates.authorityIn(folder), friend))) {
      friend.request(1); // the first one was answered, and is known

      assertThat(gateway.health().at("/instances/0/state").asText()).isEqualTo("healthy");
    }
  }

  @Test
  void takesAStrangerForUnwell(@TempDir Path folder) {
    TestCertificates certificates = new TestCertificates();
    try (ScriptedUpstream stranger = ScriptedUpstream.secure(TestCertificates.unknownAuthority());
        Gateway gateway = Gateway.open(secure(certificates.authorityIn(folder), stranger))) {
      JsonNode found = await(gateway, state -> state.equals("unhealthy"));

      assertThat(found.path("cause").asText()).contains("certificate is not trusted");
      assertThat(stranger.requests()).isEmpty();
    }
  }

  @Test
  void aReloadKeepsWhatIsKnownAndLeavesNothingElseBehind(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("routes.json");
    Files.writeString(file, "[" + route().replace('\'', '"') + "]");
    ObjectName name = new ObjectName("io.aiproxy:type=Instance,route=r,name=a");
    MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    try (Gateway gateway = Gateway.open(file)) {
      upstream.request(0);
      server.invoke(name, "eject", new Object[0], new String[0]);
      Object before = gateway.routes();
      Files.writeString(file, "[" + (route() + "," + OTHER).replace('\'', '"') + "]");
      while (gateway.routes() == before) {
        LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
      }

      assertThat(gateway.health().at("/instances/0/state").asText()).isEqualTo("ejected");
      assertThat(server.queryNames(new ObjectName("io.aiproxy:route=r,*"), null))
          .containsExactly(name);
      assertThat(probing()).isLessThanOrEqualTo(1);
    }
    assertThat(server.queryNames(new ObjectName("io.aiproxy:route=r,*"), null)).isEmpty();
  }

  private static Configuration secure(Path authority, ScriptedUpstream upstream) {
    return Settings.configuration("""
        {'uri':'/*','plugins':{'ai-proxy-multi':{'ca_certificates':'%s','instances':[{'name':'a','weight':1,
        'provider':'openai','auth':{},'override':{'endpoint':'%s'},'checks':{'active':{'type':'https','timeout':600,
        'unhealthy':{'tcp_failures':1}}}}]}}}
        """.formatted(authority, upstream.url()));
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
