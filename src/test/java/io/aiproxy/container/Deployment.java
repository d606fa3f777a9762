package io.aiproxy.container;

import java.nio.file.Path;

/**
 * What is put into a container.
 *
 * @param config the gateway's configuration file
 * @param hot whether the container watches its web applications while it runs
 */
record Deployment(Path war, String config, AccessLog log, boolean hot) {
  static Deployment of(Path war, String config) {
    return new Deployment(war, config, AccessLog.LINE, false);
  }

  Deployment with(AccessLog form) {
    return new Deployment(war, config, form, hot);
  }

  Deployment watched() {
    return new Deployment(war, config, log, true);
  }
}
