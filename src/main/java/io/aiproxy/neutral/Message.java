package io.aiproxy.neutral;

import java.util.List;

/**
 * What one side said. The results of tools are the user's.
 *
 * @param plain whether the client wrote a mere string where it could have written parts
 * @param name of the one who speaks; empty if the client gave none
 */
public record Message(Role role, List<Part> parts, boolean plain, String name, Origin origin) {
  /** Who speaks. */
  public enum Role {
    SYSTEM,
    /** The system's, for models that reason; others take it for the system's. */
    DEVELOPER,
    USER,
    ASSISTANT
  }

  public Message {
    parts = List.copyOf(parts);
  }
}
