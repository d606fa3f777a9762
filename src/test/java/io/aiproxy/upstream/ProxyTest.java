package io.aiproxy.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.aiproxy.call.Call;
import io.aiproxy.call.Headers;
import io.aiproxy.call.Problem;
import io.aiproxy.call.Problem.Kind;
import io.aiproxy.config.Endpoint;
import io.aiproxy.testing.Calls;
import io.aiproxy.testing.ScriptedUpstream;
import io.aiproxy.testing.TestCertificates;
import io.aiproxy.testing.Turn;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ProxyTest {
  private final TestCertificates certificates = new TestCertificates();
  private final ScriptedUpstream provider = ScriptedUpstream.secure(certificates.good());
  private final ScriptedUpstream proxy = ScriptedUpstream.open().answers(Turn::tunnel);
  private final Rig rig = new Rig();

  @TempDir
  private Path folder;

  @BeforeEach
  void configure() {
    rig.authorities = Optional.of(certificates.authorityIn(folder));
    rig.proxy = Optional.of(Endpoint.parse(proxy.url()));
  }

  @AfterEach
  void close() {
    rig.close();
    proxy.close();
    provider.close();
  }

  @Test
  void makesATunnelForHttps() {
    Headers secret = Headers.builder().add("Authorization", "Bearer secret").build();
    assertThat(rig.text(Calls.of("POST", provider.target("/"), secret, "{}"))).isEqualTo("{}");
    ScriptedUpstream.Request connect = proxy.request(0);
    assertThat(connect.method()).isEqualTo("CONNECT");
    assertThat(connect.target()).isEqualTo("localhost:" + provider.port());
    assertThat(connect.headers().toString()).isEqualTo("[Host: …]");
    assertThat(provider.request(0).headers().first("Authorization")).contains("Bearer secret");
  }

  @Test
  void usesATunnelAgain() {
    rig.text(call());
    rig.text(call());
    assertThat(proxy.requests()).hasSize(1);
    assertThat(provider.requests()).hasSize(2);
  }

  @Test
  void checksTheProviderThroughTheTunnel() {
    try (ScriptedUpstream other = ScriptedUpstream.secure(certificates.wrongHost())) {
      Problem problem = rig.problem(Calls.post(other.target("/"), "{}"));
      assertThat(problem.kind()).isEqualTo(Kind.UPSTREAM_INSECURE);
      assertThat(other.requests()).isEmpty();
    }
  }

  @Test
  void asksTheProxyItselfForHttp() {
    proxy.answers(turn -> turn.json("{proxied}"));
    try (ScriptedUpstream plain = ScriptedUpstream.open()) {
      assertThat(rig.text(Calls.post(plain.target("/a?b"), "{}"))).isEqualTo("{proxied}");
      assertThat(proxy.request(0).target()).isEqualTo(plain.url() + "/a?b");
      assertThat(proxy.request(0).headers().first("Host")).contains("127.0.0.1:" + plain.port());
      assertThat(plain.connections()).isZero();
    }
  }

  @Test
  void isUnreachableIfTheProxyRefuses() {
    proxy.answers(turn ->
        turn.status(407).header("Proxy-Authenticate", "Basic realm=\"x\"").json("{}"));
    Problem problem = rig.problem(call());
    assertThat(problem.kind()).isEqualTo(Kind.UPSTREAM_UNREACHABLE);
    BrokenAnswersTest.assertDiscreet(problem);
    assertThat(proxy.requests()).hasSize(1);
    assertThat(provider.requests()).isEmpty();
  }

  @Test
  void isUnreachableIfTheProxyHangsUp() {
    proxy.answers(Turn::close);
    assertThat(rig.problem(call()).kind()).isEqualTo(Kind.UPSTREAM_UNREACHABLE);
  }

  @Test
  void doesNotWaitForEverForTheProxy() {
    rig.connect = Duration.ofMillis(150);
    proxy.answers(Turn::stall);
    assertThat(rig.problem(call()).kind()).isEqualTo(Kind.UPSTREAM_TIMEOUT);
  }

  @Test
  void takesNothingThatTheProxyPutInFrontOfTheTunnel() {
    proxy.answers(turn -> turn.raw(
            "HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nPOISON")
        .stall());
    assertThat(rig.problem(call()).kind()).isEqualTo(Kind.UPSTREAM_UNREACHABLE);
    assertThat(provider.connections()).isZero();
  }

  private Call call() {
    return Calls.post(provider.target("/"), "{}");
  }
}
