package io.aiproxy.balance;

import static org.assertj.core.api.Assertions.assertThat;

import io.aiproxy.balance.Finding.Kind;
import io.aiproxy.config.ActiveCheck;
import io.aiproxy.testing.LogLines;
import java.time.Instant;
import java.util.Collections;
import org.junit.jupiter.api.Test;

class HealthTest {
  private static final ActiveCheck CHECK = Fleet.check("{}");

  private Instant now = Instant.EPOCH;
  private final Health health = new Health("instance a of route r", () -> now);

  @Test
  void isWellUntilItIsFoundOtherwise() {
    assertThat(state()).isEqualTo("healthy");
  }

  @Test
  void turnsAtTheThresholdOfEachKindOfFailure() {
    assertTurnsAt(Kind.HTTP_FAILURE, 5);
    assertTurnsAt(Kind.TCP_FAILURE, 2);
    assertTurnsAt(Kind.TIMEOUT, 3);
  }

  private static void assertTurnsAt(Kind kind, int limit) {
    Health health = new Health("one", () -> Instant.EPOCH);
    Finding finding = new Finding(kind, "");
    Collections.nCopies(limit - 1, finding).forEach(one -> health.found(one, CHECK));
    assertThat(health.condition().state()).isEqualTo(Health.State.HEALTHY);

    health.found(finding, CHECK);

    assertThat(health.condition().state()).isEqualTo(Health.State.UNHEALTHY);
  }

  @Test
  void aSuccessEndsARowOfFailures() {
    found(Kind.TCP_FAILURE, Kind.SUCCESS, Kind.TCP_FAILURE);

    assertThat(state()).isEqualTo("healthy");
  }

  @Test
  void aFailureOfAnotherKindDoesNotEndARow() {
    found(Kind.TCP_FAILURE, Kind.TIMEOUT, Kind.TCP_FAILURE);

    assertThat(state()).isEqualTo("unhealthy");
  }

  @Test
  void isWellAgainAfterSuccessesInARow() {
    found(Kind.TCP_FAILURE, Kind.TCP_FAILURE, Kind.SUCCESS, Kind.TIMEOUT, Kind.SUCCESS);
    assertThat(state()).isEqualTo("unhealthy");

    found(Kind.SUCCESS);

    assertThat(state()).isEqualTo("healthy");
  }

  @Test
  void whatSaysNothingEndsNoRow() {
    found(Kind.TCP_FAILURE, Kind.UNDECIDED, Kind.TCP_FAILURE);

    assertThat(state()).isEqualTo("unhealthy");
  }

  @Test
  void remembersSinceWhenAndWhy() {
    found(Kind.TCP_FAILURE);
    now = Instant.ofEpochSecond(7);
    found(Kind.TCP_FAILURE);
    now = Instant.ofEpochSecond(8);
    found(Kind.TCP_FAILURE);

    assertThat(health.condition())
        .isEqualTo(new Health.Condition(
            Health.State.UNHEALTHY, Instant.ofEpochSecond(7), "because of TCP_FAILURE"));
  }

  @Test
  void aStatusIsAsGoodAsTheCheckSays() {
    assertThat(Finding.status(302, CHECK).kind()).isEqualTo(Kind.SUCCESS);
    assertThat(Finding.status(404, CHECK).kind()).isEqualTo(Kind.HTTP_FAILURE);
    assertThat(Finding.status(401, CHECK).kind()).isEqualTo(Kind.UNDECIDED);
  }

  @Test
  void theWordOfAnOperatorCountsMoreThanProbes() {
    health.eject();
    found(Kind.SUCCESS, Kind.SUCCESS);
    assertThat(state()).isEqualTo("ejected");

    health.drain();
    assertThat(state()).isEqualTo("draining");

    health.admit();
    assertThat(state()).isEqualTo("healthy");
  }

  @Test
  void logsEachChangeOnce() {
    try (LogLines log = LogLines.of(Health.class.getName())) {
      found(Kind.TCP_FAILURE, Kind.TCP_FAILURE, Kind.TCP_FAILURE, Kind.SUCCESS, Kind.SUCCESS);

      assertThat(log.lines())
          .containsExactly(
              "instance a of route r is unhealthy: because of TCP_FAILURE",
              "instance a of route r is healthy: because of SUCCESS");
    }
  }

  private void found(Kind... kinds) {
    for (Kind kind : kinds) {
      health.found(new Finding(kind, "because of " + kind), CHECK);
    }
  }

  private String state() {
    return Standing.word(health.condition().state());
  }
}
