package io.aiproxy.balance;

import io.aiproxy.call.Handler;
import io.aiproxy.call.Scheduler;
import io.aiproxy.config.ActiveCheck;
import io.aiproxy.config.Instance;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;

/**
 * The health checks of all routes, on threads of their own: as many as there are checks, but not more than the largest
 * {@code concurrency}. Begins at once and not in one instant, whether there are requests or not.
 */
public final class HealthChecks implements AutoCloseable {
  private static final long WITHIN_MILLIS = 500;
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final Queue<Thread> threads = new ConcurrentLinkedQueue<>();
  private final List<HealthCheck> checks = new ArrayList<>();
  private final ScheduledThreadPoolExecutor executor;

  private HealthChecks(int most) {
    executor = new ScheduledThreadPoolExecutor(most, this::thread);
  }

  /**
   * Begins.
   *
   * @param handlers what sends a probe as it is and keeps the timeout of the check
   * @param deadlines for timeouts
   */
  public static HealthChecks start(
      List<Balance> balances,
      BiFunction<Instance, ActiveCheck, Handler> handlers,
      Scheduler deadlines) {
    List<Member> members = balances.stream()
        .flatMap(balance -> balance.members().stream())
        .filter(member -> member.instance().check().isPresent())
        .toList();
    int concurrency = members.stream()
        .mapToInt(member -> member.instance().check().orElseThrow().concurrency())
        .max()
        .orElse(1);
    HealthChecks started = new HealthChecks(Math.max(1, Math.min(members.size(), concurrency)));
    for (Member member : members) {
      ActiveCheck check = member.instance().check().orElseThrow();
      Probe probe = probe(member.instance(), check, handlers, deadlines);
      started.checks.add(new HealthCheck(member.health(), check, probe, started::after));
    }
    started.checks.forEach(check ->
        check.begin(Duration.ofMillis(ThreadLocalRandom.current().nextLong(WITHIN_MILLIS))));
    return started;
  }

  private static Probe probe(
      Instance instance,
      ActiveCheck check,
      BiFunction<Instance, ActiveCheck, Handler> handlers,
      Scheduler deadlines) {
    Place place = Place.of(instance, check);
    return place.type() == ActiveCheck.Type.TCP
        ? new TcpProbe(place.host(), place.port(), check.timeout())
        : new HttpProbe(instance, check, handlers.apply(instance, check), deadlines);
  }

  private Runnable after(Duration wait, Runnable task) {
    try {
      Future<?> future = executor.schedule(task, wait.toNanos(), TimeUnit.NANOSECONDS);
      return () -> future.cancel(false);
    } catch (RejectedExecutionException closed) {
      return () -> {};
    }
  }

  private Thread thread(Runnable task) {
    Thread thread = new Thread(task, "ai-proxy-health");
    thread.setDaemon(true);
    threads.add(thread);
    return thread;
  }

  /** Cuts what runs and waits for the threads to end. Idempotent. */
  @Override
  public void close() {
    executor.shutdownNow();
    checks.forEach(HealthCheck::stop);
    try {
      for (Thread thread : threads) {
        thread.join(PATIENCE.toMillis());
      }
    } catch (InterruptedException hurried) {
      Thread.currentThread().interrupt();
    }
  }
}
