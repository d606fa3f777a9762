package io.aiproxy;

import io.aiproxy.auth.Signer;
import io.aiproxy.balance.Balance;
import io.aiproxy.call.Handler;
import io.aiproxy.call.Layer;
import io.aiproxy.config.AiProxy;
import io.aiproxy.config.Auth;
import io.aiproxy.config.Balancing;
import io.aiproxy.config.Configuration;
import io.aiproxy.config.Endpoint;
import io.aiproxy.config.Instance;
import io.aiproxy.config.Route;
import io.aiproxy.config.RouteTable;
import io.aiproxy.ledger.Ticker;
import io.aiproxy.limit.Concurrency;
import io.aiproxy.metering.Metering;
import io.aiproxy.rewrite.Rewrite;
import io.aiproxy.rewrite.UpstreamErrors;
import io.aiproxy.translate.Translate;
import io.aiproxy.upstream.Transports;
import io.aiproxy.upstream.Upstream;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What one configuration made: its routes, each with its handler and a share in a connection pool. In use by its owner and by
 * each exchange that it serves; closes when the last of them lets go.
 */
final class Routes {
  private final RouteTable table;
  private final Map<String, Handler> handlers = new HashMap<>();
  private final List<Transports.Lease> leases = new ArrayList<>();
  private final Map<Auth.Method, Signer> signers = new HashMap<>();
  private final AtomicInteger users = new AtomicInteger(1);

  Routes(Configuration configuration, Transports transports) {
    table = RouteTable.of(configuration.routes());
    try {
      configuration.routes().forEach(route -> handlers.put(route.id(), handler(route, transports)));
    } catch (RuntimeException unusable) {
      leave();
      throw unusable;
    }
  }

  /** The pipeline of a route, from the client to its upstreams. */
  private Handler handler(Route route, Transports transports) {
    List<Layer> layers = new ArrayList<>();
    int most = route.aiProxy().limits().maxConcurrentRequests();
    if (most > 0) {
      layers.add(new Concurrency(most));
    }
    Handler upstreams = route
        .balancing()
        .<Handler>map(settings -> Balance.of(
            settings,
            route.instances(),
            instance -> attempt(instance, shorter(route, settings), transports),
            Ticker.SYSTEM,
            InstantSource.system()))
        .orElseGet(() ->
            attempt(route.instances().get(0), route.aiProxy().streaming().heartbeat(), transports));
    return Layer.stack(layers, upstreams);
  }

  /** A stream that is held back must come up for air. */
  private static Duration shorter(Route route, Balancing settings) {
    Duration heartbeat = route.aiProxy().streaming().heartbeat();
    Duration hold = settings.fallback().hold();
    return hold.isZero() || (!heartbeat.isZero() && heartbeat.compareTo(hold) < 0)
        ? heartbeat
        : hold;
  }

  /**
   * What an attempt at one instance passes.
   *
   * @param slice how long the waiting for a stream's next bytes may last at a time; zero for as long as it takes
   */
  private Handler attempt(Instance instance, Duration slice, Transports transports) {
    AiProxy settings = instance.settings();
    Transports.Lease transport = transports.lease(settings.transport());
    leases.add(transport);
    List<Layer> layers = new ArrayList<>();
    layers.add(new Translate(settings));
    layers.add(new UpstreamErrors(
        settings.auth(),
        settings.override().endpoint().map(Endpoint::query).orElse(""),
        settings.timeouts().idle()));
    layers.add(new Rewrite(instance.name(), settings));
    layers.add(new Metering());
    settings
        .auth()
        .method()
        .map(method -> signers.computeIfAbsent(method, Auth.Method::open))
        .ifPresent(layers::add); // innermost: what it signs is what is sent
    return Layer.stack(
        layers, new Upstream(transport, settings.timeouts(), settings.limits(), slice));
  }

  RouteTable table() {
    return table;
  }

  int size() {
    return handlers.size();
  }

  Handler handler(Route route) {
    return handlers.getOrDefault(route.id(), call -> {
      throw new IllegalArgumentException("not a route of this table: " + route.id());
    });
  }

  /** Whether they can be used: if not, others have taken their place. */
  boolean enter() {
    return users.getAndUpdate(n -> n == 0 ? 0 : n + 1) > 0;
  }

  void leave() {
    if (users.decrementAndGet() == 0) {
      signers.values().forEach(Signer::close);
      leases.forEach(Transports.Lease::close);
    }
  }
}
