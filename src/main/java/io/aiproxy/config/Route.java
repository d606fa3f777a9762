package io.aiproxy.config;

import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Which requests are taken, and what is done with them. Immutable.
 *
 * @param id unique in a configuration; {@code route-1} for the first one that has none of its own
 * @param uris at least one: a path that must be equal, or the beginning of one, written with {@code *} as its last character
 * @param methods in upper case; any if empty
 * @param hosts in lower case and without a port; any if empty; {@code *.} at the beginning stands for one label or more
 * @param priority decides between routes of the same host and uri, the highest first; 0 unless configured
 * @param instances who may answer, at least one
 * @param balancing how several share the requests; empty for {@code ai-proxy}, which knows one
 */
public record Route(
    String id,
    List<String> uris,
    Set<String> methods,
    List<String> hosts,
    int priority,
    List<Instance> instances,
    Optional<Balancing> balancing) {
  public Route {
    if (uris.isEmpty()) {
      throw new IllegalArgumentException("a route needs a uri: " + id);
    }
    uris = List.copyOf(uris);
    methods = Collections.unmodifiableSet(new LinkedHashSet<>(methods));
    hosts = List.copyOf(hosts);
    instances = List.copyOf(instances);
    if (instances.isEmpty()) {
      throw new IllegalArgumentException("a route needs an instance: " + id);
    }
  }

  /** With one upstream, named after its provider. */
  public Route(
      String id,
      List<String> uris,
      Set<String> methods,
      List<String> hosts,
      int priority,
      AiProxy only) {
    this(
        id,
        uris,
        methods,
        hosts,
        priority,
        List.of(new Instance("ai-proxy-" + only.provider().name(), 1, 0, only)),
        Optional.empty());
  }

  /** The settings of the first instance; what all share is the same in each. */
  public AiProxy aiProxy() {
    return instances.get(0).settings();
  }
}
