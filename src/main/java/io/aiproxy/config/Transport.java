package io.aiproxy.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * How upstreams are reached. Routes with equal transports share one pool of connections.
 *
 * @param connectTimeout for a connection and its TLS handshake; 1 ms to 10 min, 30 s unless configured
 * @param keepalive whether a connection serves more than one request; true unless configured
 * @param keepaliveTimeout how long a connection may idle; 1 s or more, 60 s unless configured
 * @param keepalivePool how many connections to a host may idle; 1 or more, 30 unless configured
 * @param poolSize how many connections to a host there may be; 1 or more, 1000 unless configured
 * @param poolWait how long to wait for one of them; 1 ms to 10 min, 2 s unless configured
 * @param sslVerify whether an upstream must prove who it is; true unless configured
 * @param caCertificates a PEM file of authorities trusted besides the JVM's own
 * @param proxy an HTTP proxy on the way; has neither path nor query
 */
public record Transport(
    Duration connectTimeout,
    boolean keepalive,
    Duration keepaliveTimeout,
    int keepalivePool,
    int poolSize,
    Duration poolWait,
    boolean sslVerify,
    Optional<Path> caCertificates,
    Optional<Endpoint> proxy) {
  public Transport {
    Bounds.positive("connectTimeout", connectTimeout);
    Bounds.positive("keepaliveTimeout", keepaliveTimeout);
    Bounds.atLeast(1, "keepalivePool", keepalivePool);
    Bounds.atLeast(1, "poolSize", poolSize);
    Bounds.positive("poolWait", poolWait);
  }
}
