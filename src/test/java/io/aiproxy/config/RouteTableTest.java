package io.aiproxy.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.aiproxy.provider.Providers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouteTableTest {
  private static final AiProxy PLUGIN = plugin();

  @ParameterizedTest
  @CsvSource({
    "/v1/chat,         /v1/chat",
    "/v1/chat/,        /v1/*",
    "/v1/chat/x,       /v1/*",
    "/v1/,             /v1/*",
    "/v1,              /v1*",
    "/v1beta,          /v1*",
    "/v2,              /*",
    "/,                /*"
  })
  void prefersTheEqualPathAndThenTheLongestBeginning(String path, String uri) {
    RouteTable table =
        RouteTable.of(List.of(route("/*"), route("/v1*"), route("/v1/chat"), route("/v1/*")));

    assertThat(match(table, "POST", "", path)).isEqualTo(uri);
  }

  @Test
  void findsNothingWhereNoRouteIs() {
    RouteTable table = RouteTable.of(List.of(route("/a"), route("/b/*")));

    assertThat(table.match("GET", "host", "/b")).isEmpty();
    assertThat(table.match("GET", "host", "")).isEmpty();
    assertThat(table.match("GET", "host", "/A")).isEmpty();
  }

  @Test
  void prefersTheHigherPriorityAndThenTheFirstRoute() {
    RouteTable table = RouteTable.of(List.of(
        named("low", "/a", -1),
        named("first", "/a", 5),
        named("second", "/a", 5),
        named("zero", "/a", 0)));

    assertThat(match(table, "GET", "", "/a")).isEqualTo("first");
  }

  @Test
  void letsALongerPathGoBeforeAHigherPriority() {
    RouteTable table = RouteTable.of(List.of(named("wide", "/*", 100), named("narrow", "/a/*", 0)));

    assertThat(match(table, "GET", "", "/a/b")).isEqualTo("narrow");
  }

  @ParameterizedTest
  @CsvSource({
    "api.example.com,      exact",
    "API.Example.COM,      exact",
    "api.example.com:8080, exact",
    "api.example.com.,     exact",
    "x.example.com,        wildcard",
    "x.y.example.com,      wildcard",
    "x.deep.example.com,   deep",
    "example.com,          any",
    ".example.com,         any",
    "notexample.com,       any",
    "'',                   any",
    "[::1]:8080,           six",
    "[::1],                six"
  })
  void prefersTheExactHostAndThenTheLongestWildcard(String host, String id) {
    RouteTable table = RouteTable.of(List.of(
        ofHost("any", "/a"),
        ofHost("wildcard", "/*", "*.example.com"),
        ofHost("deep", "/*", "*.deep.example.com"),
        ofHost("exact", "/*", "api.example.com"),
        ofHost("six", "/*", "[::1]")));

    assertThat(match(table, "GET", host, "/a")).isEqualTo(id);
  }

  @Test
  void turnsToRoutesOfAnyHostWhereTheHostsOwnDoNotHaveThePath() {
    RouteTable table =
        RouteTable.of(List.of(ofHost("own", "/own", "a.example"), ofHost("any", "/*")));

    assertThat(match(table, "GET", "a.example", "/other")).isEqualTo("any");
  }

  @Test
  void turnsToTheNextRouteWhereOneDoesNotTakeTheMethod() {
    RouteTable table =
        RouteTable.of(List.of(ofMethods("posts", "/a", "POST"), ofMethods("gets", "/*", "GET")));

    assertThat(match(table, "GET", "", "/a")).isEqualTo("gets");
  }

  @Test
  void namesTheMethodsThatAPlaceTakes() {
    RouteTable table = RouteTable.of(List.of(
        ofMethods("a", "/a", "POST"),
        ofMethods("b", "/*", "GET", "HEAD"),
        ofMethods("c", "/c", "PUT")));

    assertThat(table.match("DELETE", "", "/a")).isEmpty();
    assertThat(table.methods("", "/a")).containsExactly("GET", "HEAD", "POST");
  }

  @Test
  void namesNoMethodsWhereThereIsNoRoute() {
    assertThat(RouteTable.of(List.of(ofMethods("a", "/a", "POST"))).methods("", "/b"))
        .isEmpty();
  }

  @Test
  void knowsAllUrisOfARoute() {
    Route route = new Route("many", List.of("/a", "/b/*"), Set.of(), List.of("x", "y"), 0, PLUGIN);
    RouteTable table = RouteTable.of(List.of(route));

    assertThat(table.match("GET", "x", "/a")).contains(route);
    assertThat(table.match("GET", "y", "/b/c")).contains(route);
    assertThat(table.match("GET", "z", "/a")).isEmpty();
  }

  @Test
  void givesUpOnAHostThatNobodyCanHave() {
    RouteTable table = RouteTable.of(List.of(ofHost("wildcard", "/*", "*.example")));

    assertThat(table.match("GET", "a.".repeat(100_000) + "example", "/")).isEmpty();
  }

  @Test
  void agreesWithAScanOfAllRoutes() {
    Random random = new Random(11);
    for (int round = 0; round < 200; round++) {
      List<Route> routes =
          IntStream.range(0, 20).mapToObj(i -> random(random, "r" + i)).toList();
      RouteTable table = RouteTable.of(routes);
      for (int request = 0; request < 50; request++) {
        String method = pick(random, "GET", "POST");
        String host = pick(random, "a.x", "b.a.x", "y", "");
        String path = pick(random, "/", "/a", "/a/b", "/ab", "/b");
        assertThat(table.match(method, host, path).map(Route::id))
            .as("%s %s%s of %s", method, host, path, routes)
            .isEqualTo(scan(routes, method, host, path).map(Route::id));
      }
    }
  }

  /** The rules once more, written as an order of all routes. */
  private static Optional<Route> scan(List<Route> routes, String method, String host, String path) {
    List<Route> found = new ArrayList<>();
    List<int[]> ranks = new ArrayList<>();
    for (Route route : routes) {
      if (!route.methods().isEmpty() && !route.methods().contains(method)) {
        continue;
      }
      List<String> hosts = route.hosts().isEmpty() ? List.of("") : route.hosts();
      for (String h : hosts) {
        int hostRank = h.isEmpty()
            ? 0
            : h.equals(host)
                ? 1000
                : h.startsWith("*.") && host.endsWith(h.substring(1)) ? h.length() : -1;
        for (String uri : route.uris()) {
          int uriRank = uri.equals(path)
              ? 1000
              : uri.endsWith("*") && path.startsWith(uri.substring(0, uri.length() - 1))
                  ? uri.length()
                  : -1;
          if (hostRank >= 0 && uriRank >= 0) {
            found.add(route);
            ranks.add(new int[] {hostRank, uriRank, route.priority()});
          }
        }
      }
    }
    Optional<Route> best = Optional.empty();
    int[] highest = {-1, -1, 0};
    for (int i = 0; i < found.size(); i++) {
      if (Arrays.compare(ranks.get(i), highest) > 0) {
        highest = ranks.get(i);
        best = Optional.of(found.get(i));
      }
    }
    return best;
  }

  private static Route random(Random random, String id) {
    List<String> uris = List.of(pick(random, "/", "/a", "/a/b", "/*", "/a*", "/a/*", "/b"));
    Set<String> methods = random.nextInt(3) == 0 ? Set.of(pick(random, "GET", "POST")) : Set.of();
    List<String> hosts = random.nextBoolean()
        ? List.of()
        : List.of(pick(random, "a.x", "b.a.x", "*.x", "*.a.x", "y"));
    return new Route(id, uris, methods, hosts, random.nextInt(3), PLUGIN);
  }

  private static String pick(Random random, String... words) {
    return words[random.nextInt(words.length)];
  }

  private static String match(RouteTable table, String method, String host, String path) {
    return table.match(method, host, path).map(Route::id).orElse("none");
  }

  private static Route route(String uri) {
    return named(uri, uri, 0);
  }

  private static Route named(String id, String uri, int priority) {
    return new Route(id, List.of(uri), Set.of(), List.of(), priority, PLUGIN);
  }

  private static Route ofHost(String id, String uri, String... hosts) {
    return new Route(id, List.of(uri), Set.of(), List.of(hosts), 0, PLUGIN);
  }

  private static Route ofMethods(String id, String uri, String... methods) {
    return new Route(id, List.of(uri), Set.of(methods), List.of(), 0, PLUGIN);
  }

  private static AiProxy plugin() {
    try {
      return new ConfigReader(Providers.installed(), new ScriptedEnvironment())
          .read("{\"uri\":\"/\",\"plugins\":{\"ai-proxy\":{\"provider\":\"openai\",\"auth\":{}}}}"
              .getBytes(StandardCharsets.UTF_8))
          .routes()
          .get(0)
          .aiProxy();
    } catch (BadConfiguration e) {
      throw new AssertionError(e);
    }
  }
}
