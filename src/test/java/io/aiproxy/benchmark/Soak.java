package io.aiproxy.benchmark;

import io.aiproxy.testing.ScriptedUpstream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * A long run of the built WAR with 128 MB of heap: answers and streams, large requests, translation, fallback, clients that
 * leave, upstreams that break, and a new configuration every 20 s. Says now and then what the process holds at rest, and in the
 * end whether that stays as it is. Needs Linux; all traffic is on loopback, at some 250 requests a second. {@code mvn -Psoak test-compile
 * -Dsoak.minutes=30} runs it, once the WAR is built.
 */
public final class Soak {
  private static final Duration RELOAD_EVERY = Duration.ofSeconds(20);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(60);
  private static final int LEAST_SAMPLES = 9;
  private static final Duration TICK = Duration.ofMillis(200);

  private final SoakProcess gateway;
  private final SoakLoad load;
  private final Path config;
  private final int upstream;
  private final List<SoakSample> samples = new ArrayList<>();
  private final long start = System.nanoTime();
  private int reloads;

  private Soak(SoakProcess gateway, SoakLoad load, Path config, int upstream) {
    this.gateway = gateway;
    this.load = load;
    this.config = config;
    this.upstream = upstream;
  }

  /** Takes the minutes that it is to last (30), and the WAR ({@code target/ai-proxy.war}). The exit status is 0 if all is flat. */
  public static void main(String[] args) throws Exception {
    Duration length = Duration.ofMinutes(args.length > 0 ? Long.parseLong(args[0]) : 30);
    Path war = Path.of(args.length > 1 ? args[1] : "target/ai-proxy.war");
    System.exit(run(length, war) ? 0 : 1);
  }

  private static boolean run(Duration length, Path war) throws Exception {
    Path folder = Files.createTempDirectory("ai-proxy-soak-");
    Path config = folder.resolve("config.json");
    System.out.println("log and configuration: " + folder);
    try (ScriptedUpstream upstream = SoakModel.open()) {
      Files.writeString(config, SoakModel.configuration(upstream.port(), 0));
      try (SoakProcess gateway = SoakProcess.start(war, folder, config);
          SoakLoad load = SoakLoad.start(gateway.port())) {
        Soak soak = new Soak(gateway, load, config, upstream.port());
        soak.last(length);
        return soak.judge();
      }
    }
  }

  private void last(Duration length) throws IOException, InterruptedException {
    Duration pause = length.dividedBy(LEAST_SAMPLES);
    Duration between = pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
    System.out.println(SoakSample.HEAD);
    while (elapsed().compareTo(length) < 0) {
      LockSupport.parkNanos(TICK.toNanos());
      if (elapsed().compareTo(RELOAD_EVERY.multipliedBy(reloads + 1L)) > 0) {
        reload();
      }
      if (elapsed().compareTo(between.multipliedBy(samples.size() + 1L)) > 0) {
        sample();
      }
    }
  }

  private Duration elapsed() {
    return Duration.ofNanos(System.nanoTime() - start);
  }

  private void reload() throws IOException {
    Path next = config.resolveSibling("next.json");
    Files.writeString(next, SoakModel.configuration(upstream, ++reloads));
    Files.move(next, config, StandardCopyOption.ATOMIC_MOVE);
  }

  private void sample() throws IOException, InterruptedException {
    load.rest();
    SoakSample sample = gateway.sample(elapsed(), load.visits(), load.errors().size(), reloads);
    load.goOn();
    samples.add(sample);
    System.out.println(sample);
  }

  private boolean judge() throws IOException {
    System.out.println("visits: " + load.kinds());
    load.errors().stream().limit(20).forEach(error -> System.out.println("ERROR " + error));
    List<String> complaints = new ArrayList<>(SoakSample.complaints(samples));
    if (!load.errors().isEmpty()) {
      complaints.add(load.errors().size() + " visits did not go as they should");
    }
    gateway.faults().stream().limit(20).forEach(fault -> complaints.add("its log: " + fault));
    complaints.forEach(complaint -> System.out.println("NOT FLAT: " + complaint));
    System.out.println(complaints.isEmpty() ? "VERDICT: flat" : "VERDICT: not flat");
    return complaints.isEmpty();
  }
}
