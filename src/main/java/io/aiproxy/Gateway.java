package io.aiproxy;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aiproxy.balance.Standing;
import io.aiproxy.call.Ending;
import io.aiproxy.call.Exchange;
import io.aiproxy.call.Handler;
import io.aiproxy.call.Scheduler;
import io.aiproxy.config.BadConfiguration;
import io.aiproxy.config.ConfigError;
import io.aiproxy.config.ConfigReader;
import io.aiproxy.config.ConfigWatch;
import io.aiproxy.config.Configuration;
import io.aiproxy.config.Environment;
import io.aiproxy.config.Route;
import io.aiproxy.config.RouteTable;
import io.aiproxy.ledger.Ledger;
import io.aiproxy.ledger.Ticker;
import io.aiproxy.metering.Estimate;
import io.aiproxy.provider.Providers;
import io.aiproxy.servlet.Visit;
import io.aiproxy.upstream.Stats;
import io.aiproxy.upstream.Transports;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Owns everything that lives longer than a request: the routes and their reload, the connection pools, the scheduler. A reader
 * starts here; what a request passes is written down in {@link Routes}. Safe for all threads.
 */
public final class Gateway implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Gateway.class);
  private static final Duration CUT_GRACE = Duration.ofSeconds(2);
  private static final Duration LOOK_EVERY = Duration.ofSeconds(1);
  private static final Duration TIDY_EVERY = Duration.ofSeconds(5);
  private static final int MOST_ATTEMPTS = 256;
  private static final int SCHEDULER_THREADS = 2; // a reload must not hold up a deadline

  private final Ticker ticker = Ticker.SYSTEM;
  private final Estimate estimate = new Estimate();
  private final Transports transports = Transports.open();
  private final Queue<Thread> threads = new ConcurrentLinkedQueue<>();
  private final ScheduledThreadPoolExecutor executor = executor(threads);
  private final ExecutorService attempts = attempts();
  private final Scheduler scheduler = this::after;
  private final Set<Exchange> running = ConcurrentHashMap.newKeySet();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition idle = lock.newCondition();
  private volatile Routes routes;
  private volatile List<ConfigError> errors = List.of();
  private volatile boolean draining;
  private @Nullable ConfigWatch watch;

  private Gateway(Configuration configuration) {
    routes = new Routes(configuration, transports, attempts, List.of());
    routes.watch(scheduler);
    long pause = TIDY_EVERY.toMillis();
    Future<?> unused =
        executor.scheduleWithFixedDelay(transports::tidy, pause, pause, TimeUnit.MILLISECONDS);
  }

  /** With that configuration for good. */
  public static Gateway open(Configuration configuration) {
    return new Gateway(configuration);
  }

  /**
   * With the configuration of a file, and with each better one that the file holds later. A bad one changes nothing.
   *
   * @throws BadConfiguration with all that is wrong with it
   * @throws IOException if the file cannot be read
   */
  public static Gateway open(Path file) throws BadConfiguration, IOException {
    ConfigReader reader = new ConfigReader(
        Providers.installed(),
        Environment.system(
            Optional.ofNullable(file.toAbsolutePath().getParent()).orElse(file)));
    Configuration configuration = reader.read(Files.readAllBytes(file));
    Gateway gateway = new Gateway(configuration);
    gateway.watch = new ConfigWatch(
            file, reader::read, gateway::replace, gateway::refuse, gateway.executor)
        .start(configuration, LOOK_EVERY);
    return gateway;
  }

  /**
   * Answers a request if a route takes it.
   *
   * @return false if none does; then nothing was read or written
   * @throws IOException for the container, to cut an answer that broke off
   */
  public boolean serve(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    return serve(request, response, false);
  }

  /**
   * The same; streams may be let go on without the thread of their request, if it supports that. Then the container dispatches
   * the request once more, and has to come here again.
   */
  boolean serve(HttpServletRequest request, HttpServletResponse response, boolean suspends)
      throws IOException {
    Optional<Visit> suspended = Visit.suspended(request);
    if (suspended.isPresent()) {
      suspended.get().resume();
      return true;
    }
    Routes current = enter();
    boolean taken = false;
    try {
      Optional<Route> route =
          current.table().match(request.getMethod(), request.getServerName(), Visit.path(request));
      if (route.isEmpty()) {
        return false;
      }
      Handler handler = current.handler(route.get());
      Exchange exchange = exchange(route.get(), current);
      taken = true;
      Visit visit =
          new Visit(request, response, route.get().aiProxy(), exchange, estimate, ticker, suspends);
      if (draining) {
        visit.turnAway();
      } else {
        visit.serve(handler);
      }
      return true;
    } finally {
      if (!taken) {
        current.leave();
      }
    }
  }

  /** An exchange that takes the routes over from the caller. */
  private Exchange exchange(Route route, Routes current) {
    String id = newId();
    Exchange exchange = new Exchange(id, new Ledger(id, ticker), scheduler);
    exchange.ledger().route(route.id());
    running.add(exchange);
    exchange.atFinish(() -> over(exchange, current));
    return exchange;
  }

  private void over(Exchange exchange, Routes current) {
    current.leave();
    running.remove(exchange);
    if (draining) {
      signalIdle();
    }
  }

  /** The routes of now, which stay whole until {@link Routes#leave}. */
  private Routes enter() {
    while (true) {
      Routes current = routes;
      if (current.enter()) {
        return current;
      }
    }
  }

  private void replace(Configuration configuration) {
    Routes old = routes;
    Routes next = new Routes(configuration, transports, attempts, old.balances());
    old.unwatch();
    next.watch(scheduler);
    routes = next;
    errors = List.of();
    old.leave();
    LOG.info(
        "the configuration was read anew: {} routes", configuration.routes().size());
  }

  private void refuse(List<ConfigError> found) {
    errors = List.copyOf(found);
    LOG.error("the configuration was not read anew, the old one goes on: {}", errors);
  }

  public RouteTable routes() {
    return routes.table();
  }

  /** What an operator asks first; holds no secret. */
  public ObjectNode health() {
    ObjectNode health = JsonNodeFactory.instance.objectNode();
    health.put("status", draining ? "draining" : "ok");
    health.put("routes", routes.size());
    health.put("exchanges", running.size());
    Stats connections = transports.stats();
    health
        .putObject("connections")
        .put("leased", connections.leased())
        .put("available", connections.available())
        .put("pending", connections.pending());
    ArrayNode instances = health.putArray("instances");
    routes
        .balances()
        .forEach(balance -> balance
            .standings()
            .forEach(standing -> show(balance.route(), standing, instances.addObject())));
    ObjectNode config = health.putObject("config");
    config.put("status", errors.isEmpty() ? "ok" : "refused");
    ArrayNode list = config.putArray("errors");
    errors.forEach(error -> list.add(error.toString()));
    return health;
  }

  private static void show(String route, Standing standing, ObjectNode shown) {
    shown.put("route", route);
    shown.put("instance", standing.instance());
    shown.put("state", standing.state());
    shown.put("since", standing.since().toString());
    shown.put("cause", standing.cause());
    shown.put("under_way", standing.underWay());
  }

  public boolean draining() {
    return draining;
  }

  /**
   * Takes no new exchanges and waits for those that run; when the limit is over they are cut, so that their clients see it.
   *
   * @return whether all came to their own end
   */
  public boolean drain(Duration limit) {
    draining = true;
    if (awaitIdle(limit)) {
      return true;
    }
    running.forEach(exchange -> exchange.end(Ending.SHUTDOWN));
    awaitIdle(CUT_GRACE);
    return false;
  }

  private boolean awaitIdle(Duration limit) {
    long left = limit.toNanos();
    lock.lock();
    try {
      while (!running.isEmpty() && left > 0) {
        left = idle.awaitNanos(left);
      }
      return running.isEmpty();
    } catch (InterruptedException hurried) {
      Thread.currentThread().interrupt();
      return running.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  private void signalIdle() {
    lock.lock();
    try {
      idle.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Ends what still runs, and turns away whoever still comes: the routes stay for that. */
  @Override
  public void close() {
    ConfigWatch watching = watch;
    if (watching != null) {
      watching.close();
    }
    draining = true;
    running.forEach(exchange -> exchange.end(Ending.SHUTDOWN));
    awaitIdle(CUT_GRACE);
    routes.unwatch();
    executor.shutdownNow();
    attempts.shutdown();
    awaitThreads();
    routes.closeSigners();
    transports.close(); // the routes stay, for those who come too late and are told so
  }

  /** A container that takes the web application away looks for threads that are still alive as soon as this is over. */
  private void awaitThreads() {
    try {
      for (Thread thread : threads) {
        thread.join(CUT_GRACE.toMillis());
      }
      boolean unused = attempts.awaitTermination(CUT_GRACE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException hurried) {
      Thread.currentThread().interrupt();
    }
  }

  private Runnable after(Duration delay, Runnable task) {
    try {
      Future<?> future = executor.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
      return () -> future.cancel(false);
    } catch (RejectedExecutionException closed) {
      return () -> {};
    }
  }

  private static ScheduledThreadPoolExecutor executor(Queue<Thread> threads) {
    ScheduledThreadPoolExecutor executor =
        new ScheduledThreadPoolExecutor(SCHEDULER_THREADS, task -> {
          Thread thread = new Thread(task, "ai-proxy-scheduler");
          thread.setDaemon(true);
          threads.add(thread);
          return thread;
        });
    executor.setRemoveOnCancelPolicy(true);
    return executor;
  }

  /** For second attempts, which block; their number is bounded by the budget for them, and once more here. */
  private static ExecutorService attempts() {
    return new ThreadPoolExecutor(
        0,
        MOST_ATTEMPTS,
        TIDY_EVERY.toSeconds(),
        TimeUnit.SECONDS,
        new SynchronousQueue<>(),
        task -> {
          Thread thread = new Thread(task, "ai-proxy-attempt");
          thread.setDaemon(true);
          return thread;
        });
  }

  private static String newId() {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    HexFormat hex = HexFormat.of();
    return hex.toHexDigits(random.nextLong()) + hex.toHexDigits(random.nextLong());
  }
}
