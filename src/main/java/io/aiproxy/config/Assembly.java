package io.aiproxy.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aiproxy.auth.AuthSettings;
import io.aiproxy.auth.Authorities;
import io.aiproxy.call.Headers;
import io.aiproxy.provider.Provider;
import io.aiproxy.provider.Providers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/** Makes records of what was read and found right. */
final class Assembly {
  private final Providers providers;
  private final Authorities authorities;
  private final Environment environment;

  Assembly(Providers providers, Authorities authorities, Environment environment) {
    this.providers = providers;
    this.authorities = authorities;
    this.environment = environment;
  }

  Route route(Checked route) {
    JsonNode read = route.read();
    return new Route(
        route.id(),
        oneOrMany(read, Keys.URI, Keys.URIS),
        new LinkedHashSet<>(texts(Keys.METHODS.from(read))),
        oneOrMany(read, Keys.HOST, Keys.HOSTS).stream().map(Assembly::lowerCase).toList(),
        Keys.PRIORITY.small(read),
        instances(route),
        route.isMulti() ? Optional.of(balancing(route.plugin())) : Optional.empty());
  }

  private List<Instance> instances(Checked route) {
    JsonNode plugin = route.plugin();
    return route.isMulti()
        ? route.upstreams().stream()
            .map(upstream -> instance(upstream.read(), plugin))
            .toList()
        : List.of(
            new Instance("ai-proxy-" + Keys.PROVIDER.text(plugin), 1, 0, aiProxy(plugin, plugin)));
  }

  private Instance instance(JsonNode instance, JsonNode plugin) {
    boolean byScore = SemanticOptions.apply(plugin);
    return new Instance(
        Keys.NAME.text(instance),
        byScore ? 1 : Keys.WEIGHT.small(instance),
        byScore ? 0 : Keys.INSTANCE_PRIORITY.small(instance),
        aiProxy(instance, plugin),
        Keys.ACTIVE.given(Keys.CHECKS.from(instance)).map(Assembly::activeCheck),
        passiveCheck(Keys.PASSIVE.from(Keys.CHECKS.from(instance))),
        new Instance.Bulkhead(
            Keys.PLACES.given(instance).map(JsonNode::intValue).orElse(0),
            Keys.QUEUE.small(instance),
            Keys.QUEUE_TIMEOUT.millis(instance)));
  }

  private static Optional<PassiveCheck> passiveCheck(JsonNode passive) {
    int percent = Keys.FAILURE_PERCENT.small(passive);
    if (percent == 0) {
      return Optional.empty();
    }
    return Optional.of(new PassiveCheck(
        percent,
        Keys.MIN_REQUESTS.small(passive),
        Keys.WINDOW.millis(passive),
        Keys.PAUSE.millis(passive),
        Keys.SLOW_FIRST_TOKEN.given(passive).map(millis -> Duration.ofMillis(millis.longValue()))));
  }

  private static ActiveCheck activeCheck(JsonNode active) {
    JsonNode healthy = Keys.HEALTHY.from(active);
    JsonNode unhealthy = Keys.UNHEALTHY.from(active);
    JsonNode port = Keys.CHECK_PORT.from(active);
    return new ActiveCheck(
        Keys.CHECK_TYPE
            .given(active)
            .map(type -> ActiveCheck.Type.valueOf(upperCase(type.asText()))),
        Keys.CHECK_TIMEOUT.seconds(active),
        Keys.CHECK_CONCURRENCY.small(active),
        port.isNumber() ? OptionalInt.of(port.intValue()) : OptionalInt.empty(),
        probe(active),
        Keys.CHECK_VERIFY.flag(active),
        new ActiveCheck.Healthy(
            Keys.CHECK_INTERVAL.seconds(healthy),
            Keys.SUCCESSES.small(healthy),
            statuses(healthy, Keys.GOOD_STATUSES, ActiveCheck.GOOD)),
        new ActiveCheck.Unhealthy(
            Keys.CHECK_INTERVAL.seconds(unhealthy),
            Keys.HTTP_FAILURES.small(unhealthy),
            Keys.TCP_FAILURES.small(unhealthy),
            Keys.CHECK_TIMEOUTS.small(unhealthy),
            statuses(unhealthy, Keys.BAD_STATUSES, ActiveCheck.BAD)));
  }

  private static ActiveCheck.Request probe(JsonNode active) {
    Headers.Builder headers = Headers.builder();
    Keys.CHECK_HOST.given(active).ifPresent(host -> headers.add("Host", host.asText()));
    for (String line : texts(Keys.CHECK_HEADERS.from(active))) {
      int colon = line.indexOf(':');
      headers.set(line.substring(0, colon), line.substring(colon + 1).trim());
    }
    return new ActiveCheck.Request(
        Keys.CHECK_METHOD.text(active),
        Keys.CHECK_PATH.text(active),
        Keys.CHECK_BODY.given(active).map(JsonNode::asText).orElse(""),
        headers.build());
  }

  private static Set<Integer> statuses(JsonNode object, Key key, Set<Integer> usual) {
    if (key.given(object).isEmpty()) {
      return usual;
    }
    Set<Integer> statuses = new LinkedHashSet<>();
    key.from(object).forEach(status -> statuses.add(status.intValue()));
    return statuses;
  }

  private Balancing balancing(JsonNode plugin) {
    List<String> strategies = Keys.FALLBACK_STRATEGY
        .given(plugin)
        .map(given -> given.isTextual() ? List.of(given.asText()) : texts(given))
        .orElse(List.of());
    Set<Integer> statuses = new LinkedHashSet<>();
    Keys.FALLBACK_STATUSES.from(plugin).forEach(status -> statuses.add(status.intValue()));
    return new Balancing(
        choosing(plugin),
        new Balancing.Fallback(
            strategies.contains("http_429"),
            strategies.contains("http_5xx"),
            statuses,
            Keys.MAX_RETRIES
                .given(plugin)
                .map(most -> OptionalInt.of(most.intValue()))
                .orElse(OptionalInt.empty()),
            Keys.RETRY_WITHIN.given(plugin).map(millis -> Duration.ofMillis(millis.longValue())),
            Keys.STREAM_HOLD.millis(plugin),
            Keys.RETRY_BUDGET.small(plugin)),
        new Balancing.Again(
            Keys.RETRIES_PER_INSTANCE.small(plugin), Keys.RETRY_MAX_WAIT.millis(plugin)),
        hedging(plugin));
  }

  private static Optional<Balancing.Hedging> hedging(JsonNode plugin) {
    Optional<Duration> after =
        Keys.HEDGE_AFTER.given(plugin).map(millis -> Duration.ofMillis(millis.longValue()));
    return after.isPresent() || Keys.HEDGE_AT_P95.flag(plugin)
        ? Optional.of(new Balancing.Hedging(after, Keys.HEDGE_BUDGET.small(plugin)))
        : Optional.empty();
  }

  private Balancing.Choosing choosing(JsonNode plugin) {
    JsonNode balancer = Keys.BALANCER.from(plugin);
    return new Balancing.Choosing(
        Balancing.Algorithm.valueOf(upperCase(Keys.ALGORITHM.text(balancer))),
        Balancing.HashOn.valueOf(upperCase(Keys.HASH_ON.text(balancer))),
        Keys.HASH_KEY.given(balancer).map(JsonNode::asText).orElse(""),
        Keys.BALANCE_FACTOR
            .given(balancer)
            .map(factor -> OptionalInt.of(factor.intValue()))
            .orElse(OptionalInt.empty()),
        names(balancer),
        SemanticOptions.apply(plugin)
            ? Optional.of(SemanticOptions.read(plugin, transport(plugin)))
            : Optional.empty());
  }

  private static Balancing.Names names(JsonNode balancer) {
    Map<String, String> aliases = new LinkedHashMap<>();
    Keys.ALIASES.from(balancer).forEachEntry((alias, model) -> aliases.put(alias, model.asText()));
    return new Balancing.Names(aliases, Keys.DEFAULT_MODEL.given(balancer).map(JsonNode::asText));
  }

  /**
   * The settings of an upstream.
   *
   * @param upstream what is its own
   * @param plugin what all upstreams of the route share; the same if there is only one
   */
  private AiProxy aiProxy(JsonNode upstream, JsonNode plugin) {
    Provider provider = providers.named(Keys.PROVIDER.text(upstream)).orElseThrow();
    JsonNode override = Keys.OVERRIDE.from(upstream);
    Optional<Endpoint> endpoint = endpoint(override, Keys.ENDPOINT);
    Optional<Provider> form = endpoint.flatMap(at -> provider.behind(at.path()));
    return new AiProxy(
        form.orElse(provider),
        auth(upstream),
        providerConf(Keys.PROVIDER_CONF.from(upstream)),
        object(Keys.OPTIONS.from(upstream)),
        override(override, form.isPresent() ? endpoint.map(Endpoint::withoutPath) : endpoint),
        new Logging(
            Keys.SUMMARIES.flag(Keys.LOGGING.from(plugin)),
            Keys.PAYLOADS.flag(Keys.LOGGING.from(plugin))),
        timeouts(plugin),
        limits(plugin),
        streaming(plugin),
        forwardHeaders(Keys.FORWARD_HEADERS.from(plugin)),
        transport(plugin),
        new Models(models(upstream), Keys.MODELS_ENDPOINT.flag(plugin)));
  }

  /** The models that an upstream serves: those that it lists, else the only one that it can be asked for. */
  static List<String> models(JsonNode upstream) {
    return Keys.MODELS
        .given(upstream)
        .map(Assembly::texts)
        .or(() ->
            Keys.MODEL.given(Keys.OPTIONS.from(upstream)).map(model -> List.of(model.asText())))
        .orElse(List.of());
  }

  private Auth auth(JsonNode plugin) {
    JsonNode auth = Keys.AUTH.from(plugin);
    return new Auth(
        secrets(Keys.HEADER.from(auth)),
        secrets(Keys.QUERY.from(auth)),
        Keys.AUTHORITIES.stream()
            .filter(key -> key.given(auth).isPresent())
            .findFirst()
            .map(key -> new Auth.Method(
                authorities.named(key.name()).orElseThrow(), settings(plugin, key, environment))));
  }

  /** What a plugin says to an authority. */
  static AuthSettings settings(JsonNode plugin, Key authority, Environment environment) {
    JsonNode said = authority.from(Keys.AUTH.from(plugin));
    Map<String, String> members = new LinkedHashMap<>();
    if (authority.shape() instanceof Shape.Members shape) {
      shape.keys().values().stream()
          .filter(key -> !key.from(said).isMissingNode())
          .forEach(key -> members.put(key.name(), key.text(said)));
    }
    return new AuthSettings(
        members, providerConf(Keys.PROVIDER_CONF.from(plugin)), environment::variable);
  }

  private static Map<String, String> providerConf(JsonNode conf) {
    Map<String, String> members = new LinkedHashMap<>();
    conf.forEachEntry((name, value) -> members.put(name, value.asText()));
    return members;
  }

  private static Overrides override(JsonNode override, Optional<Endpoint> endpoint) {
    JsonNode maxTokens = Keys.MAX_TOKENS.from(Keys.LLM_OPTIONS.from(override));
    Map<String, ObjectNode> requestBody = new LinkedHashMap<>();
    Keys.REQUEST_BODY
        .from(override)
        .forEachEntry((protocol, members) -> requestBody.put(protocol, object(members)));
    return new Overrides(
        endpoint,
        maxTokens.isNumber() ? OptionalInt.of(maxTokens.intValue()) : OptionalInt.empty(),
        requestBody,
        Keys.FORCE.flag(override),
        Keys.PROTOCOL.given(override).map(JsonNode::asText),
        Keys.STRICT_TRANSLATION.flag(override));
  }

  private static Timeouts timeouts(JsonNode plugin) {
    return new Timeouts(
        orTimeout(plugin, Keys.FIRST_BYTE_TIMEOUT),
        orTimeout(plugin, Keys.IDLE_TIMEOUT),
        Keys.REQUEST_TIMEOUT.millis(plugin),
        Keys.BODY_TIMEOUT.millis(plugin));
  }

  private static Limits limits(JsonNode plugin) {
    JsonNode maxResponse = Keys.MAX_RESPONSE.from(plugin);
    return new Limits(
        Keys.MAX_REQUEST.whole(plugin),
        maxResponse.isNumber() ? OptionalLong.of(maxResponse.longValue()) : OptionalLong.empty(),
        Keys.MAX_STREAM.given(plugin).map(millis -> Duration.ofMillis(millis.longValue())),
        Keys.MAX_CONCURRENT.small(plugin));
  }

  private static Streaming streaming(JsonNode plugin) {
    return new Streaming(
        Keys.FLUSH_INTERVAL.millis(plugin),
        Keys.HEARTBEAT.millis(plugin),
        OnClientAbort.valueOf(Keys.ON_CLIENT_ABORT.text(plugin).toUpperCase(Locale.ROOT)),
        Keys.DRAIN_TIMEOUT.millis(plugin),
        Keys.DRAIN_BYTES.whole(plugin));
  }

  private static ForwardHeaders forwardHeaders(JsonNode forwarded) {
    return new ForwardHeaders(
        forwarded.isTextual(),
        new LinkedHashSet<>(texts(forwarded).stream().map(Assembly::lowerCase).toList()));
  }

  private Transport transport(JsonNode plugin) {
    return new Transport(
        orTimeout(plugin, Keys.CONNECT_TIMEOUT),
        Keys.KEEPALIVE.flag(plugin),
        Keys.KEEPALIVE_TIMEOUT.millis(plugin),
        Keys.KEEPALIVE_POOL.small(plugin),
        Keys.POOL_SIZE.small(plugin),
        Keys.POOL_WAIT.millis(plugin),
        Keys.SSL_VERIFY.flag(plugin),
        Keys.CA_CERTIFICATES.given(plugin).map(file -> environment.locate(Path.of(file.asText()))),
        endpoint(plugin, Keys.PROXY));
  }

  private static Duration orTimeout(JsonNode plugin, Key key) {
    return key.given(plugin).isPresent() ? key.millis(plugin) : Keys.TIMEOUT.millis(plugin);
  }

  private static Optional<Endpoint> endpoint(JsonNode object, Key key) {
    return key.given(object).map(text -> Endpoint.parse(text.asText()));
  }

  private static List<String> oneOrMany(JsonNode route, Key one, Key many) {
    return one.given(route)
        .map(text -> List.of(text.asText()))
        .orElseGet(() -> texts(many.from(route)));
  }

  static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(item -> texts.add(item.asText()));
    return texts;
  }

  static Map<String, Secret> secrets(JsonNode object) {
    Map<String, Secret> secrets = new LinkedHashMap<>();
    object.forEachEntry((name, value) -> secrets.put(name, Secret.of(value.asText())));
    return secrets;
  }

  private static ObjectNode object(JsonNode value) {
    return value instanceof ObjectNode object ? object : JsonNodeFactory.instance.objectNode();
  }

  private static String upperCase(String text) {
    return text.toUpperCase(Locale.ROOT);
  }

  private static String lowerCase(String text) {
    return text.toLowerCase(Locale.ROOT);
  }
}
