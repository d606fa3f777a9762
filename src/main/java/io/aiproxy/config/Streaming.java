package io.aiproxy.config;

import java.time.Duration;

/**
 * How a stream is passed on.
 *
 * @param flushInterval how long bytes may wait for others before they are flushed; zero flushes each read; 10 ms unless
 *     configured
 * @param heartbeat the silence after which a comment is sent to the client; 100 ms or more; zero, the default, sends none
 * @param onClientAbort what becomes of the upstream when the client has left; {@code CANCEL} unless configured
 * @param drainTime how long {@code DRAIN} reads on at most; 10 s unless configured
 * @param drainBytes how much {@code DRAIN} reads on at most; 1,048,576 (1 MiB) unless configured
 */
public record Streaming(
    Duration flushInterval,
    Duration heartbeat,
    OnClientAbort onClientAbort,
    Duration drainTime,
    long drainBytes) {
  public Streaming {
    Bounds.atLeast(0, "flushInterval", flushInterval.toMillis());
    Bounds.atLeast(0, "heartbeat", heartbeat.toMillis());
    Bounds.positive("drainTime", drainTime);
    Bounds.atLeast(1, "drainBytes", drainBytes);
  }
}
