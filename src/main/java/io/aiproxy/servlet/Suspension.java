package io.aiproxy.servlet;

import io.aiproxy.call.Watch;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.function.BooleanSupplier;

/** Whether and how a request goes on without its thread. For that thread. */
final class Suspension {
  private final HttpServletRequest request;
  private final HttpServletResponse response;
  private final boolean wanted;
  private final Aftermath aftermath;

  /** @param wanted whether the container is known to bear it */
  Suspension(
      HttpServletRequest request,
      HttpServletResponse response,
      boolean wanted,
      Aftermath aftermath) {
    this.request = request;
    this.response = response;
    this.wanted = wanted;
    this.aftermath = aftermath;
  }

  boolean isPossible() {
    return wanted && request.isAsyncSupported() && !request.isAsyncStarted();
  }

  /** Suspends the request; see {@link Relay} for the rest. */
  Relay begin(Watch watch, Outlet outlet, BooleanSupplier step, BooleanSupplier more) {
    AsyncContext async = request.startAsync(request, response);
    Relay relay = new Relay(async, watch, outlet, step, more, aftermath);
    try {
      relay.begin();
      return relay;
    } catch (IOException | RuntimeException refused) {
      watch.end();
      async.complete(); // else the container would wait for ever
      throw new IllegalStateException("the response cannot be written without waiting", refused);
    }
  }
}
