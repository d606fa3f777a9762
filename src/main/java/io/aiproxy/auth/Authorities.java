package io.aiproxy.auth;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;

/** The authorities that a configuration can name. Immutable. */
public final class Authorities {
  private final Map<String, Authority> byName;

  private Authorities(Map<String, Authority> byName) {
    this.byName = Map.copyOf(byName);
  }

  /** Those of the class path; of namesakes the first one. */
  public static Authorities installed() {
    return of(ServiceLoader.load(Authority.class, Authorities.class.getClassLoader()));
  }

  /** These, of namesakes the first one. */
  public static Authorities of(Iterable<Authority> authorities) {
    Map<String, Authority> named = new LinkedHashMap<>();
    authorities.forEach(authority -> named.putIfAbsent(authority.name(), authority));
    return new Authorities(named);
  }

  public Optional<Authority> named(String name) {
    return Optional.ofNullable(byName.get(name));
  }
}
