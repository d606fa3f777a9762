package io.aiproxy.json;

/**
 * A text is not the JSON that is asked for. The message tells the sender what is wrong and where, and repeats nothing of the
 * text. Carries no stack trace: it is an answer, not a fault.
 */
public final class BadJson extends Exception {
  private static final long serialVersionUID = 1;

  private final int offset;

  BadJson(String message, int offset) {
    super(message, null, false, false);
    this.offset = offset;
  }

  /** The message, which is never missing here. */
  public String message() {
    return String.valueOf(getMessage());
  }

  /** Where in the array that was read the trouble begins. */
  public int offset() {
    return offset;
  }
}
