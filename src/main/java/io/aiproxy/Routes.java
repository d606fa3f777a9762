package io.aiproxy;

import io.aiproxy.auth.Signer;
import io.aiproxy.call.Handler;
import io.aiproxy.call.Layer;
import io.aiproxy.config.AiProxy;
import io.aiproxy.config.Auth;
import io.aiproxy.config.Configuration;
import io.aiproxy.config.Endpoint;
import io.aiproxy.config.Route;
import io.aiproxy.config.RouteTable;
import io.aiproxy.limit.Concurrency;
import io.aiproxy.metering.Metering;
import io.aiproxy.rewrite.Rewrite;
import io.aiproxy.rewrite.UpstreamErrors;
import io.aiproxy.translate.Translate;
import io.aiproxy.upstream.Transports;
import io.aiproxy.upstream.Upstream;
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
      configuration
          .routes()
          .forEach(route -> handlers.put(route.id(), handler(route.aiProxy(), transports)));
    } catch (RuntimeException unusable) {
      leave();
      throw unusable;
    }
  }

  /** The pipeline of a route, from the client to its upstream. */
  private Handler handler(AiProxy settings, Transports transports) {
    Transports.Lease transport = transports.lease(settings.transport());
    leases.add(transport);
    List<Layer> layers = new ArrayList<>();
    if (settings.limits().maxConcurrentRequests() > 0) {
      layers.add(new Concurrency(settings.limits().maxConcurrentRequests()));
    }
    layers.add(new Translate(settings, InstantSource.system()));
    layers.add(new UpstreamErrors(
        settings.auth(),
        settings.override().endpoint().map(Endpoint::query).orElse(""),
        settings.timeouts().idle()));
    layers.add(new Rewrite("ai-proxy-" + settings.provider().name(), settings));
    layers.add(new Metering());
    settings
        .auth()
        .method()
        .map(method -> signers.computeIfAbsent(method, Auth.Method::open))
        .ifPresent(layers::add); // innermost: what it signs is what is sent
    return Layer.stack(
        layers,
        new Upstream(
            transport,
            settings.timeouts(),
            settings.limits(),
            settings.streaming().heartbeat()));
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
      closeSigners();
      leases.forEach(Transports.Lease::close);
    }
  }

  /** Ends what makes credentials; who still comes is turned away before it needs one. */
  void closeSigners() {
    signers.values().forEach(Signer::close);
  }
}
