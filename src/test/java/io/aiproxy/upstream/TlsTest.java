package io.aiproxy.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aiproxy.call.Problem;
import io.aiproxy.call.Problem.Kind;
import io.aiproxy.call.Target;
import io.aiproxy.testing.Calls;
import io.aiproxy.testing.ScriptedUpstream;
import io.aiproxy.testing.TestCertificates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import javax.net.ssl.SSLContext;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An upstream has to prove who it is before it gets a single byte of a request. */
final class TlsTest {
  private final TestCertificates certificates = new TestCertificates();
  private final Rig rig = new Rig();

  @TempDir
  private Path folder;

  @AfterEach
  void close() {
    rig.close();
  }

  @Test
  void trustsWhomTheConfiguredAuthoritySigned() {
    rig.authorities = Optional.of(certificates.authorityIn(folder));
    try (ScriptedUpstream provider = ScriptedUpstream.secure(certificates.good())) {
      provider.answers(turn -> turn.sse("one"));
      assertThat(rig.text(Calls.post(provider.target("/"), "{}"))).isEqualTo("data: one\n\n");
      assertThat(rig.text(Calls.post(provider.target("/"), "{}"))).isEqualTo("data: one\n\n");
      assertThat(provider.connections()).isEqualTo(1);
    }
  }

  @Test
  void trustsTheAuthoritiesOfTheJvmBesides() throws Exception {
    int builtIn = authorities(Optional.empty());
    assertThat(authorities(Optional.of(certificates.authorityIn(folder)))).isEqualTo(builtIn + 1);
  }

  private static int authorities(Optional<Path> more) throws Exception {
    return ((X509TrustManager) Tls.trusting(more)[0]).getAcceptedIssuers().length;
  }

  @Test
  void refusesACertificateThatHasExpired() {
    assertRefused(TestCertificates::expired, "the provider's certificate has expired");
  }

  @Test
  void refusesACertificateForAnotherHost() {
    assertRefused(
        TestCertificates::wrongHost, "the provider's certificate does not match its host name");
  }

  @Test
  void refusesACertificateThatNobodySigned() {
    assertRefused(own -> own.selfSigned("localhost"), "the provider's certificate is not trusted");
  }

  @Test
  void refusesACertificateThatAStrangerSigned() {
    assertRefused(
        own -> TestCertificates.unknownAuthority(), "the provider's certificate is not trusted");
  }

  @Test
  void refusesAllThatAreSignedPrivatelyUnlessConfigured() {
    try (ScriptedUpstream provider = ScriptedUpstream.secure(certificates.good())) {
      assertThat(rig.problem(Calls.post(provider.target("/"), "{}")).kind())
          .isEqualTo(Kind.UPSTREAM_INSECURE);
      assertThat(provider.requests()).isEmpty();
    }
  }

  private void assertRefused(Function<TestCertificates, SSLContext> identity, String message) {
    rig.authorities = Optional.of(certificates.authorityIn(folder));
    try (ScriptedUpstream provider = ScriptedUpstream.secure(identity.apply(certificates))) {
      Problem problem = rig.problem(Calls.post(provider.target("/"), "{}"));
      assertThat(problem.kind()).isEqualTo(Kind.UPSTREAM_INSECURE);
      assertThat(problem.message()).isEqualTo(message);
      BrokenAnswersTest.assertDiscreet(problem);
      provider.awaitAllClosed();
      assertThat(provider.requests()).isEmpty();
    }
  }

  @Test
  void refusesAnUpstreamThatDoesNotSpeakTls() {
    try (ScriptedUpstream provider = ScriptedUpstream.open()) {
      provider.greets(turn ->
          turn.raw("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n").close());
      Problem problem =
          rig.problem(Calls.post(new Target("https", "localhost", provider.port(), "/", ""), "{}"));
      assertThat(problem.kind()).isEqualTo(Kind.UPSTREAM_INSECURE);
      BrokenAnswersTest.assertDiscreet(problem);
    }
  }

  @Test
  void takesAnybodyIfToldNotToVerify() {
    rig.verify = false;
    for (SSLContext identity : new SSLContext[] {
      certificates.selfSigned("other.example"), certificates.expired(), certificates.wrongHost()
    }) {
      try (ScriptedUpstream provider = ScriptedUpstream.secure(identity)) {
        assertThat(rig.text(Calls.post(provider.target("/"), "{}"))).isEqualTo("{}");
      }
    }
  }

  @Test
  void dropsAConnectionOnWhichSomethingCameWhileItWasIdle() {
    rig.verify = false;
    CountDownLatch release = new CountDownLatch(1);
    try (ScriptedUpstream provider = ScriptedUpstream.secure(certificates.good())) {
      provider.answersInTurn(
          turn -> turn.json("{1}")
              .awaits(release)
              .raw("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nPOISON"),
          turn -> turn.json("{2}"));
      assertThat(rig.text(Calls.post(provider.target("/"), "{}"))).isEqualTo("{1}");
      assertThat(rig.stats().available()).isEqualTo(1);
      release.countDown();
      provider.request(0).awaitPlayed();
      assertThat(rig.text(Calls.post(provider.target("/"), "{}"))).isEqualTo("{2}");
    }
  }

  @Test
  void replacesAKeptConnectionThatWasClosedMeanwhile() {
    rig.verify = false;
    try (ScriptedUpstream provider = ScriptedUpstream.secure(certificates.good())) {
      provider.answersInTurn(turn -> turn.json("{1}").close(), turn -> turn.json("{2}"));
      assertThat(rig.text(Calls.post(provider.target("/"), "{}"))).isEqualTo("{1}");
      provider.awaitAllClosed();
      assertThat(rig.text(Calls.post(provider.target("/"), "{}"))).isEqualTo("{2}");
      assertThat(provider.requests()).hasSize(2);
    }
  }

  @Test
  void doesNotStartWithAuthoritiesThatCannotBeRead() throws IOException {
    Path empty = Files.writeString(folder.resolve("empty.pem"), "nothing\n");
    for (Path file : new Path[] {folder.resolve("gone.pem"), empty}) {
      assertThatThrownBy(() -> Tls.strategy(true, Optional.of(file)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("ca_certificates: ")
          .hasMessageContaining(file.toString());
    }
  }
}
