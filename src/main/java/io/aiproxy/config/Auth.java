package io.aiproxy.config;

import io.aiproxy.auth.AuthSettings;
import io.aiproxy.auth.Authority;
import io.aiproxy.auth.Signer;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What lets a request in at the provider. Immutable.
 *
 * @param header by the name of the header field, as written; takes the place of the client's field of that name
 * @param query by the name of the query parameter, not encoded
 * @param method who gives out a credential for each request; empty if those that are written down are enough
 */
public record Auth(Map<String, Secret> header, Map<String, Secret> query, Optional<Method> method) {
  public Auth {
    header = Collections.unmodifiableMap(new LinkedHashMap<>(header));
    query = Collections.unmodifiableMap(new LinkedHashMap<>(query));
  }

  /** With what is written down alone. */
  public Auth(Map<String, Secret> header, Map<String, Secret> query) {
    this(header, query, Optional.empty());
  }

  /** Whether the client brings its own key, since none is configured. */
  public boolean isOwn() {
    return header.isEmpty() && query.isEmpty() && method.isEmpty();
  }

  /** Somebody who gives out credentials, and what configuration says to it. */
  public record Method(Authority authority, AuthSettings settings) {
    /** Begins its work; to be closed. */
    public Signer open() {
      return authority.open(settings);
    }

    @Override
    public String toString() {
      return authority.name() + " " + settings;
    }
  }
}
