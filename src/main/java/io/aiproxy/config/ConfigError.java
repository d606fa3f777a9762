package io.aiproxy.config;

/**
 * One thing that is wrong with a configuration. Neither part holds a credential.
 *
 * @param path where: {@code routes[0].plugins.ai-proxy.timeout}, {@code line 3, column 7} of a text that is not JSON, or the
 *     name of an init-param; empty if it is the configuration as a whole
 * @param message what, and what it must be instead
 */
public record ConfigError(String path, String message) {
  @Override
  public String toString() {
    return path.isEmpty() ? message : path + ": " + message;
  }
}
