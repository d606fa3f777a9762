package io.aiproxy.usage;

import java.util.Locale;

/** Where the token counts of an exchange are from. */
public enum UsageSource {
  /** The provider's own, in the answer that the client got. */
  REPORTED,
  /** The provider's own, read on after the client had gone. */
  DRAINED,
  /** Counted here from the text that passed. */
  ESTIMATED,
  /** Nobody knows. */
  ABSENT;

  /** As an access log prints it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
