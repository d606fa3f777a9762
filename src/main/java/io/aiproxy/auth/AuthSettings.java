package io.aiproxy.auth;

import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/** What configuration says to an {@link Authority}: defaults are filled in, references followed. Immutable; prints as dots. */
public final class AuthSettings {
  private final Map<String, String> members;
  private final Map<String, String> providerConf;
  private final Function<String, Optional<String>> environment;

  /**
   * Of one route.
   *
   * @param members by the key under {@code auth.NAME}
   * @param providerConf by the key under {@code provider_conf}
   * @param environment the variables of the environment
   */
  public AuthSettings(
      Map<String, String> members,
      Map<String, String> providerConf,
      Function<String, Optional<String>> environment) {
    this.members = Map.copyOf(members);
    this.providerConf = Map.copyOf(providerConf);
    this.environment = environment;
  }

  /** What a key says; empty if it is not there. May be a secret. */
  public Optional<String> text(String key) {
    return Optional.ofNullable(members.get(key));
  }

  /** A number of seconds; empty if it is not there. */
  public Optional<Duration> seconds(String key) {
    return text(key).map(Long::parseLong).map(Duration::ofSeconds);
  }

  /** What a key of {@code provider_conf} says, such as {@code region}. */
  public Optional<String> providerConf(String key) {
    return Optional.ofNullable(providerConf.get(key));
  }

  /** What an environment variable says; empty if it is not set or empty. */
  public Optional<String> variable(String name) {
    return environment.apply(name).filter(value -> !value.isEmpty());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof AuthSettings that
        && that.members.equals(members)
        && that.providerConf.equals(providerConf);
  }

  @Override
  public int hashCode() {
    return Objects.hash(members, providerConf);
  }

  @Override
  public String toString() {
    return "......";
  }
}
