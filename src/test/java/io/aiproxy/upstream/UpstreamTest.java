package io.aiproxy.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.aiproxy.call.Call;
import io.aiproxy.call.Reply;
import io.aiproxy.ledger.Attempt;
import io.aiproxy.testing.Calls;
import io.aiproxy.testing.ScriptedUpstream;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class UpstreamTest {
  private final ScriptedUpstream provider = ScriptedUpstream.open();
  private final Rig rig = new Rig();

  @AfterEach
  void close() {
    rig.close();
    provider.close();
  }

  @Test
  void sendsTheCallAsItIsAndGivesTheAnswerAsItCame() {
    provider.answers(
        turn -> turn.status(203).header("X-One", "1").header("x-two", "\u00e4").json("{\"a\":1}"));
    try (Reply reply = rig.send(Calls.post(provider.target("/v1/x"), "{\"q\":2}"))) {
      assertThat(reply.status()).isEqualTo(203);
      assertThat(reply.headers().first("X-One")).contains("1");
      assertThat(reply.headers().first("x-two")).contains("\u00e4");
      assertThat(reply.body().length()).isEqualTo(7);
      assertThat(Rig.text(reply.body())).isEqualTo("{\"a\":1}");
    }
    ScriptedUpstream.Request request = provider.request(0);
    assertThat(request.method()).isEqualTo("POST");
    assertThat(request.target()).isEqualTo("/v1/x");
    assertThat(request.text()).isEqualTo("{\"q\":2}");
    assertThat(request.headers().toString())
        .isEqualTo("[Host: …, Content-Type: …, Content-Length: …]");
    assertThat(request.headers().first("Host")).contains("127.0.0.1:" + provider.port());
  }

  @Test
  void givesEachEventOfAStreamAsSoonAsItIsThere() {
    CountDownLatch first = new CountDownLatch(1);
    CountDownLatch second = new CountDownLatch(1);
    provider.answers(
        turn -> turn.event("one").awaits(first).event("two").awaits(second).end());
    try (Reply reply = rig.send(Calls.post(provider.target("/"), "{}"))) {
      StringBuilder seen = new StringBuilder();
      while (seen.length() == 0) {
        reply
            .body()
            .advance(
                piece -> seen.append(new String(piece.array(), piece.offset(), piece.length())));
      }
      assertThat(seen).hasToString("data: one\n\n");
      assertThat(reply.body().ready()).isFalse();
      first.countDown();
      while (seen.length() < 20) {
        reply
            .body()
            .advance(
                piece -> seen.append(new String(piece.array(), piece.offset(), piece.length())));
      }
      second.countDown();
      assertThat(Rig.text(reply.body())).isEmpty();
      assertThat(seen).hasToString("data: one\n\ndata: two\n\n");
    }
  }

  @Test
  void writesTheAttemptDown() {
    Call call = Calls.post(provider.target("/"), "{}");
    rig.text(call);
    Attempt attempt = call.exchange().ledger().lastAttempt().orElseThrow();
    assertThat(attempt.status()).isEqualTo(200);
    assertThat(attempt.bytes()).isEqualTo(2);
    assertThat(attempt.connectNanos()).isPositive();
    assertThat(attempt.headNanos()).isGreaterThan(attempt.connectNanos());
    assertThat(attempt.endNanos()).isGreaterThan(attempt.headNanos());
  }

  @Test
  void usesAConnectionAgain() {
    rig.text(Calls.post(provider.target("/"), "{}"));
    rig.text(Calls.post(provider.target("/"), "{}"));
    assertThat(provider.connections()).isEqualTo(1);
  }
}
