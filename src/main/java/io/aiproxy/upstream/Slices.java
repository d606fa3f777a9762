package io.aiproxy.upstream;

import java.time.Duration;

/**
 * How long {@code advance} of a stream's body waits at most before it returns without a piece; zero if it is to wait until
 * there is one. Each wait with an end starts and stops a timer, which on virtual threads costs as much as the rest of an event.
 *
 * @param beforeOutput until something of the model's making has come
 * @param after from then on
 */
public record Slices(Duration beforeOutput, Duration after) {
  public Slices {
    if (beforeOutput.isNegative() || after.isNegative()) {
      throw new IllegalArgumentException(
          "slices must not be negative, were " + beforeOutput + " and " + after);
    }
  }
}
