package io.aiproxy.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.aiproxy.call.Call;
import io.aiproxy.call.Problem;
import io.aiproxy.call.Problem.Kind;
import io.aiproxy.call.Reply;
import io.aiproxy.testing.Calls;
import io.aiproxy.testing.ScriptedUpstream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Two rigs stand for two routes, or for a route before and after a reload. */
final class TransportsTest {
  private final ScriptedUpstream provider = ScriptedUpstream.open();
  private final CountDownLatch release = new CountDownLatch(1);
  private final Rig rig = new Rig();
  private final Rig other = new Rig(rig.transports);

  @AfterEach
  void close() {
    release.countDown();
    rig.close();
    provider.close();
  }

  @Test
  void sharesAPoolBetweenEqualTransports() {
    rig.text(call());
    other.text(call());
    assertThat(provider.connections()).isEqualTo(1);
  }

  @Test
  void sharesNothingBetweenDifferentTransports() {
    other.verify = false;
    rig.text(call());
    other.text(call());
    assertThat(provider.connections()).isEqualTo(2);
    assertThat(rig.stats()).isEqualTo(new Stats(0, 1, 0));
    assertThat(other.stats()).isEqualTo(new Stats(0, 1, 0));
  }

  @Test
  void keepsAPoolAsLongAsAnybodyLeasesIt() {
    rig.text(call());
    other.lease();
    rig.lease().close();
    other.text(call());
    assertThat(provider.connections()).isEqualTo(1);
  }

  @Test
  void closesAPoolThatNobodyLeasesAnyMore() {
    rig.text(call());
    rig.lease().close();
    rig.lease().close();
    provider.awaitAllClosed();
    assertThat(rig.stats()).isEqualTo(Stats.NONE);
  }

  @Test
  void letsARunningExchangeFinishBeforeAPoolCloses() {
    provider.answers(turn -> turn.event("one").awaits(release).end());
    try (Reply reply = rig.send(call())) {
      rig.lease().close();
      assertThat(rig.stats().leased()).isEqualTo(1);
      release.countDown();
      assertThat(Rig.text(reply.body())).isEqualTo("data: one\n\n");
    }
    provider.awaitAllClosed();
    assertThat(rig.stats()).isEqualTo(Stats.NONE);
  }

  @Test
  void makesAsManyConnectionsAsConfigured() {
    rig.poolSize = 40;
    provider.answers(turn -> turn.event("one").awaits(release).end());
    List<Reply> replies = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      replies.add(rig.send(call()));
    }
    assertThat(rig.stats()).isEqualTo(new Stats(40, 0, 0));
    replies.forEach(Reply::close);
  }

  @Test
  void servesWhoIsLateAllTheSame() {
    rig.lease().close();
    assertThat(rig.text(call())).isEqualTo("{}");
    provider.awaitAllClosed();
  }

  @Test
  void cutsWhatRunsWhenAllIsClosed() {
    provider.answers(turn -> turn.event("one").stall());
    try (Reply reply = rig.send(call())) {
      rig.transports.close();
      assertThat(
              catchThrowableOfType(Problem.class, () -> Rig.text(reply.body())).kind())
          .isEqualTo(Kind.UPSTREAM_BROKEN);
    }
    provider.request(0).awaitLeft();
  }

  @Test
  void beginsNothingAfterAllWasClosed() {
    rig.upstream();
    rig.transports.close();
    assertThat(rig.problem(call()).kind()).isEqualTo(Kind.DRAINING);
    assertThat(provider.connections()).isZero();
  }

  private Call call() {
    return Calls.post(provider.target("/"), "{}");
  }
}
