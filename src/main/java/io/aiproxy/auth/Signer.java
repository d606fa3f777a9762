package io.aiproxy.auth;

import io.aiproxy.call.Layer;

/**
 * Puts a credential of this moment into each request, last of all that is done to it: what it gets is what is sent. What it
 * puts there it tells {@link io.aiproxy.call.Exchange#conceal}, and nobody else. Safe for all threads; closed with the routes
 * that it serves.
 */
public interface Signer extends Layer, AutoCloseable {
  @Override
  default void close() {}
}
