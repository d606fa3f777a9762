package io.aiproxy.balance;

import io.aiproxy.config.ActiveCheck;

/**
 * What came of a probe.
 *
 * @param words for the log; hold no secret
 */
record Finding(Kind kind, String words) {
  /** What it says of the instance. */
  enum Kind {
    SUCCESS,
    HTTP_FAILURE,
    TCP_FAILURE,
    TIMEOUT,
    /** Nothing. */
    UNDECIDED
  }

  static Finding status(int status, ActiveCheck check) {
    Kind kind = Kind.UNDECIDED;
    if (check.healthy().statuses().contains(status)) {
      kind = Kind.SUCCESS;
    } else if (check.unhealthy().statuses().contains(status)) {
      kind = Kind.HTTP_FAILURE;
    }
    return new Finding(kind, "a probe was answered with " + status);
  }

  /** How many of its kind make a good instance bad; none do if it is no failure. */
  int limit(ActiveCheck.Unhealthy unhealthy) {
    return switch (kind) {
      case HTTP_FAILURE -> unhealthy.httpFailures();
      case TCP_FAILURE -> unhealthy.tcpFailures();
      case TIMEOUT -> unhealthy.timeouts();
      case SUCCESS, UNDECIDED -> Integer.MAX_VALUE;
    };
  }
}
