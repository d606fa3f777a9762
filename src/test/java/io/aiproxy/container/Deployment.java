package io.aiproxy.container;

import java.nio.file.Path;
import java.util.Map;

/**
 * What is put into a container.
 *
 * @param config the gateway's configuration file
 * @param hot whether the container watches its web applications while it runs
 * @param variables of its environment
 */
record Deployment(
    Path war, String config, AccessLog log, boolean hot, Map<String, String> variables) {
  static Deployment of(Path war, String config) {
    return new Deployment(war, config, AccessLog.LINE, false, Map.of());
  }

  Deployment with(AccessLog form) {
    return new Deployment(war, config, form, hot, variables);
  }

  Deployment watched() {
    return new Deployment(war, config, log, true, variables);
  }

  Deployment with(Map<String, String> environment) {
    return new Deployment(war, config, log, hot, environment);
  }
}
