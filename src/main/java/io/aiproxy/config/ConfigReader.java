package io.aiproxy.config;

import com.fasterxml.jackson.databind.JsonNode;
import io.aiproxy.auth.Authorities;
import io.aiproxy.provider.Providers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Reads a configuration: checks all of it, follows its references, and reports everything that is wrong at once. What it
 * reports holds no credential. Has no state; safe for all threads.
 *
 * <p>Strings may hold references, wherever they are: <code>${NAME}</code> and <code>${NAME:-default}</code> inside of a text; as
 * the whole string {@code $env://NAME}, {@code $env://NAME/key} for a member of a variable that holds a JSON object, and
 * {@code $file://path} for what a file holds, less a line break at its end. A variable that is empty counts as missing. What a
 * reference stands for is not searched again; <code>${x:-$}{</code> is a literal <code>${</code>.
 */
public final class ConfigReader {
  private final Providers providers;
  private final Authorities authorities;
  private final Environment environment;

  /**
   * Reads nothing yet.
   *
   * @param providers those that a configuration can name
   * @param environment where references lead
   */
  public ConfigReader(Providers providers, Environment environment) {
    this(providers, Authorities.installed(), environment);
  }

  /** The same, with authorities of one's own instead of those that are installed. */
  public ConfigReader(Providers providers, Authorities authorities, Environment environment) {
    this.providers = providers;
    this.authorities = authorities;
    this.environment = environment;
  }

  /**
   * Reads the text of a file: {@code {"routes": [...]}}, a route by itself, or an array of routes.
   *
   * @throws BadConfiguration with the paths of what is wrong, from the top of the file
   */
  public Configuration read(byte[] json) throws BadConfiguration {
    return configuration(JsonText.parse(json), new Faults(""));
  }

  /**
   * Reads the init-params of one filter, which make one route. Their names are the keys of the plugin, with dots between a key
   * and those inside it ({@code auth.header.Authorization}, {@code options.model}, {@code timeout}), and the keys of the route
   * ({@code uri}, {@code methods}, {@code hosts}, ...). Lists are written with commas, objects as JSON. A value inside of
   * {@code options} or {@code override.request_body} is JSON if it can be read as JSON, and a string otherwise. Without a
   * {@code uri} the route takes whatever the filter is mapped to.
   *
   * @param initParams those of the route and no others
   * @param routeId the route's id, if no init-param says another; what an id cannot hold becomes a hyphen
   * @throws BadConfiguration with the names of the init-params that are wrong
   */
  public Configuration read(Map<String, String> initParams, String routeId)
      throws BadConfiguration {
    return configuration(InitParams.route(initParams, routeId), new Faults(InitParams.PLUGIN_PATH));
  }

  private Configuration configuration(JsonNode top, Faults faults) throws BadConfiguration {
    List<Checked> routes = checked(top, Place.top(new References(environment), faults));
    new Rules(providers, authorities, environment).check(routes);
    faults.throwIfAny();
    Assembly assembly = new Assembly(providers, authorities, environment);
    return new Configuration(
        routes.stream().filter(Checked::isOn).map(assembly::route).toList());
  }

  private static List<Checked> checked(JsonNode top, Place place) {
    if (top.isArray()) {
      return each(top, new Shape.Items(Keys.ROUTE).read(top, place), place);
    }
    if (top.has(Keys.PLUGINS.name()) || top.has(Keys.URI.name()) || top.has(Keys.URIS.name())) {
      return List.of(new Checked(0, top, Keys.ROUTE.read(top, place), place));
    }
    if (top.isObject()) {
      JsonNode file = Keys.FILE.read(top, place);
      String routes = Keys.ROUTES.name();
      return each(top.path(routes), file.path(routes), place.key(routes));
    }
    place.refuse(
        "must be an object with routes, a route, or an array of routes; was " + Shown.kind(top));
    return List.of();
  }

  private static List<Checked> each(JsonNode raw, JsonNode read, Place place) {
    List<Checked> routes = new ArrayList<>();
    for (int i = 0; i < read.size(); i++) {
      routes.add(new Checked(i, raw.get(i), read.get(i), place.item(i)));
    }
    return routes;
  }
}
