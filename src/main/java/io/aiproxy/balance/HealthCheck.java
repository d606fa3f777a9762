package io.aiproxy.balance;

import io.aiproxy.call.Scheduler;
import io.aiproxy.config.ActiveCheck;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks an instance again and again how it is, each time a pause after the last answer. */
final class HealthCheck {
  private static final Logger LOG = LoggerFactory.getLogger(HealthCheck.class);

  private final Health health;
  private final ActiveCheck settings;
  private final Probe probe;
  private final Scheduler pace;
  private volatile boolean stopped;

  /**
   * For one instance.
   *
   * @param pace on whose thread it asks, which blocks it
   */
  HealthCheck(Health health, ActiveCheck settings, Probe probe, Scheduler pace) {
    this.health = health;
    this.settings = settings;
    this.probe = probe;
    this.pace = pace;
  }

  void begin(Duration wait) {
    if (!stopped) {
      Runnable unused = pace.after(wait, this::ask);
    }
  }

  private void ask() {
    try {
      Finding finding = probe.ask();
      if (!stopped) {
        health.found(finding, settings);
      }
    } catch (RuntimeException fault) {
      LOG.error("a health check failed by a fault of its own, and goes on", fault);
    }
    begin(
        health.condition().state() == Health.State.UNHEALTHY
            ? settings.unhealthy().interval()
            : settings.healthy().interval());
  }

  void stop() {
    stopped = true;
    probe.stop();
  }
}
