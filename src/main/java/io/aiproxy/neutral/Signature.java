package io.aiproxy.neutral;

/**
 * By what a model's maker knows a thought again. Nobody else can read it, and other providers refuse it: in another
 * protocol it is written so that it can be told apart, and comes back as what it was.
 *
 * @param protocol whose it is
 */
public record Signature(String protocol, String value) {
  private static final String MARK = "ai-proxy:";

  /** As a protocol writes it that is perhaps not its own. */
  public String in(String target) {
    return protocol.equals(target) ? value : MARK + protocol + ":" + value;
  }

  /** As it was found in a protocol: its own, or another's that {@link #in} wrote there. */
  public static Signature from(String found, String in) {
    int end = found.startsWith(MARK) ? found.indexOf(':', MARK.length()) : -1;
    return end < 0
        ? new Signature(in, found)
        : new Signature(found.substring(MARK.length(), end), found.substring(end + 1));
  }
}
