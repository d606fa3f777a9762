package io.aiproxy.balance;

import static org.assertj.core.api.Assertions.assertThat;

import io.aiproxy.balance.SimulatedInstance.Mood;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Instances that fail under load, in virtual time; prints its figures. */
class OutageSimulationTest {
  private static final int LOAD = 60;
  private static final Duration BEGIN = Duration.ofSeconds(30);
  private static final Duration END = BEGIN.plusSeconds(60);
  private static final Duration WHOLE = END.plusSeconds(30);
  private static final String FALLBACK = "'fallback_strategy':['http_429','http_5xx'],";
  private static final String PASSIVE = "'weight':1,'checks':{'passive':{}},";
  private static final String ACTIVE = "'weight':1,'checks':{'active':{}},";
  private static final Mood WELL = Mood.well(Duration.ofMillis(200), Duration.ofMillis(800));

  @ParameterizedTest
  @ValueSource(strings = {"'weight':1,", PASSIVE})
  void anOutageOfAllIsNotMultiplied(String own) {
    try (SimulatedRoute route = outage(3, Mood.failing(503), own, "a", "b", "c")) {
      print("all of three answer 503", own, route);

      assertThat(amplification(route)).isLessThanOrEqualTo(1.2);
      assertThat(failed(route, END.plusSeconds(15), WHOLE)).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"'weight':1,", PASSIVE, ACTIVE})
  void anOutageOfOneIsNotMultiplied(String own) {
    try (SimulatedRoute route = outage(4, Mood.dead(), own, "a")) {
      print("one of three is dead", own, route);

      assertThat(amplification(route)).isLessThanOrEqualTo(1.2);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {PASSIVE, ACTIVE})
  void nobodyNoticesThatOneOfThreeIsDead(String own) {
    try (SimulatedRoute route = outage(5, Mood.dead(), own, "a")) {
      assertThat(failed(route, Duration.ZERO, WHOLE)).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {PASSIVE, ACTIVE})
  void aDeadInstanceIsLeftAloneSoonAndUsedAgainSoon(String own) {
    try (SimulatedRoute route = outage(6, Mood.dead(), own, "a")) {
      SimulatedInstance dead = route.instance("a");
      Duration left = dead.asked().stream()
          .filter(at -> at.compareTo(END) < 0)
          .filter(at -> dead.asked(at, at.plusSeconds(3)) == 1) // alone among seconds
          .filter(at -> at.compareTo(BEGIN) > 0)
          .findFirst()
          .orElse(END)
          .minus(BEGIN);
      Duration back = dead.asked().stream()
          .filter(at -> at.compareTo(END) >= 0)
          .filter(at -> dead.asked(at, at.plusSeconds(1)) > LOAD / 6)
          .findFirst()
          .orElse(WHOLE)
          .minus(END);
      System.out.printf(
          "simulation: %s a dead instance is left alone after %d ms and used again after %d ms%n",
          words(own), left.toMillis(), back.toMillis());

      assertThat(left).isLessThan(Duration.ofSeconds(3));
      assertThat(back).isLessThan(Duration.ofSeconds(own.equals(PASSIVE) ? 12 : 4));
    }
  }

  private static SimulatedRoute outage(long seed, Mood mood, String own, String... who) {
    SimulatedRoute route = new SimulatedRoute(seed, FALLBACK, own, own, own).checked();
    for (String name : who) {
      route.instance(name).is(WELL);
      route.instance(name).is(mood, BEGIN);
      route.instance(name).is(WELL, END);
    }
    return route.serves(LOAD, WHOLE);
  }

  private static void print(String what, String own, SimulatedRoute route) {
    System.out.printf(
        "simulation: %s for 60 s at %d requests/s, %s: %.3f upstream calls a request, %d of %d failed%n",
        what,
        LOAD,
        words(own),
        amplification(route),
        failed(route, Duration.ZERO, WHOLE),
        requests(route));
  }

  private static String words(String own) {
    return own.equals(PASSIVE)
        ? "with a breaker"
        : own.equals(ACTIVE) ? "with probes" : "unwatched";
  }

  /** Calls for each request of the outage. */
  private static double amplification(SimulatedRoute route) {
    long calls = 0;
    for (String name : new String[] {"a", "b", "c"}) {
      calls += route.instance(name).asked(BEGIN, END);
    }
    return (double) calls / requests(route);
  }

  private static long requests(SimulatedRoute route) {
    return route.count(visit -> visit.at().compareTo(BEGIN) >= 0 && visit.at().compareTo(END) < 0);
  }

  private static long failed(SimulatedRoute route, Duration from, Duration to) {
    return route.count(visit ->
        !visit.served() && visit.at().compareTo(from) >= 0 && visit.at().compareTo(to) < 0);
  }
}
