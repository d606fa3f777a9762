package io.aiproxy.config;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Where a route differs from its provider's habits. Immutable, but for the JSON that it holds, which nobody may change.
 *
 * @param endpoint where requests go instead of the provider's own address
 * @param maxTokens the most that a model may write, 1 or more; goes before what the client asks for
 * @param requestBody members merged into a request, by the name of the protocol that the upstream is spoken to
 * @param force whether {@code requestBody} goes before what the client sent, or only fills in what is missing; false unless
 *     configured
 * @param protocol what the upstream is spoken to, whatever the client speaks; empty if the provider's habits decide
 * @param strictTranslation whether a request is refused that cannot be said in the upstream's protocol without a loss
 */
public record Overrides(
    Optional<Endpoint> endpoint,
    OptionalInt maxTokens,
    Map<String, ObjectNode> requestBody,
    boolean force,
    Optional<String> protocol,
    boolean strictTranslation) {
  public static final Overrides NONE = new Overrides(
      Optional.empty(), OptionalInt.empty(), Map.of(), false, Optional.empty(), false);

  public Overrides {
    Map<String, ObjectNode> copies = new LinkedHashMap<>();
    requestBody.forEach((name, members) -> copies.put(name, members.deepCopy()));
    requestBody = Collections.unmodifiableMap(copies);
  }
}
