package io.aiproxy.call;

import java.util.Locale;

/** Why an exchange was ended before its reply was. */
public enum Ending {
  /** The client went away. */
  CLIENT_GONE,
  /** Another attempt at the same request was faster. */
  OUTPACED,
  /** The gateway is going down and its time to drain is over. */
  SHUTDOWN;

  /** As an access log prints it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
