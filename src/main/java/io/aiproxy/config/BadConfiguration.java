package io.aiproxy.config;

import java.util.List;
import java.util.stream.Collectors;

/** A configuration that cannot be used, with all that is wrong with it. */
public final class BadConfiguration extends Exception {
  private final List<ConfigError> errors;

  /** Of at least one error. */
  public BadConfiguration(List<ConfigError> errors) {
    super(errors.stream().map(ConfigError::toString).collect(Collectors.joining("; ")));
    this.errors = List.copyOf(errors);
  }

  /** At least one, in the order of the configuration. */
  public List<ConfigError> errors() {
    return errors;
  }
}
