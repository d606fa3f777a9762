package io.aiproxy.config;

import java.time.Duration;

/**
 * How long to wait. All are longer than zero.
 *
 * @param firstByte for the head of the upstream's answer, once the request is sent; 1 ms to 10 min, 30 s unless configured
 * @param idle for the next bytes of an answer; 1 ms to 10 min, 30 s unless configured
 * @param request for the whole exchange, if the answer is not a stream; 1 ms to 24 h, 10 min unless configured
 * @param body for the whole of the client's request body; 1 ms to 24 h, 1 min unless configured
 */
public record Timeouts(Duration firstByte, Duration idle, Duration request, Duration body) {
  public Timeouts {
    Bounds.positive("firstByte", firstByte);
    Bounds.positive("idle", idle);
    Bounds.positive("request", request);
    Bounds.positive("body", body);
  }
}
