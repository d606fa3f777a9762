package io.aiproxy.testing;

import java.time.Duration;

/** A servlet container in this JVM, listening on 127.0.0.1, with a {@link Stage} in it. */
public interface ServletContainer extends AutoCloseable {
  /** Starts one. */
  @FunctionalInterface
  interface Opener {
    /**
     * Starts it with that stage.
     *
     * @param idle how long a client may be silent
     */
    ServletContainer open(Stage stage, Duration idle);
  }

  int port();

  @Override
  void close();
}
