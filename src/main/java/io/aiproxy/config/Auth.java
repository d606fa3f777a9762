package io.aiproxy.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What lets a request in at the provider. Immutable.
 *
 * @param header by the name of the header field, as written; takes the place of the client's field of that name
 * @param query by the name of the query parameter, not encoded
 */
public record Auth(Map<String, Secret> header, Map<String, Secret> query) {
  public Auth {
    header = Collections.unmodifiableMap(new LinkedHashMap<>(header));
    query = Collections.unmodifiableMap(new LinkedHashMap<>(query));
  }

  /** Whether the client brings its own key, since none is configured. */
  public boolean isOwn() {
    return header.isEmpty() && query.isEmpty();
  }
}
