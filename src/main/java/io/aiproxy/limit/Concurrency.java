package io.aiproxy.limit;

import io.aiproxy.call.Call;
import io.aiproxy.call.Handler;
import io.aiproxy.call.Layer;
import io.aiproxy.call.Problem;
import io.aiproxy.call.Reply;
import java.util.concurrent.Semaphore;

/** Lets so many exchanges of a route run at once, and turns the rest away at the door. */
public final class Concurrency implements Layer {
  private final Semaphore places;

  /**
   * With so many places.
   *
   * @param most how many, at least 1
   */
  public Concurrency(int most) {
    places = new Semaphore(most);
  }

  @Override
  public Reply handle(Call call, Handler next) {
    if (!places.tryAcquire()) {
      throw Problem.of(
              Problem.Kind.SATURATED,
              "too many requests at once on this route, try again in a moment")
          .with("Retry-After", "1");
    }
    call.exchange().atFinish(places::release);
    return next.handle(call);
  }
}
