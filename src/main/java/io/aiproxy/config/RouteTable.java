package io.aiproxy.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Which route takes a request. As in Apache APISIX the host comes first: routes of exactly this host, then those of a wildcard,
 * the longest first, then those of any host. Among them an equal uri goes before the beginning of one, a long beginning before a
 * short one, then the higher priority, then the order of the configuration. A route that does not take the method stands in
 * nobody's way. Costs a few look-ups, whatever the number of routes. Immutable.
 */
public final class RouteTable {
  /** Longer than any name that DNS knows. */
  private static final int MAX_HOST = 300;

  private static final String WILDCARD = "*.";

  private final Map<String, Paths> byHost;
  private final Map<String, Paths> byWildcard;
  private final Paths ofAnyHost;

  private RouteTable(List<Route> routes) {
    Map<String, List<Route>> hosts = new HashMap<>();
    Map<String, List<Route>> wildcards = new HashMap<>();
    List<Route> hostless = new ArrayList<>();
    for (Route route : byPriority(routes)) {
      if (route.hosts().isEmpty()) {
        hostless.add(route);
      }
      for (String host : route.hosts()) {
        boolean wildcard = host.startsWith(WILDCARD);
        (wildcard ? wildcards : hosts)
            .computeIfAbsent(wildcard ? host.substring(1) : host, h -> new ArrayList<>())
            .add(route);
      }
    }
    byHost = paths(hosts);
    byWildcard = paths(wildcards);
    ofAnyHost = new Paths(hostless);
  }

  /** Of the routes of a configuration, in its order. */
  public static RouteTable of(List<Route> routes) {
    return new RouteTable(routes);
  }

  /**
   * The route that takes a request.
   *
   * @param method in upper case
   * @param host as the client sent it: in any case, with or without a port; may be empty
   * @param path decoded
   */
  public Optional<Route> match(String method, String host, String path) {
    return search(
        host, path, route -> route.methods().isEmpty() || route.methods().contains(method));
  }

  /**
   * The methods that routes take at a place, in alphabetical order, for a client whose method none of them takes; empty if there is no route
   * at all, or one that takes any method.
   */
  public Set<String> methods(String host, String path) {
    Set<String> methods = new TreeSet<>();
    Optional<Route> takesAny = search(host, path, route -> {
      methods.addAll(route.methods());
      return route.methods().isEmpty();
    });
    return takesAny.isPresent() ? Set.of() : methods;
  }

  private Optional<Route> search(String host, String path, Predicate<Route> takes) {
    String name = name(host);
    Optional<Route> found = Optional.empty();
    if (!byHost.isEmpty()) {
      found = in(byHost.get(name), path, takes);
    }
    if (!byWildcard.isEmpty()) {
      for (int dot = name.indexOf('.', 1);
          found.isEmpty() && dot >= 0;
          dot = name.indexOf('.', dot + 1)) {
        found = in(byWildcard.get(name.substring(dot)), path, takes);
      }
    }
    return found.isPresent() ? found : ofAnyHost.search(path, takes);
  }

  private static Optional<Route> in(@Nullable Paths paths, String path, Predicate<Route> takes) {
    return paths == null ? Optional.empty() : paths.search(path, takes);
  }

  private static Map<String, Paths> paths(Map<String, List<Route>> routes) {
    Map<String, Paths> paths = new HashMap<>();
    routes.forEach((host, its) -> paths.put(host, new Paths(its)));
    return paths;
  }

  private static List<Route> byPriority(List<Route> routes) {
    return routes.stream()
        .sorted(Comparator.comparingInt(Route::priority).reversed())
        .toList();
  }

  /** In lower case, without the port, and without the dot that ends a complete name. */
  private static String name(String host) {
    if (host.length() > MAX_HOST) {
      return "";
    }
    int colon = host.indexOf(':', Math.max(0, host.indexOf(']')));
    String name = colon < 0 ? host : host.substring(0, colon);
    return (name.endsWith(".") ? name.substring(0, name.length() - 1) : name)
        .toLowerCase(Locale.ROOT);
  }

  /** The routes of one host by their uris, the first of a list before the others. */
  private static final class Paths {
    private final Map<String, List<Route>> equal = new HashMap<>();
    private final Map<String, List<Route>> beginning = new HashMap<>();
    /** Of the beginnings, the longest first. */
    private final int[] lengths;

    private Paths(List<Route> routes) {
      for (Route route : routes) {
        for (String uri : new LinkedHashSet<>(route.uris())) {
          boolean prefix = uri.endsWith("*");
          (prefix ? beginning : equal)
              .computeIfAbsent(
                  prefix ? uri.substring(0, uri.length() - 1) : uri, u -> new ArrayList<>())
              .add(route);
        }
      }
      lengths = beginning.keySet().stream()
          .map(String::length)
          .distinct()
          .sorted(Comparator.reverseOrder())
          .mapToInt(length -> length)
          .toArray();
    }

    private Optional<Route> search(String path, Predicate<Route> takes) {
      Optional<Route> found = first(equal.getOrDefault(path, List.of()), takes);
      for (int i = 0; found.isEmpty() && i < lengths.length; i++) {
        if (lengths[i] <= path.length()) {
          found = first(beginning.getOrDefault(path.substring(0, lengths[i]), List.of()), takes);
        }
      }
      return found;
    }

    private static Optional<Route> first(List<Route> routes, Predicate<Route> takes) {
      for (Route route : routes) {
        if (takes.test(route)) {
          return Optional.of(route);
        }
      }
      return Optional.empty();
    }
  }
}
