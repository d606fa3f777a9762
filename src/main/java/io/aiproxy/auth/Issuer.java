package io.aiproxy.auth;

import java.time.Instant;

/** Gives out tokens, asking somebody over the network. Asked by one thread at a time. */
@FunctionalInterface
interface Issuer {
  /** A new one, whatever was given out before. */
  Issued issue() throws NoToken;

  /**
   * What was given out.
   *
   * @param end from when on it is worth nothing
   */
  record Issued(String value, Instant end) {
    @Override
    public String toString() {
      return "......";
    }
  }
}
