package io.aiproxy.embedding;

import java.util.Optional;

/** No vectors could be had. The message is for the log, and holds no credential and nothing of a text or an answer. */
public final class NoVectors extends Exception {
  private static final long serialVersionUID = 1;

  private final boolean transitory;

  private NoVectors(String message, boolean transitory, Throwable... cause) {
    super(message, cause.length > 0 ? cause[0] : null, false, false);
    this.transitory = transitory;
  }

  /** Of these texts: others may have some. */
  public static NoVectors ofThese(String message) {
    return new NoVectors(message, false);
  }

  /** Of any texts: whoever makes them is not there at the moment. */
  public static NoVectors atTheMoment(String message, Throwable... cause) {
    return new NoVectors(message, true, cause);
  }

  /** Whether nobody would get any now, whatever the text. */
  public boolean isTransitory() {
    return transitory;
  }

  /** The message, and what brought it about. */
  public String words() {
    return getMessage()
        + Optional.ofNullable(getCause()).map(cause -> ": " + cause).orElse("");
  }
}
