package io.aiproxy.config;

import java.util.List;

/**
 * What a gateway does, as its configuration says. Immutable; the same text and the same secrets give equal configurations.
 *
 * @param routes those that are switched on, in the order of the file; {@link RouteTable} knows which one takes a request
 */
public record Configuration(List<Route> routes) {
  public Configuration {
    routes = List.copyOf(routes);
  }
}
