package io.aiproxy.launch;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * How the gateway is served.
 *
 * @param port 0 for any free one
 * @param accessLogConfig logback-access' configuration; empty for our own
 * @param logConfig logback's configuration; empty for our own
 * @param drain how long running exchanges may go on after the signal to end
 */
record ServeOptions(
    String host,
    int port,
    Optional<Path> accessLogConfig,
    Optional<Path> logConfig,
    Duration drain) {
  static final String HOST = "127.0.0.1";
  static final int PORT = 9080;
  static final Duration DRAIN = Duration.ofSeconds(20);
}
