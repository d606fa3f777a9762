package io.aiproxy.config;

import java.time.Duration;
import java.util.Optional;

/**
 * One of the upstreams of a route. Immutable.
 *
 * @param name unique within its route; what the log calls it
 * @param weight its share beside the others of its priority; 0 gets nothing while others can be asked
 * @param priority higher ones are asked first, lower ones when those have nobody left
 * @param settings how it is reached and spoken to, what all instances of the route share included
 * @param check how it is asked how it is; empty if it is not
 * @param passive when the requests of clients tell that it is unwell, if there is another one to ask; empty if never
 * @param bulkhead how many requests it may have at once
 */
public record Instance(
    String name,
    int weight,
    int priority,
    AiProxy settings,
    Optional<ActiveCheck> check,
    Optional<PassiveCheck> passive,
    Bulkhead bulkhead) {
  /** One that is not watched. */
  public Instance(String name, int weight, int priority, AiProxy settings) {
    this(name, weight, priority, settings, Optional.empty(), Optional.empty(), Bulkhead.NONE);
  }

  /**
   * How many requests an instance may have at once, so that one that hangs does not take all that there is to take.
   *
   * @param places for so many; 0 for any number
   * @param queue so many more may wait for a place
   * @param patience how long each of them may wait
   */
  public record Bulkhead(int places, int queue, Duration patience) {
    public static final Bulkhead NONE = new Bulkhead(0, 0, Duration.ZERO);
  }

  /**
   * Where it is: where configuration says, or where its provider does.
   *
   * @throws IllegalArgumentException if nobody says
   */
  public Endpoint endpoint() {
    return settings
        .override()
        .endpoint()
        .or(() -> settings.provider().base(settings.providerConf()).map(Endpoint::parse))
        .orElseThrow(() -> new IllegalArgumentException("no endpoint for instance " + name));
  }
}
