package io.aiproxy.upstream;

import io.aiproxy.call.Problem;
import io.aiproxy.call.Target;
import io.aiproxy.config.Transport;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * The connection pools of a gateway: one for each distinct {@link Transport}, shared by all routes that have an equal one. A
 * pool closes when nobody leases it any more and its last connection in use has come back. Safe for all threads.
 */
public final class Transports implements AutoCloseable {
  private final ConcurrentMap<Transport, Pool> pools = new ConcurrentHashMap<>();
  private final EventLoops loops = new EventLoops();
  private volatile boolean closed;

  private Transports() {}

  public static Transports open() {
    return new Transports();
  }

  /**
   * Takes part in the pool of that transport, and makes it if there is none.
   *
   * @throws IllegalArgumentException if its {@code ca_certificates} cannot be read
   */
  public Lease lease(Transport transport) {
    return new Lease(transport, enter(transport));
  }

  /** Closes connections that have been idle for too long; to be called every few seconds, by any thread. */
  public void tidy() {
    pools.values().forEach(Pool::tidy);
  }

  /** How all their connections stand together. */
  public Stats stats() {
    return pools.values().stream().map(Pool::stats).reduce(Stats.NONE, Stats::plus);
  }

  /** Cuts what still runs. */
  @Override
  public void close() {
    closed = true;
    List.copyOf(pools.values()).forEach(Pool::close);
    loops.close();
  }

  /** A pool that counts one user more; {@link Pool#leave} takes it back. */
  private Pool enter(Transport transport) {
    while (!closed) {
      Pool pool = pools.computeIfAbsent(transport, this::open);
      if (pool.enter()) {
        if (!closed) {
          return pool;
        }
        pool.close(); // it came into being while all others were closed
      }
    }
    throw Problem.of(Problem.Kind.DRAINING, "the gateway is shutting down");
  }

  private Pool open(Transport transport) {
    return Pool.open(transport, loops, pool -> pools.remove(transport, pool));
  }

  /**
   * A share in a pool, held as long as a route's handler may be called. Exchanges that are late and still call a handler
   * after this was closed are served all the same.
   */
  public final class Lease implements AutoCloseable {
    private final Transport transport;
    private final Pool pool;
    private volatile boolean over;

    private Lease(Transport transport, Pool pool) {
      this.transport = transport;
      this.pool = pool;
    }

    /** How the connections of the shared pool stand. */
    public Stats stats() {
      Pool current = pools.get(transport);
      return current == null ? Stats.NONE : current.stats();
    }

    Transport transport() {
      return transport;
    }

    /** A line for one exchange, which must end it. */
    Line line(Target target) {
      Pool current = enter(transport);
      try {
        return new Line(current, current.route(target));
      } catch (IllegalArgumentException bad) {
        current.leave();
        throw bad;
      }
    }

    /** Idempotent; for one thread. */
    @Override
    public void close() {
      if (!over) {
        over = true;
        pool.leave();
      }
    }
  }
}
