package io.aiproxy.balance;

import java.time.Instant;
import java.util.Locale;

/**
 * How an instance stands at a moment, for an operator. Holds no secret.
 *
 * @param instance its name
 * @param state {@code healthy}, {@code unhealthy}, {@code tripped}, {@code ejected} or {@code draining}
 * @param since when it came into that state
 * @param cause in words; empty if nothing happened yet
 * @param underWay how many requests it has to answer
 */
public record Standing(String instance, String state, Instant since, String cause, int underWay) {
  static Standing of(Member member) {
    Health.Condition condition = member.health().condition();
    return new Standing(
        member.name(),
        word(condition.state()),
        condition.since(),
        condition.cause(),
        member.underWay());
  }

  static String word(Health.State state) {
    return state.name().toLowerCase(Locale.ROOT);
  }
}
