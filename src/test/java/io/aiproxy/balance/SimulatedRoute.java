package io.aiproxy.balance;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.aiproxy.call.Call;
import io.aiproxy.call.Exchange;
import io.aiproxy.call.Headers;
import io.aiproxy.call.Payload;
import io.aiproxy.call.Problem;
import io.aiproxy.call.Protocol;
import io.aiproxy.call.Reply;
import io.aiproxy.call.Target;
import io.aiproxy.config.Instance;
import io.aiproxy.config.Route;
import io.aiproxy.ledger.Ledger;
import io.aiproxy.protocol.Protocols;
import io.aiproxy.testing.Calls;
import io.aiproxy.testing.Settings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Predicate;

/** A configured route in virtual time, its instances, and clients that come at random; the same ones for the same seed. */
final class SimulatedRoute implements AutoCloseable {
  private final VirtualTime time = new VirtualTime();
  private final Random random;
  private final Map<String, SimulatedInstance> instances = new LinkedHashMap<>();
  private final List<Visit> visits = new ArrayList<>();
  private final Route route;
  private final Balance balance;

  /**
   * What a client got.
   *
   * @param at when it came
   * @param key what it said that can be hashed
   * @param by who answered; empty if it was a failure
   * @param firstToken how long it waited for that
   */
  record Visit(Duration at, String key, String by, Duration firstToken) {
    boolean served() {
      return !by.isEmpty();
    }
  }

  /**
   * With these settings.
   *
   * @param shared of the plugin, each followed by a comma; single quotes stand for double ones
   * @param own those of each instance, which are named a, b, c and so on, followed by a comma
   */
  SimulatedRoute(long seed, String shared, String... own) {
    random = new Random(seed);
    StringBuilder list = new StringBuilder();
    for (String settings : own) {
      String name = String.valueOf((char) ('a' + instances.size()));
      instances.put(name, new SimulatedInstance(name, time, new Random(random.nextLong())));
      list.append(list.isEmpty() ? "" : ",")
          .append("{'name':'%s',%s'provider':'openai','auth':{}}".formatted(name, settings));
    }
    route = Settings.configuration("{'uri':'/*','plugins':{'ai-proxy-multi':{%s'instances':[%s]}}}"
            .formatted(shared, list))
        .routes()
        .get(0);
    Random dice = new Random(random.nextLong());
    balance = Balance.of(
        route,
        instance -> instances.get(instance.name()),
        new Services(time, time, () -> dice, time, Fleet::nobody));
  }

  VirtualTime time() {
    return time;
  }

  SimulatedInstance instance(String name) {
    return instances.get(name);
  }

  Balance balance() {
    return balance;
  }

  /** Begins the active checks that are configured. */
  SimulatedRoute checked() {
    for (Member member : balance.members()) {
      Instance instance = member.instance();
      instance
          .check()
          .ifPresent(check -> new HealthCheck(
                  member.health(), check, instances.get(instance.name()).probe(), time)
              .begin(Duration.ofMillis(random.nextInt(500))));
    }
    return this;
  }

  /** Lets clients come for that long, each somewhere in its time, and then so much time pass that all are answered. */
  SimulatedRoute serves(int perSecond, Duration span) {
    long gap = 1_000_000_000L / perSecond;
    Runnable unused = time.after(Duration.ZERO, () -> {
      for (int i = 0; i < span.toSeconds() * perSecond; i++) {
        String key = "key-" + i;
        Runnable visit = time.after(Duration.ofNanos(random.nextLong(gap)), () -> visit(key));
        time.passes(Duration.ofNanos(gap));
      }
    });
    time.run(span.plusSeconds(60));
    return this;
  }

  private void visit(String key) {
    Duration begun = time.elapsed();
    Exchange exchange = new Exchange("simulated", new Ledger("simulated", time), time);
    Ledger ledger = exchange.ledger();
    String by = "";
    Duration[] firstToken = {Duration.ZERO};
    try (Reply reply = balance.handle(call(exchange, key))) {
      StringBuilder text = new StringBuilder();
      boolean more = true;
      while (more) {
        more = reply.body().advance(piece -> {
          firstToken[0] = time.elapsed().minus(begun);
          text.append(new String(piece.array(), piece.offset(), piece.length(), UTF_8));
        });
      }
      by = reply.succeeded() ? text.toString() : "";
      ledger.outcome(reply.succeeded() ? "completed" : "upstream_error");
    } catch (Problem problem) {
      ledger.outcome(problem.kind().code());
    }
    exchange.finish();
    visits.add(new Visit(begun, key, by, firstToken[0]));
  }

  private static Call call(Exchange exchange, String key) {
    return new Call(
        exchange,
        Protocols.named("openai-chat"),
        Protocol.Asked.NOTHING,
        "POST",
        "/v1/chat/completions",
        new Target("http", "gateway", 80, "/", key),
        Headers.NONE,
        Calls.json("{}"),
        Payload.NONE);
  }

  /** What clients got, in the order in which they were ready. */
  List<Visit> visits() {
    return visits;
  }

  long count(Predicate<Visit> which) {
    return visits.stream().filter(which).count();
  }

  /** How many attempts were made in all. */
  long asked() {
    return instances.values().stream().mapToLong(one -> one.asked().size()).sum();
  }

  /** The share of the visits that an instance answered. */
  double share(String name) {
    return (double) count(visit -> visit.by().equals(name)) / count(Visit::served);
  }

  /** Forgets what clients got before that moment. */
  SimulatedRoute since(Duration moment) {
    visits.removeIf(visit -> visit.at().compareTo(moment) < 0);
    return this;
  }

  /** Of the times to the first token the one below which so many hundredths are, in milliseconds. */
  long firstTokenMillis(int percent) {
    List<Duration> sorted =
        visits.stream().filter(Visit::served).map(Visit::firstToken).sorted().toList();
    return sorted
        .get(Math.min(sorted.size() - 1, sorted.size() * percent / 100))
        .toMillis();
  }

  @Override
  public void close() {
    time.close();
  }
}
