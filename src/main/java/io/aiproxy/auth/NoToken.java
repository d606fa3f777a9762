package io.aiproxy.auth;

/** An {@link Issuer} gave out nothing; the message is for the log, and holds no credential. */
final class NoToken extends Exception {
  private static final int MOST_CHARS = 300;

  NoToken(String message) {
    super(message
        .codePoints()
        .limit(MOST_CHARS)
        .map(c -> Character.isISOControl(c) ? ' ' : c)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString());
  }

  /** By what lies at its bottom: what the JDK says of networks and files, or else only what it is. */
  static NoToken because(Throwable trouble) {
    Throwable root = trouble;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    String type = root.getClass().getName();
    // libraries quote what they cannot read
    return new NoToken(type.startsWith("java") ? type + ": " + root.getMessage() : type);
  }
}
