package io.aiproxy.config;

import com.fasterxml.jackson.databind.JsonNode;
import io.aiproxy.auth.Authorities;
import io.aiproxy.auth.Authority;
import io.aiproxy.provider.Provider;
import io.aiproxy.provider.Providers;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** What a configuration must be beyond the shape of its keys. */
final class Rules {
  /** They say how a message is framed or what one connection does, which is the transport's own affair. */
  private static final Set<String> FRAMING = Set.of(
      "connection",
      "content-length",
      "expect",
      "keep-alive",
      "proxy-connection",
      "te",
      "trailer",
      "transfer-encoding",
      "upgrade");

  /** Providers that let nobody in without a credential of theirs, and the key that asks for it. */
  private static final Map<String, Key> LET_IN = Map.of("bedrock", Keys.AWS);

  private static final Pattern IN_BRACES = Pattern.compile("\\{([a-z_]+)}");

  private final Providers providers;
  private final Authorities authorities;
  private final Environment environment;

  Rules(Providers providers, Authorities authorities, Environment environment) {
    this.providers = providers;
    this.authorities = authorities;
    this.environment = environment;
  }

  void check(List<Checked> routes) {
    Set<String> ids = new HashSet<>();
    for (Checked route : routes) {
      if (!ids.add(route.id())) {
        route
            .place()
            .key(Keys.ID.name())
            .refuse("is another route's id already: " + Shown.text(route.id()));
      }
      check(route);
    }
  }

  private void check(Checked route) {
    if (!route.raw().isObject()) {
      return;
    }
    if (!route.raw().has(Keys.URI.name()) && !route.raw().has(Keys.URIS.name())) {
      route.place().key(Keys.URI.name()).refuse("is required, or uris");
    }
    notBoth(route, Keys.URI, Keys.URIS);
    notBoth(route, Keys.HOST, Keys.HOSTS);
    JsonNode plugins = Keys.PLUGINS.from(route.raw());
    if (plugins.isObject() && !plugins.has(Keys.PLUGIN.name()) && !route.isMulti()) {
      route.pluginPlace().refuse("is required, or ai-proxy-multi");
    }
    if (plugins.has(Keys.PLUGIN.name()) && route.isMulti()) {
      route.pluginPlace().refuse("cannot stand beside ai-proxy");
    }
    if (route.plugin().isObject()) {
      route.upstreams().stream()
          .filter(upstream -> upstream.read().isObject())
          .forEach(this::check);
      checkForwarded(route);
      checkCertificates(route);
      ModelRules.check(route);
    }
    if (route.isMulti() && route.plugin().isObject()) {
      checkNames(route);
      checkHash(route);
      checkHedging(route);
      SemanticOptions.check(route);
    }
  }

  private void check(Checked.Upstream upstream) {
    checkProvider(upstream);
    checkHeaders(upstream);
    checkAuthority(upstream);
    checkProbe(upstream);
  }

  /** A probe carries the credentials of its instance, which must not be read on the way. */
  private static void checkProbe(Checked.Upstream upstream) {
    JsonNode active = Keys.ACTIVE.from(Keys.CHECKS.from(upstream.read()));
    boolean open = Keys.CHECK_TYPE.text(active).equals("http")
        && Keys.CHECK_PORT.given(active).isEmpty()
        && endpoint(upstream).map(at -> at.scheme().equals("https")).orElse(true);
    if (open) {
      upstream
          .place()
          .key(Keys.CHECKS.name())
          .key(Keys.ACTIVE.name())
          .key(Keys.CHECK_TYPE.name())
          .refuse(
              "must be https or tcp, as the endpoint is https; or give the port of a probe by http");
    }
  }

  private static void checkNames(Checked route) {
    Map<String, Integer> places = new HashMap<>();
    JsonNode instances = Keys.INSTANCES.from(route.plugin());
    for (int i = 0; i < instances.size(); i++) {
      String name = Keys.NAME.text(instances.path(i));
      Integer other = places.putIfAbsent(name, i);
      if (other != null && !name.isEmpty()) {
        route
            .pluginPlace()
            .key(Keys.INSTANCES.name())
            .refuse("duplicate instance name '" + Shown.text(name) + "' at instances[" + other
                + "] and instances[" + i + "]");
      }
    }
  }

  private static void checkHash(Checked route) {
    JsonNode balancer = Keys.BALANCER.from(route.plugin());
    String hashOn = Keys.HASH_ON.text(balancer);
    if (Keys.ALGORITHM.text(balancer).equals("chash")
        && !hashOn.equals("cookie")
        && !hashOn.equals("consumer")
        && Keys.HASH_KEY.given(balancer).isEmpty()) {
      route
          .pluginPlace()
          .key(Keys.BALANCER.name())
          .refuse("must configure `hash_key` when balancer `hash_on` is not set to cookie:"
              + " here it is called key");
    }
  }

  /** A stream that the client was told of cannot be another's any more. */
  private static void checkHedging(Checked route) {
    Place place = route.pluginPlace().key(Keys.HEDGE_AFTER.name());
    Keys.HEDGE_AFTER.given(route.plugin()).ifPresent(after -> {
      if (Keys.HEDGE_AT_P95.flag(route.plugin())) {
        place.refuse("cannot stand beside " + Keys.HEDGE_AT_P95.name());
      }
      if (after.longValue() >= Keys.STREAM_HOLD.millis(route.plugin()).toMillis()) {
        place.refuse("must be less than " + Keys.STREAM_HOLD.name());
      }
    });
  }

  private static void notBoth(Checked route, Key one, Key many) {
    if (route.raw().has(one.name()) && route.raw().has(many.name())) {
      route.place().key(many.name()).refuse("cannot stand beside " + one.name());
    }
  }

  private void checkProvider(Checked.Upstream upstream) {
    Optional<String> name = Keys.PROVIDER.given(upstream.read()).map(JsonNode::asText);
    if (name.isEmpty()) {
      return;
    }
    Optional<Provider> provider = providers.named(name.get());
    if (provider.isEmpty()) {
      upstream
          .place()
          .key(Keys.PROVIDER.name())
          .refuse("must be one of " + String.join(", ", providers.names()) + "; was "
              + Shown.value(Keys.PROVIDER.from(upstream.raw())));
    } else if (provider.get().base().isEmpty()
        && !Keys.OVERRIDE.from(upstream.raw()).has(Keys.ENDPOINT.name())) {
      upstream
          .place()
          .key(Keys.OVERRIDE.name())
          .key(Keys.ENDPOINT.name())
          .refuse("is required for the provider " + name.get());
    } else {
      checkConf(upstream, provider.get());
      checkLetIn(upstream, name.get());
      Optional<Provider> form = endpoint(upstream).flatMap(at -> provider.get().behind(at.path()));
      checkProtocol(upstream, form.orElse(provider.get()));
    }
  }

  /** Who gives out credentials of its own is asked for one, unless configuration holds another. */
  private static void checkLetIn(Checked.Upstream upstream, String provider) {
    JsonNode auth = Keys.AUTH.from(upstream.raw());
    Optional.ofNullable(LET_IN.get(provider))
        .filter(key -> auth.isObject() && !auth.has(key.name()) && !auth.has(Keys.HEADER.name()))
        .ifPresent(key -> upstream
            .place()
            .key(Keys.AUTH.name())
            .refuse(provider + " requires auth." + key.name()
                + ", or a key of its own in auth.header"));
  }

  /** What stands in braces in the provider's address has to be known, unless configuration gives the address itself. */
  private static void checkConf(Checked.Upstream upstream, Provider provider) {
    Optional<Endpoint> endpoint = endpoint(upstream);
    if (endpoint.isEmpty() && Keys.OVERRIDE.from(upstream.raw()).has(Keys.ENDPOINT.name())) {
      return; // what is wrong with it was said, and nobody knows what it should have been
    }
    Set<String> needed = new LinkedHashSet<>();
    if (endpoint.isEmpty() || endpoint.get().path().isEmpty()) {
      provider.protocols().forEach(protocol -> needed.addAll(names(provider.path(protocol))));
    }
    if (endpoint.isEmpty()) {
      provider.base().ifPresent(base -> needed.addAll(names(base)));
    }
    needed.remove("model");
    if (!needed.stream().allMatch(Keys.PROVIDER_CONF.from(upstream.raw())::has)) {
      upstream
          .place()
          .key(Keys.PROVIDER_CONF.name())
          .refuse(provider.name() + " requires either provider_conf (" + String.join(" + ", needed)
              + ") or override.endpoint with a path");
    }
  }

  private static Optional<Endpoint> endpoint(Checked.Upstream upstream) {
    return Keys.ENDPOINT
        .given(Keys.OVERRIDE.from(upstream.read()))
        .map(text -> Endpoint.parse(text.asText()));
  }

  private static List<String> names(String template) {
    return IN_BRACES.matcher(template).results().map(found -> found.group(1)).toList();
  }

  private static void checkProtocol(Checked.Upstream upstream, Provider provider) {
    Keys.PROTOCOL
        .given(Keys.OVERRIDE.from(upstream.read()))
        .map(JsonNode::asText)
        .filter(protocol -> !provider.protocols().contains(protocol))
        .ifPresent(protocol -> upstream
            .place()
            .key(Keys.OVERRIDE.name())
            .key(Keys.PROTOCOL.name())
            .refuse("must be one that the provider " + provider.name() + " speaks: "
                + String.join(", ", provider.protocols())));
  }

  private static void checkHeaders(Checked.Upstream upstream) {
    checkHeaders(Keys.AUTH.from(upstream.read()), upstream.place().key(Keys.AUTH.name()));
  }

  /** Of what lets us in somewhere. */
  static void checkHeaders(JsonNode auth, Place place) {
    Set<String> names = new HashSet<>();
    Place headers = place.key(Keys.HEADER.name());
    Keys.HEADER.from(auth).fieldNames().forEachRemaining(name -> {
      if (!names.add(name.toLowerCase(Locale.ROOT))) {
        headers.key(name).refuse("is given twice: the case of a header's name does not count");
      }
      checkNotFraming(name, headers.key(name));
    });
  }

  private static void checkForwarded(Checked route) {
    JsonNode forwarded = Keys.FORWARD_HEADERS.from(route.plugin());
    for (int i = 0; i < forwarded.size(); i++) {
      checkNotFraming(
          forwarded.get(i).asText(),
          route.pluginPlace().key(Keys.FORWARD_HEADERS.name()).item(i));
    }
  }

  private static void checkNotFraming(String header, Place place) {
    if (FRAMING.contains(header.toLowerCase(Locale.ROOT))) {
      place.refuse("must not be configured: the gateway sets it itself");
    }
  }

  private void checkAuthority(Checked.Upstream upstream) {
    JsonNode auth = Keys.AUTH.from(upstream.raw());
    List<Key> given =
        Keys.AUTHORITIES.stream().filter(key -> auth.has(key.name())).toList();
    Place place = upstream.place().key(Keys.AUTH.name());
    given.stream()
        .skip(1)
        .forEach(key ->
            place.key(key.name()).refuse("cannot stand beside " + given.get(0).name()));
    given.stream().limit(1).filter(key -> auth.get(key.name()).isObject()).forEach(key -> {
      Place at = place.key(key.name());
      authorities
          .named(key.name())
          .ifPresentOrElse(
              authority -> checkAuthority(authority, key, upstream, at),
              () -> at.refuse(
                  "is not known to this gateway: nothing on the class path gives out its credentials"));
    });
  }

  private void checkAuthority(
      Authority authority, Key key, Checked.Upstream upstream, Place place) {
    if (!authority.available()) {
      place.refuse("needs the library " + authority.library()
          + " on the class path, beside the gateway's own");
      return;
    }
    authority.check(
        Assembly.settings(upstream.read(), key, environment),
        (name, fault) -> (name.isEmpty() ? place : place.key(name)).refuse(fault));
  }

  private void checkCertificates(Checked route) {
    Place place = route.pluginPlace().key(Keys.CA_CERTIFICATES.name());
    Keys.CA_CERTIFICATES.given(route.plugin()).ifPresent(file -> {
      try {
        byte[] pem = environment.file(Path.of(file.asText()));
        if (CertificateFactory.getInstance("X.509")
            .generateCertificates(new ByteArrayInputStream(pem))
            .isEmpty()) {
          place.refuse("must name a PEM file that holds certificates; this one holds none");
        }
      } catch (IOException | InvalidPathException e) {
        place.refuse("must name a PEM file that can be read, was "
            + Shown.value(Keys.CA_CERTIFICATES.from(route.rawPlugin())));
      } catch (CertificateException e) {
        place.refuse("must name a PEM file of certificates; one of them cannot be read");
      }
    });
  }
}
