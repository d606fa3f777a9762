package io.aiproxy.config;

import io.aiproxy.call.Headers;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * How an instance is asked how it is, beside the requests of clients. Immutable.
 *
 * @param type what is tried; empty for what the instance's endpoint speaks
 * @param timeout for the whole of a probe; longer than zero, 1 s unless configured
 * @param concurrency how many probes the gateway runs at the same time, 1 or more; of several figures the largest counts; 10 unless configured
 * @param port of the probe's, if it is not the endpoint's
 * @param request what is sent, if something is
 * @param verifies whether the certificate of the instance is looked at
 * @param healthy what makes it a good one
 * @param unhealthy what makes it a bad one
 */
public record ActiveCheck(
    Optional<Type> type,
    Duration timeout,
    int concurrency,
    OptionalInt port,
    Request request,
    boolean verifies,
    Healthy healthy,
    Unhealthy unhealthy) {
  /** Statuses of a good one, unless configured; Apache APISIX's. */
  static final Set<Integer> GOOD = Set.of(200, 302);
  /** Statuses of a bad one, unless configured; Apache APISIX's. */
  static final Set<Integer> BAD = Set.of(429, 404, 500, 501, 502, 503, 504, 505);

  public ActiveCheck {
    Bounds.positive("timeout", timeout);
    Bounds.atLeast(1, "concurrency", concurrency);
  }

  /** What is tried. */
  public enum Type {
    HTTP,
    HTTPS,
    /** Whether a connection can be made, and nothing more. */
    TCP
  }

  /**
   * What is sent, besides the instance's credentials.
   *
   * @param target path and perhaps query, as they stand in the request line
   * @param body empty for none
   * @param headers in their order; may hold credentials
   */
  public record Request(String method, String target, String body, Headers headers) {}

  /**
   * What makes a good one.
   *
   * @param interval from the end of a probe to the next one, while it is a good one; 1 s or more
   * @param successes so many in a row, 1 to 254
   * @param statuses those that count as a success
   */
  public record Healthy(Duration interval, int successes, Set<Integer> statuses) {
    public Healthy {
      Bounds.positive("interval", interval);
      statuses = Set.copyOf(statuses);
    }
  }

  /**
   * What makes a bad one: so many failures of a kind without a success between them, each 1 to 254.
   *
   * @param interval from the end of a probe to the next one, while it is a bad one; 1 s or more
   * @param httpFailures answers with one of the statuses
   * @param tcpFailures connections that could not be made, or broke
   * @param timeouts probes that were not answered in time
   * @param statuses those that count as a failure; others that are not a success either say nothing
   */
  public record Unhealthy(
      Duration interval, int httpFailures, int tcpFailures, int timeouts, Set<Integer> statuses) {
    public Unhealthy {
      Bounds.positive("interval", interval);
      statuses = Set.copyOf(statuses);
    }
  }
}
