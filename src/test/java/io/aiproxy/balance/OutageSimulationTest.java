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
  private static final String RETRIES = "'retries_per_instance':2,";
  private static final String WEIGHT = "'weight':1,";
  private static final String UNWATCHED = WEIGHT + "'checks':{'passive':{'failure_percent':0}},";
  private static final String PASSIVE = WEIGHT + "'checks':{'passive':{}},";
  private static final String ACTIVE =
      WEIGHT + "'checks':{'active':{},'passive':{'failure_percent':0}},";
  private static final Mood WELL = Mood.well(Duration.ofMillis(200), Duration.ofMillis(800));

  @ParameterizedTest
  @ValueSource(strings = {UNWATCHED, PASSIVE, RETRIES + UNWATCHED, RETRIES + PASSIVE})
  void anOutageOfAllIsNotMultiplied(String settings) {
    try (SimulatedRoute route = outage(3, Mood.failing(503), settings, "a", "b", "c")) {
      print("all of three answer 503", settings, route);

      assertThat(amplification(route)).isLessThanOrEqualTo(1.2);
      assertThat(failed(route, END.plusSeconds(15), WHOLE)).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {UNWATCHED, PASSIVE, ACTIVE, RETRIES + UNWATCHED})
  void anOutageOfOneIsNotMultiplied(String settings) {
    try (SimulatedRoute route = outage(4, Mood.dead(), settings, "a")) {
      print("one of three is dead", settings, route);

      assertThat(amplification(route)).isLessThanOrEqualTo(1.2);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {PASSIVE, ACTIVE})
  void nobodyNoticesThatOneOfThreeIsDead(String settings) {
    try (SimulatedRoute route = outage(5, Mood.dead(), settings, "a")) {
      assertThat(failed(route, Duration.ZERO, WHOLE)).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {PASSIVE, ACTIVE})
  void aDeadInstanceIsLeftAloneSoonAndUsedAgainSoon(String settings) {
    try (SimulatedRoute route = outage(6, Mood.dead(), settings, "a")) {
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
          words(settings), left.toMillis(), back.toMillis());

      assertThat(left).isLessThan(Duration.ofSeconds(3));
      assertThat(back).isLessThan(Duration.ofSeconds(settings.equals(PASSIVE) ? 12 : 4));
    }
  }

  /**
   * From {@link #BEGIN} to {@link #END}.
   *
   * @param settings of the route, and behind them, from its weight on, of each instance
   * @param who is struck
   */
  private static SimulatedRoute outage(long seed, Mood mood, String settings, String... who) {
    int own = settings.indexOf(WEIGHT);
    String each = settings.substring(own);
    SimulatedRoute route =
        new SimulatedRoute(seed, FALLBACK + settings.substring(0, own), each, each, each).checked();
    for (String name : who) {
      route.instance(name).is(WELL);
      route.instance(name).is(mood, BEGIN);
      route.instance(name).is(WELL, END);
    }
    return route.serves(LOAD, WHOLE);
  }

  private static void print(String what, String settings, SimulatedRoute route) {
    System.out.printf(
        "simulation: %s for 60 s at %d requests/s, %s: %.3f upstream calls a request, %d of %d failed%n",
        what,
        LOAD,
        words(settings),
        amplification(route),
        failed(route, Duration.ZERO, WHOLE),
        requests(route));
  }

  private static String words(String settings) {
    return (settings.startsWith(RETRIES) ? "with retries, " : "")
        + (settings.endsWith(PASSIVE)
            ? "with a breaker"
            : settings.endsWith(ACTIVE) ? "with probes" : "unwatched");
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
