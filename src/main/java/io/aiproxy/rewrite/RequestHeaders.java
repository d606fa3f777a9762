package io.aiproxy.rewrite;

import io.aiproxy.call.Headers;
import io.aiproxy.config.Auth;
import io.aiproxy.config.ForwardHeaders;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Which headers of a client go to the upstream: those of a list, those that configuration adds, and last, in the place of any
 * of the client's, the credentials of the route. A client's own credentials go there only if the route has none.
 */
final class RequestHeaders {
  /** What providers and tracing make use of; {@code range} asks for a part of a file. */
  private static final Set<String> ALLOWED = Set.of(
      "accept",
      "user-agent",
      "traceparent",
      "tracestate",
      "baggage",
      "b3",
      "x-request-id",
      "idempotency-key",
      "range",
      "anthropic-version",
      "anthropic-beta");

  private static final List<String> ALLOWED_BEGINNINGS =
      List.of("openai-", "x-stainless-", "x-b3-", "x-amzn-bedrock-");

  private static final Set<String> CREDENTIALS =
      Set.of("authorization", "x-api-key", "api-key", "x-goog-api-key");

  /** Never passed on, whatever configuration says: they belong to one connection, or are made anew. */
  private static final Set<String> OURS = Set.of(
      "host",
      "content-length",
      "content-type",
      "content-encoding",
      "accept-encoding",
      "connection",
      "keep-alive",
      "proxy-connection",
      "proxy-authenticate",
      "proxy-authorization",
      "te",
      "trailer",
      "transfer-encoding",
      "upgrade",
      "expect",
      "http2-settings");

  private static final String COOKIE = "cookie";

  private final Auth auth;
  private final ForwardHeaders forwarded;

  RequestHeaders(Auth auth, ForwardHeaders forwarded) {
    this.auth = auth;
    this.forwarded = forwarded;
  }

  /**
   * The headers for an upstream.
   *
   * @param wanted what its protocol needs there, unless somebody else gives it
   * @param type of the body; empty if none is to be told
   */
  Headers of(Headers client, Map<String, String> wanted, String type) {
    Set<String> ofConnection = namedByConnection(client);
    Headers.Builder out = Headers.builder();
    for (Headers.Field field : client) {
      String name = field.name().toLowerCase(Locale.ROOT);
      if (passes(name) && !ofConnection.contains(name) && !auth.header().containsKey(name)) {
        out.add(field.name(), field.value());
      }
    }
    if (!type.isEmpty()) {
      out.add("Content-Type", type);
    }
    out.add("Accept-Encoding", "identity");
    auth.header().forEach((name, value) -> out.set(name, value.reveal()));
    wanted.forEach(out::addIfAbsent);
    return out.build();
  }

  private boolean passes(String name) {
    if (OURS.contains(name)) {
      return false;
    }
    if (CREDENTIALS.contains(name)) {
      return auth.isOwn();
    }
    if (name.equals(COOKIE)) {
      return forwarded.names().contains(COOKIE);
    }
    return forwarded.all()
        || forwarded.names().contains(name)
        || ALLOWED.contains(name)
        || beginsAsAllowed(name);
  }

  private static boolean beginsAsAllowed(String name) {
    for (String beginning : ALLOWED_BEGINNINGS) {
      if (name.startsWith(beginning)) {
        return true;
      }
    }
    return false;
  }

  private static Set<String> namedByConnection(Headers client) {
    List<String> values = client.all("connection");
    if (values.isEmpty()) {
      return Set.of();
    }
    return values.stream()
        .flatMap(value -> List.of(value.toLowerCase(Locale.ROOT).split("\\s*,\\s*", -1)).stream())
        .map(String::trim)
        .collect(java.util.stream.Collectors.toUnmodifiableSet());
  }
}
