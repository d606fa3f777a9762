package io.aiproxy.neutral;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/** What a model may call. */
public sealed interface Tool {
  Origin origin();

  /**
   * A function of the client's.
   *
   * @param description empty if there is none
   * @param parameters a JSON schema; missing if there is none
   * @param strict whether arguments must be as the schema says; empty if the client did not say
   * @param cache how long this and all before are to be cached, such as {@code 5m}, or an empty string for the provider's
   *     own time; absent if not at all
   */
  record Function(
      String name,
      String description,
      JsonNode parameters,
      Optional<Boolean> strict,
      Optional<String> cache,
      Origin origin)
      implements Tool {}

  /** One that the provider runs itself, or that takes no JSON, as it stood in its protocol. */
  record Builtin(JsonNode json, Origin origin) implements Tool {}
}
