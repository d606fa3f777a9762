package io.aiproxy.balance;

import static org.assertj.core.api.Assertions.assertThat;

import io.aiproxy.balance.SimulatedInstance.Mood;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One of three instances that is ten times as slow as the others, in virtual time; prints its figures. */
class SlownessSimulationTest {
  private static final int LOAD = 30;
  private static final Duration SPAN = Duration.ofSeconds(120);
  private static final Duration LEARNT = Duration.ofSeconds(20);
  private static final Mood SLOW = Mood.well(Duration.ofSeconds(2), Duration.ofMillis(800));
  private static final Mood FAST = Mood.well(Duration.ofMillis(200), Duration.ofMillis(800));
  private static final String EQUAL = "'weight':1,";
  private static final String WATCHED =
      "'weight':1,'checks':{'passive':{'slow_first_token_ms':1000}},";

  @Test
  void theOneThatWasFasterIsAskedFirst() {
    long blind = p99("roundrobin");
    long leastRequests = p99("least_requests");
    long latency = p99("latency");

    assertThat(leastRequests).isLessThan(blind);
    assertThat(latency).isLessThan(blind / 3);
  }

  private static long p99(String algorithm) {
    try (SimulatedRoute route = route("'balancer':{'algorithm':'" + algorithm + "'},", EQUAL)) {
      route.instance("a").is(SLOW);
      route.serves(LOAD, SPAN).since(LEARNT);
      print("with " + algorithm, route);
      return route.firstTokenMillis(99);
    }
  }

  @Test
  void anInstanceThatIsFastAgainGetsItsShareAgain() {
    try (SimulatedRoute route = route("'balancer':{'algorithm':'latency'},", EQUAL)) {
      route.instance("a").is(SLOW);
      route.instance("a").is(FAST, Duration.ofSeconds(60));
      route.serves(LOAD, SPAN);
      Duration back = route.visits().stream()
          .filter(visit -> visit.by().equals("a") && visit.at().toSeconds() >= 60)
          .filter(
              visit -> route.instance("a").asked(visit.at(), visit.at().plusSeconds(1)) > LOAD / 6)
          .findFirst()
          .orElseThrow()
          .at()
          .minusSeconds(60);
      route.since(Duration.ofSeconds(90));
      System.out.printf(
          "simulation: one that was 10x slower is used again by latency after %d ms, its share is then %.3f%n",
          back.toMillis(), route.share("a"));

      assertThat(back).isLessThan(Duration.ofSeconds(30));
      assertThat(route.share("a")).isGreaterThan(0.25);
    }
  }

  @Test
  void aSlowFirstTokenTripsTheBreaker() {
    try (SimulatedRoute route = route("", WATCHED)) {
      route.instance("a").is(SLOW);
      route.serves(LOAD, SPAN).since(LEARNT);
      print("with slow_first_token_ms 1000", route);

      assertThat(route.balance().standings().get(0).state()).isEqualTo("tripped");
      assertThat(route.firstTokenMillis(99)).isLessThan(1000);
    }
  }

  @Test
  void longStreamsDoNotHideASlowInstance() {
    Duration begin = Duration.ofSeconds(20);
    Duration end = begin.plusSeconds(10);
    try (SimulatedRoute route = route("", WATCHED)) {
      route.instance("a").is(Mood.well(Duration.ofMillis(200), Duration.ofSeconds(10)));
      route.instance("a").is(Mood.well(Duration.ofSeconds(2), Duration.ofSeconds(10)), begin);
      route.serves(LOAD, end);
      long slow = route.instance("a").asked(begin, end);
      System.out.printf(
          "simulation: one that becomes 10x slower while its streams take 10 s gets %d requests more%n",
          slow);

      assertThat(slow).isLessThan(50);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"'hedge_after_ms':500", "'hedge_at_p95':true"})
  void aHedgeKeepsASlowInstanceFromBeingNoticed(String hedge) {
    try (SimulatedRoute route = route(hedge + ",'hedge_budget_percent':50,", EQUAL)) {
      route.instance("a").is(SLOW);
      route.serves(LOAD, SPAN).since(LEARNT);
      print("hedged with " + hedge, route);

      assertThat(route.firstTokenMillis(99)).isLessThan(1000);
    }
  }

  private static SimulatedRoute route(String settings, String own) {
    return new SimulatedRoute(7, "'fallback_strategy':['http_5xx']," + settings, own, own, own);
  }

  private static void print(String how, SimulatedRoute route) {
    System.out.printf(
        "simulation: one of three 10x slower, %s: time to first token p50 %d ms, p95 %d ms, p99 %d ms, its share %.3f, %.3f calls a request%n",
        how,
        route.firstTokenMillis(50),
        route.firstTokenMillis(95),
        route.firstTokenMillis(99),
        route.share("a"),
        (double) route.asked() / (LOAD * SPAN.toSeconds()));
  }
}
