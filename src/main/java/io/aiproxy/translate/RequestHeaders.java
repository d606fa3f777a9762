package io.aiproxy.translate;

import io.aiproxy.call.Headers;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Which headers of a client still mean something in another protocol. A key that it brings goes where that protocol looks for
 * one; whether it may go out at all is not decided here.
 */
final class RequestHeaders {
  private static final List<String> OF_ONE_PROTOCOL =
      List.of("anthropic-", "openai-", "x-stainless-");

  private static final String AUTHORIZATION = "authorization";
  private static final String BEARER = "Bearer ";

  /** Where protocols look for a key, if not under {@code Authorization}. */
  private static final Map<String, String> KEYS =
      Map.of("anthropic-messages", "x-api-key", "gemini-generate", "x-goog-api-key");

  private RequestHeaders() {}

  /**
   * The headers for a protocol.
   *
   * @param target its name
   */
  static Headers of(Headers client, String target) {
    Headers.Builder headers = Headers.builder();
    client
        .only(field -> isOfAll(field.name().toLowerCase(Locale.ROOT)))
        .forEach(field -> headers.add(field.name(), field.value()));
    String wanted = KEYS.getOrDefault(target, AUTHORIZATION);
    client
        .first(wanted)
        .or(() -> moved(client, wanted))
        .ifPresentOrElse(
            credential -> headers.add(wanted, credential),
            () ->
                client.first(AUTHORIZATION).ifPresent(other -> headers.add(AUTHORIZATION, other)));
    return headers.build();
  }

  private static boolean isOfAll(String name) {
    return !name.equals(AUTHORIZATION)
        && !KEYS.containsValue(name)
        && OF_ONE_PROTOCOL.stream().noneMatch(name::startsWith);
  }

  /** The client's key as another header holds it. */
  private static Optional<String> moved(Headers client, String wanted) {
    boolean wantsBearer = wanted.equals(AUTHORIZATION);
    Optional<String> key = KEYS.values().stream()
        .sorted()
        .flatMap(name -> client.first(name).stream())
        .findFirst();
    return wantsBearer
        ? key.map(BEARER::concat)
        : key.or(() -> client.first(AUTHORIZATION).flatMap(RequestHeaders::bearer));
  }

  private static Optional<String> bearer(String authorization) {
    return authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())
        ? Optional.of(authorization.substring(BEARER.length()).trim())
        : Optional.empty();
  }
}
