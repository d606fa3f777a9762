package io.aiproxy.balance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.aiproxy.balance.SimulatedRoute.Visit;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who gets how much, in virtual time; prints its figures. */
class SharesSimulationTest {
  private static final String[] WEIGHTS = {"'weight':5,", "'weight':3,", "'weight':2,"};

  @ParameterizedTest
  @CsvSource({"roundrobin, 0.001", "least_requests, 0.05", "latency, 0.06", "chash, 0.05"})
  void eachInstanceGetsTheShareOfItsWeight(String algorithm, double tolerance) {
    String balancer = "'balancer':{'algorithm':'%s','key':'query_string'},".formatted(algorithm);
    try (SimulatedRoute route = new SimulatedRoute(1, balancer, WEIGHTS)) {
      route.serves(100, Duration.ofSeconds(60));
      System.out.printf(
          "simulation: shares of weights 5:3:2 with %s: %.3f %.3f %.3f of %d requests%n",
          algorithm,
          route.share("a"),
          route.share("b"),
          route.share("c"),
          route.visits().size());

      assertThat(route.share("a")).isEqualTo(0.5, within(tolerance));
      assertThat(route.share("b")).isEqualTo(0.3, within(tolerance));
      assertThat(route.share("c")).isEqualTo(0.2, within(tolerance));
    }
  }

  @Test
  void anInstanceThatLeavesTheRingMovesItsOwnKeysOnly() {
    String balancer = "'balancer':{'algorithm':'chash','key':'query_string'},";
    String[] five = IntStream.range(0, 5).mapToObj(i -> "'weight':1,").toArray(String[]::new);
    try (SimulatedRoute route = new SimulatedRoute(2, balancer, five)) {
      Map<String, String> before = keys(route);
      route.balance().members().get(2).health().eject();
      Map<String, String> after = keys(route);
      long gone = before.values().stream().filter("c"::equals).count();
      long moved = after.keySet().stream()
          .filter(before::containsKey)
          .filter(key -> !after.get(key).equals(before.get(key)))
          .count();
      System.out.printf(
          "simulation: of %d keys on a ring of 5, %d moved when the instance of %d left%n",
          before.size(), moved, gone);

      assertThat(after).doesNotContainValue("c");
      assertThat(moved).isLessThanOrEqualTo(gone);
      assertThat((double) gone / before.size()).isEqualTo(0.2, within(0.05));
    }
  }

  private static Map<String, String> keys(SimulatedRoute route) {
    route.visits().clear();
    route.serves(100, Duration.ofSeconds(60));
    return route.visits().stream()
        .collect(Collectors.toMap(Visit::key, Visit::by, (one, other) -> one, TreeMap::new));
  }
}
