package io.aiproxy.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;

/** What must hold of the models that a route serves, and of the names that clients have for them. */
final class ModelRules {
  private static final String GET = "GET";
  private static final String ALGORITHM = "model";

  private final Checked route;
  private final Set<String> served = new LinkedHashSet<>();

  private ModelRules(Checked route) {
    this.route = route;
    route.upstreams().forEach(upstream -> served.addAll(Assembly.models(upstream.read())));
  }

  static void check(Checked route) {
    ModelRules rules = new ModelRules(route);
    route.upstreams().forEach(ModelRules::checkEachOnce);
    if (Keys.MODELS_ENDPOINT.flag(route.plugin())) {
      rules.checkEndpoint();
    }
    if (route.isMulti()) {
      rules.checkNames(Keys.BALANCER.from(route.plugin()));
    }
  }

  private static void checkEachOnce(Checked.Upstream upstream) {
    Set<String> names = new HashSet<>();
    JsonNode models = Keys.MODELS.from(upstream.read());
    for (int i = 0; i < models.size(); i++) {
      String name = models.get(i).asText();
      if (!names.add(name) && !name.isEmpty()) {
        upstream
            .place()
            .key(Keys.MODELS.name())
            .item(i)
            .refuse("is there already: "
                + Shown.value(Keys.MODELS.from(upstream.raw()).path(i)));
      }
    }
  }

  private void checkEndpoint() {
    Place place = route.pluginPlace().key(Keys.MODELS_ENDPOINT.name());
    JsonNode methods = Keys.METHODS.from(route.read());
    if (served.isEmpty()) {
      place.refuse("needs models to tell of: list them in models, or set options.model");
    }
    if (!methods.isEmpty() && !holds(methods, GET)) {
      route.place().key(Keys.METHODS.name()).refuse("must have GET for models_endpoint");
    }
  }

  private static boolean holds(JsonNode array, String text) {
    for (JsonNode item : array) {
      if (item.asText().equals(text)) {
        return true;
      }
    }
    return false;
  }

  private void checkNames(JsonNode balancer) {
    Place place = route.pluginPlace().key(Keys.BALANCER.name());
    if (!Keys.ALGORITHM.text(balancer).equals(ALGORITHM)) {
      refuseIfGiven(Keys.ALIASES, balancer, place);
      refuseIfGiven(Keys.DEFAULT_MODEL, balancer, place);
      return;
    }
    if (served.isEmpty()) {
      route
          .pluginPlace()
          .key(Keys.INSTANCES.name())
          .refuse("must have one with models, since balancer.algorithm goes by them");
      return;
    }
    JsonNode aliases = Keys.ALIASES.from(balancer);
    aliases.forEachEntry((alias, model) -> checkAlias(alias, model.asText(), place));
    Keys.DEFAULT_MODEL
        .given(balancer)
        .filter(model -> !served.contains(model.asText()) && !aliases.has(model.asText()))
        .ifPresent(model -> place
            .key(Keys.DEFAULT_MODEL.name())
            .refuse("must be a model that an instance lists, or an alias; was "
                + Shown.value(Keys.DEFAULT_MODEL.from(written()))));
  }

  private static void refuseIfGiven(Key key, JsonNode balancer, Place place) {
    if (key.given(balancer).isPresent()) {
      place.key(key.name()).refuse("is for the algorithm model alone");
    }
  }

  private void checkAlias(String alias, String model, Place balancer) {
    Place place = balancer.key(Keys.ALIASES.name()).key(alias);
    if (!served.contains(model)) {
      place.refuse("must be a model that an instance lists; was "
          + Shown.value(Keys.ALIASES.from(written()).path(alias)));
    }
    if (served.contains(alias)) {
      place.refuse("is a model that an instance lists, and cannot be another one's name too");
    }
  }

  /** As it stands in the file: what a reference leads to is not shown. */
  private JsonNode written() {
    return Keys.BALANCER.from(route.rawPlugin());
  }
}
