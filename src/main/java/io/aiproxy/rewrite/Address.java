package io.aiproxy.rewrite;

import io.aiproxy.call.Problem;
import io.aiproxy.call.Target;
import io.aiproxy.config.AiProxy;
import io.aiproxy.config.Endpoint;
import io.aiproxy.config.Secret;
import io.aiproxy.protocol.Protocols;
import io.aiproxy.provider.Provider;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Where the requests of a route go. Scheme, host and port come from configuration alone, never from a request; so do path and
 * query but for what is passed through.
 */
final class Address {
  private final Endpoint endpoint;
  private final Query authentication;
  private final Query fixed;
  private final Map<String, Target> byProtocol = new HashMap<>();

  Address(AiProxy settings) {
    Provider provider = settings.provider();
    endpoint = settings
        .override()
        .endpoint()
        .or(() -> provider.base().map(Endpoint::parse))
        .orElseThrow(
            () -> new IllegalArgumentException("no endpoint for provider " + provider.name()));
    Map<String, String> revealed = new LinkedHashMap<>();
    for (Map.Entry<String, Secret> entry : settings.auth().query().entrySet()) {
      revealed.put(entry.getKey(), entry.getValue().reveal());
    }
    authentication = Query.of(revealed);
    fixed = authentication.overriddenBy(Query.parse(endpoint.query()));
    provider.protocols().forEach(name -> byProtocol.put(name, target(provider.path(name), fixed)));
  }

  Target of(String protocol, String clientPath, String clientQuery) {
    Target known = byProtocol.get(protocol);
    if (known != null) {
      return known;
    }
    if (!protocol.equals(Protocols.PASSTHROUGH)) {
      throw new IllegalArgumentException("no address for " + protocol);
    }
    if (!clientQuery.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
      throw Problem.of(
          Problem.Kind.INVALID_REQUEST, "the query of the request must be percent-encoded");
    }
    Query client = Query.parse(clientQuery).without(authentication);
    return target(encoded(clientPath), fixed.overriddenBy(client));
  }

  private Target target(String otherwise, Query query) {
    String path = endpoint.path().isEmpty() ? otherwise : endpoint.path();
    return new Target(endpoint.scheme(), endpoint.host(), endpoint.port(), path, query.text());
  }

  /** The client's path was decoded by the container and may hold anything now. */
  private static String encoded(String path) {
    if (path.contains("/../")
        || path.endsWith("/..")
        || path.indexOf('\\') >= 0
        || path.chars().anyMatch(c -> c < ' ')) {
      throw Problem.of(Problem.Kind.INVALID_REQUEST, "the path of the request must be normalised");
    }
    try {
      // a leading double slash would be taken for a host
      return new URI("http", "x", path.startsWith("//") ? path.substring(1) : path, null)
          .toASCIIString()
          .substring("http://x".length());
    } catch (URISyntaxException broken) {
      throw Problem.of(
          Problem.Kind.INVALID_REQUEST, "the path of the request cannot be encoded", broken);
    }
  }
}
