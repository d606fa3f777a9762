package io.aiproxy;

import io.aiproxy.auth.Signer;
import io.aiproxy.balance.Balance;
import io.aiproxy.balance.HealthChecks;
import io.aiproxy.balance.Management;
import io.aiproxy.balance.Services;
import io.aiproxy.call.Handler;
import io.aiproxy.call.Layer;
import io.aiproxy.call.Scheduler;
import io.aiproxy.config.ActiveCheck;
import io.aiproxy.config.AiProxy;
import io.aiproxy.config.Auth;
import io.aiproxy.config.Balancing;
import io.aiproxy.config.Configuration;
import io.aiproxy.config.Endpoint;
import io.aiproxy.config.Instance;
import io.aiproxy.config.Limits;
import io.aiproxy.config.Route;
import io.aiproxy.config.RouteTable;
import io.aiproxy.config.Semantic;
import io.aiproxy.config.Timeouts;
import io.aiproxy.config.Transport;
import io.aiproxy.embedding.Embedder;
import io.aiproxy.embedding.EmbeddingEndpoint;
import io.aiproxy.embedding.InProcess;
import io.aiproxy.limit.Concurrency;
import io.aiproxy.metering.Metering;
import io.aiproxy.models.ModelList;
import io.aiproxy.rewrite.Rewrite;
import io.aiproxy.rewrite.UpstreamErrors;
import io.aiproxy.translate.Translate;
import io.aiproxy.upstream.Slices;
import io.aiproxy.upstream.Transports;
import io.aiproxy.upstream.Upstream;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What one configuration made: its routes, each with its handler and a share in a connection pool. In use by its owner and by
 * each exchange that it serves; closes when the last of them lets go.
 */
final class Routes {
  private static final Limits BOUNDED_ELSEWHERE =
      new Limits(1, OptionalLong.empty(), Optional.empty(), 0);

  private final RouteTable table;
  private final Map<String, Handler> handlers = new HashMap<>();
  private final List<Transports.Lease> leases = new ArrayList<>();
  private final Map<Auth.Method, Signer> signers = new HashMap<>();
  private final List<Balance> balances = new ArrayList<>();
  private final Transports transports;
  private final Services services;
  private Optional<HealthChecks> checks = Optional.empty();
  private Optional<Management> management = Optional.empty();
  private final AtomicInteger users = new AtomicInteger(1);

  /**
   * Of that configuration.
   *
   * @param threads for attempts that run beside another one
   * @param before what was known of instances until now
   */
  Routes(
      Configuration configuration, Transports transports, Executor threads, List<Balance> before) {
    this.transports = transports;
    this.services = Services.of(threads, this::embedder);
    table = RouteTable.of(configuration.routes());
    try {
      configuration.routes().forEach(route -> handlers.put(route.id(), pipeline(route, before)));
    } catch (RuntimeException unusable) {
      leave();
      throw unusable;
    }
  }

  /** The pipeline of a route, from the client to its upstreams. */
  private Handler pipeline(Route route, List<Balance> before) {
    List<Layer> layers = new ArrayList<>();
    if (route.aiProxy().models().listed()) {
      layers.add(new ModelList(route, InstantSource.system().instant()));
    }
    int most = route.aiProxy().limits().maxConcurrentRequests();
    if (most > 0) {
      layers.add(new Concurrency(most));
    }
    Handler upstreams = route
        .balancing()
        .map(settings -> balance(route, slices(route, settings), before))
        .orElseGet(() -> attempt(route.instances().get(0), slices(route)));
    return Layer.stack(layers, upstreams);
  }

  private Handler balance(Route route, Slices slices, List<Balance> before) {
    Balance balance = Balance.of(route, instance -> attempt(instance, slices), services, before);
    balances.add(balance);
    return balance;
  }

  private static Slices slices(Route route) {
    Duration heartbeat = route.aiProxy().streaming().heartbeat();
    return new Slices(heartbeat, heartbeat);
  }

  /** A stream that is held back until its first output must come up for air. */
  private static Slices slices(Route route, Balancing settings) {
    Duration heartbeat = route.aiProxy().streaming().heartbeat();
    Duration hold = settings.fallback().hold();
    boolean beatsFirst = !heartbeat.isZero() && heartbeat.compareTo(hold) < 0;
    return new Slices(hold.isZero() || beatsFirst ? heartbeat : hold, heartbeat);
  }

  /** What an attempt at one instance passes. */
  private Handler attempt(Instance instance, Slices slices) {
    AiProxy settings = instance.settings();
    Transports.Lease transport = lease(settings.transport());
    List<Layer> layers = new ArrayList<>();
    layers.add(new Translate(settings, InstantSource.system()));
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
        layers, new Upstream(transport, settings.timeouts(), settings.limits(), slices));
  }

  private Transports.Lease lease(Transport transport) {
    Transports.Lease lease = transports.lease(transport);
    leases.add(lease);
    return lease;
  }

  /** Who makes vectors of prompts: a model in this JVM, or an endpoint, where nothing of the client's is sent. */
  private Embedder embedder(Semantic semantic) {
    if (semantic.vectors() instanceof Semantic.Remote remote) {
      Duration limit = semantic.patience();
      Upstream upstream = new Upstream(
          lease(remote.transport()),
          new Timeouts(limit, limit, limit, limit),
          BOUNDED_ELSEWHERE,
          Duration.ZERO);
      return new EmbeddingEndpoint(upstream, remote.target(), remote.headers(), remote.model());
    }
    return new InProcess(((Semantic.Local) semantic.vectors()).model(), semantic.patience());
  }

  /** What sends a probe to an instance: a connection of its own each time, since it is to be seen whether one can be made. */
  private Handler probes(Instance instance, ActiveCheck check) {
    Transport usual = instance.settings().transport();
    Duration limit = check.timeout();
    Transport transport = new Transport(
        limit,
        false,
        usual.keepaliveTimeout(),
        usual.keepalivePool(),
        usual.poolSize(),
        limit,
        check.verifies(),
        usual.caCertificates(),
        usual.proxy());
    return new Upstream(
        lease(transport),
        new Timeouts(limit, limit, limit, limit),
        instance.settings().limits(),
        Duration.ZERO);
  }

  /**
   * Begins to watch the instances, and shows them to operators.
   *
   * @param deadlines for the timeouts of probes
   */
  void watch(Scheduler deadlines) {
    checks = Optional.of(HealthChecks.start(balances, this::probes, deadlines));
    if (!balances.isEmpty()) { // the first use of JMX takes a tenth of the time of a start
      management =
          Optional.of(Management.open(ManagementFactory.getPlatformMBeanServer(), balances));
    }
  }

  /** Ends that; whoever is served still goes by what was known last. */
  void unwatch() {
    management.ifPresent(Management::close);
    checks.ifPresent(HealthChecks::close);
  }

  /** The routes that have several instances. */
  List<Balance> balances() {
    return List.copyOf(balances);
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
