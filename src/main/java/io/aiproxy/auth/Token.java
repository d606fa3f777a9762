package io.aiproxy.auth;

import java.time.Duration;
import java.time.Instant;

/**
 * A credential that does not last. Prints as dots.
 *
 * @param renewal from when on another one is to be had
 * @param end from when on it is not used any more
 */
record Token(String value, Instant renewal, Instant end) {
  /** None: always due. */
  static final Token NONE = new Token("", Instant.MIN, Instant.MIN);

  /**
   * One that was just given out.
   *
   * @param early how long before its end to renew it; where that is more than half of its life, half of its life
   * @param longest how long it is used at most
   */
  static Token of(String value, Instant now, Instant end, Duration early, Duration longest) {
    Duration given = Duration.between(now, end);
    Duration life = given.compareTo(longest) < 0 ? given : longest;
    Duration half = life.dividedBy(2);
    return new Token(
        value, now.plus(life).minus(early.compareTo(half) < 0 ? early : half), now.plus(life));
  }

  @Override
  public String toString() {
    return "......";
  }
}
