package io.aiproxy.neutral;

/**
 * Whether the model is to call a tool.
 *
 * @param name of the tool if {@code mode} is NAMED; else empty
 */
public record ToolChoice(Mode mode, String name, Origin origin) {
  /** How free the model is. */
  public enum Mode {
    AUTO,
    /** It must call one, whichever. */
    ANY,
    NONE,
    NAMED
  }
}
