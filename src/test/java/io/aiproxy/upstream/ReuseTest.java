package io.aiproxy.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.aiproxy.call.Call;
import io.aiproxy.call.Headers;
import io.aiproxy.call.Problem;
import io.aiproxy.call.Problem.Kind;
import io.aiproxy.call.Reply;
import io.aiproxy.testing.Calls;
import io.aiproxy.testing.ScriptedUpstream;
import io.aiproxy.testing.ScriptedUpstream.Script;
import io.aiproxy.testing.Turn;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which connections serve another exchange: only those on which nothing of the last one is left. */
final class ReuseTest {
  private static final String POISON = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nPOISON";
  private static final Script GOOD = turn -> turn.json("{good}");

  private final ScriptedUpstream provider = ScriptedUpstream.open();
  private final CountDownLatch release = new CountDownLatch(1);
  private final Rig rig = new Rig();

  @AfterEach
  void close() {
    release.countDown();
    rig.close();
    provider.close();
  }

  @Test
  void keepsAConnectionWhoseAnswerWasReadToItsEnd() {
    provider.answersInTurn(
        GOOD,
        turn -> turn.sse("one"),
        turn -> turn.status(500).json("{}"),
        turn -> turn.status(204).head(),
        GOOD);
    for (int i = 0; i < 5; i++) {
      rig.text(call());
    }
    assertThat(provider.connections()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}",
        "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
        "HTTP/1.1 204 No\r\n\r\n",
        "HTTP/1.1 304 No\r\n\r\n"
      })
  void dropsAConnectionWithMoreBytesThanAnnounced(String answer) {
    provider.answersInTurn(turn -> turn.raw(answer + POISON), GOOD);
    rig.text(call());
    assertThat(rig.stats()).isEqualTo(Stats.NONE);
    assertThat(rig.text(call())).isEqualTo("{good}");
    assertThat(provider.connections()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 204 No\r\nContent-Length: 2\r\n\r\n{}",
        "HTTP/1.1 304 No\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}",
        "HTTP/1.1 200 OK\r\nConnection: x, Close\r\nContent-Length: 2\r\n\r\n{}",
        "HTTP/1.1 200 OK\r\nKeep-Alive: timeout=0\r\nContent-Length: 2\r\n\r\n{}",
        "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\n{}"
      })
  void dropsAConnectionThatIsNotMeantToBeKeptOrMayBeMisunderstood(String answer) {
    provider.answersInTurn(turn -> turn.raw(answer), GOOD);
    rig.text(call());
    assertThat(rig.stats()).isEqualTo(Stats.NONE);
    assertThat(rig.text(call())).isEqualTo("{good}");
    assertThat(provider.connections()).isEqualTo(2);
  }

  @Test
  void dropsAConnectionOnWhichSomethingCameWhileItWasIdle() {
    provider.answersInTurn(
        turn -> {
          GOOD.play(turn);
          turn.awaits(release).raw(POISON);
        },
        GOOD);
    rig.text(call());
    assertThat(rig.stats().available()).isEqualTo(1);
    release.countDown();
    provider.request(0).awaitPlayed();
    assertThat(rig.text(call())).isEqualTo("{good}");
    assertThat(provider.connections()).isEqualTo(2);
  }

  @Test
  void dropsAConnectionThatWasSilentForLongAndThenSaysSomething() throws Exception {
    Connection connection = new Connection();
    try (ServerSocket server = new ServerSocket(0);
        Socket socket = new Socket("127.0.0.1", server.getLocalPort());
        Socket peer = server.accept()) {
      connection.bind(socket);
      assertThat(connection.isStale()).isFalse();
      peer.getOutputStream().write('x');
      assertThat(connection.isStale()).isTrue();
    }
  }

  @Test
  void dropsAConnectionThatIsClosedAtTheOtherEnd() throws Exception {
    Connection connection = new Connection();
    try (ServerSocket server = new ServerSocket(0);
        Socket socket = new Socket("127.0.0.1", server.getLocalPort());
        Socket peer = server.accept()) {
      connection.bind(socket);
      peer.close();
      assertThat(connection.isStale()).isTrue();
    }
  }

  @Test
  void dropsAConnectionWhoseAnswerWasNotReadToItsEnd() {
    provider.answersInTurn(turn -> turn.event("one").stall(), GOOD);
    try (Reply reply = rig.send(call())) {
      reply.body().advance(piece -> {});
    }
    provider.request(0).awaitLeft();
    assertThat(rig.text(call())).isEqualTo("{good}");
    assertThat(provider.connections()).isEqualTo(2);
  }

  @Test
  void keepsNoMoreIdleConnectionsThanConfigured() {
    rig.keepalivePool = 1;
    provider.answers(turn -> turn.event("one").awaits(release).end());
    try (Reply one = rig.send(call());
        Reply two = rig.send(call())) {
      release.countDown();
      Rig.text(one.body());
      Rig.text(two.body());
      assertThat(rig.stats()).isEqualTo(new Stats(0, 1, 0));
    }
  }

  @Test
  void closesConnectionsThatIdleForTooLong() {
    rig.keepaliveTimeout = Duration.ofMillis(50);
    rig.text(call());
    assertThat(rig.stats().available()).isEqualTo(1);
    rig.awaitStats(stats -> {
      rig.transports.tidy();
      return stats.available() == 0;
    });
    provider.awaitAllClosed();
  }

  @Test
  void usesNoConnectionThatIdledForTooLong() {
    rig.keepaliveTimeout = Duration.ofMillis(1);
    rig.text(call());
    Rig.letPass(Duration.ofMillis(20));
    rig.text(call());
    assertThat(provider.connections()).isEqualTo(2);
  }

  @Test
  void saysGoodbyeAfterEachExchangeIfKeepaliveIsOff() {
    rig.keepalive = false;
    provider.answers(turn -> turn.raw("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"));
    rig.text(call());
    rig.text(call());
    assertThat(provider.connections()).isEqualTo(2);
    assertThat(provider.request(1).headers().first("Connection")).contains("close");
    assertThat(rig.stats()).isEqualTo(Stats.NONE);
  }

  @Test
  void replacesAKeptConnectionThatWasClosedMeanwhile() {
    provider.answersInTurn(
        turn -> {
          GOOD.play(turn);
          turn.close();
        },
        GOOD);
    rig.text(call());
    provider.awaitAllClosed();
    assertThat(rig.text(call())).isEqualTo("{good}");
    assertThat(provider.requests()).hasSize(2);
  }

  @Test
  void replacesAKeptConnectionThatIsClosedOnTheNextRequest() {
    provider.answersInTurn(GOOD, Turn::close, GOOD);
    rig.text(call());
    Call second = call();
    assertThat(rig.text(second)).isEqualTo("{good}");
    assertThat(provider.requests()).hasSize(3);
    assertThat(second.exchange().ledger().attempts()).hasSize(1);
  }

  @Test
  void replacesAKeptConnectionThatIsResetOnTheNextRequest() {
    provider.answersInTurn(GOOD, Turn::reset, GOOD);
    rig.text(call());
    assertThat(rig.text(call())).isEqualTo("{good}");
    assertThat(provider.requests()).hasSize(3);
  }

  @Test
  void replacesManyKeptConnectionsThatDiedTogether() {
    provider.answers(turn -> turn.event("one").awaits(release).end());
    try (Reply one = rig.send(call());
        Reply two = rig.send(call());
        Reply three = rig.send(call())) {
      release.countDown();
      Rig.text(one.body());
      Rig.text(two.body());
      Rig.text(three.body());
    }
    provider.hangUp();
    provider.awaitAllClosed();
    for (int i = 0; i < 3; i++) {
      rig.text(call());
    }
    assertThat(provider.requests()).hasSize(6);
  }

  @Test
  void replacesADeadConnectionOnlyOnce() {
    provider.answersInTurn(GOOD, Turn::close);
    rig.text(call());
    assertThat(rig.problem(call()).kind()).isEqualTo(Kind.UPSTREAM_BROKEN);
    assertThat(provider.requests()).hasSize(3);
  }

  @Test
  void doesNotSendAgainOnceAnythingOfAnAnswerCame() {
    provider.answersInTurn(GOOD, turn -> turn.raw("H").close(), GOOD);
    rig.text(call());
    assertThat(rig.problem(call()).kind()).isEqualTo(Kind.UPSTREAM_BROKEN);
    assertThat(provider.requests()).hasSize(2);
  }

  @Test
  void doesNotSendAgainOverANewConnection() {
    provider.answersInTurn(Turn::close, GOOD);
    assertThat(rig.problem(call()).kind()).isEqualTo(Kind.UPSTREAM_BROKEN);
    assertThat(provider.requests()).hasSize(1);
  }

  @Test
  void doesNotSendAgainAfterATimeout() {
    rig.firstByte = Duration.ofMillis(100);
    provider.answersInTurn(GOOD, Turn::stall, GOOD);
    rig.text(call());
    Problem problem = rig.problem(call());
    assertThat(problem.kind()).isEqualTo(Kind.UPSTREAM_TIMEOUT);
    assertThat(provider.requests()).hasSize(2);
  }

  @Test
  void expectsNoBodyWithTheAnswerToAHead() {
    provider.answersInTurn(turn -> turn.header("Content-Length", "10").head(), GOOD);
    try (Reply reply = rig.send(Calls.of("HEAD", provider.target("/"), Headers.NONE, ""))) {
      assertThat(reply.headers().first("Content-Length")).contains("10");
      assertThat(Rig.text(reply.body())).isEmpty();
    }
    assertThat(rig.text(call())).isEqualTo("{good}");
    assertThat(provider.connections()).isEqualTo(1);
  }

  private Call call() {
    return Calls.post(provider.target("/"), "{}");
  }
}
