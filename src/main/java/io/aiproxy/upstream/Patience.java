package io.aiproxy.upstream;

import io.aiproxy.config.Limits;
import io.aiproxy.config.Timeouts;
import io.aiproxy.config.Transport;
import java.time.Duration;
import java.util.Optional;

/**
 * How long a conversation may wait for what.
 *
 * @param connect for each step of making a connection
 * @param firstByte for the head, from when the request begins to be sent
 * @param idle for the next bytes of a body
 * @param request for all of it, if it is no stream
 * @param stream for all of it, if it is one
 */
record Patience(
    Duration connect,
    Duration firstByte,
    Duration idle,
    Duration request,
    Optional<Duration> stream) {
  static Patience of(Transport transport, Timeouts timeouts, Limits limits) {
    return new Patience(
        transport.connectTimeout(),
        timeouts.firstByte(),
        timeouts.idle(),
        timeouts.request(),
        limits.maxStreamDuration());
  }
}
