package io.aiproxy.benchmark;

import io.aiproxy.config.Route;
import io.aiproxy.config.RouteTable;
import io.aiproxy.testing.Settings;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Finding the route of a request among others. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class RouteBenchmark {
  @Param({"1", "1000"})
  public int routes;

  private RouteTable table = RouteTable.of(List.of());

  @Setup
  public void prepare() {
    table = RouteTable.of(Settings.configuration(IntStream.range(0, routes)
            .mapToObj(RouteBenchmark::route)
            .collect(Collectors.joining(",", "{'routes':[", "]}")))
        .routes());
  }

  private static String route(int number) {
    return "{'id':'" + number + "','uris':['/team-" + number + "/*','/exact-" + number
        + "'],'methods':['POST'],'plugins':{'ai-proxy':{'provider':'openai','auth':{}}}}";
  }

  @Benchmark
  public Optional<Route> exact() {
    return table.match("POST", "gateway.example:8080", "/exact-0");
  }

  @Benchmark
  public Optional<Route> beginning() {
    return table.match("POST", "gateway.example:8080", "/team-0/v1/chat/completions");
  }
}
