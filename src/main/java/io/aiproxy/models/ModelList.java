package io.aiproxy.models;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aiproxy.call.Body;
import io.aiproxy.call.Call;
import io.aiproxy.call.Handler;
import io.aiproxy.call.Headers;
import io.aiproxy.call.Layer;
import io.aiproxy.call.Problem;
import io.aiproxy.call.Reply;
import io.aiproxy.config.Instance;
import io.aiproxy.config.Route;
import io.aiproxy.json.Mappers;
import io.aiproxy.json.WellFormed;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Tells clients which models a route serves, in the shape of OpenAI's {@code GET /v1/models} and {@code /v1/models/{id}}
 * (OpenAI's API description, {@code Model}); nobody is asked. All else goes on.
 */
public final class ModelList implements Layer {
  /** With any beginning but Google's, whose own lists are of another shape. */
  private static final Pattern PATH =
      Pattern.compile("(?:/(?!v1(?:alpha|beta)|projects/)[^/]+)*?/models(?:/(?<id>.*))?");

  private static final Set<String> METHODS = Set.of("GET", "HEAD");
  private static final Headers JSON_TYPE =
      Headers.builder().add("Content-Type", "application/json").build();
  private static final JsonMapper JSON = Mappers.mapper().build();

  private final Map<String, ObjectNode> models = new LinkedHashMap<>();
  private final byte[] list;

  /**
   * Of a route.
   *
   * @param since when it began to serve them
   */
  public ModelList(Route route, Instant since) {
    for (Instance instance : route.instances()) {
      String owner = instance.settings().provider().name();
      instance
          .settings()
          .models()
          .names()
          .forEach(id -> models.putIfAbsent(id, model(id, owner, since)));
    }
    route
        .balancing()
        .ifPresent(balancing -> balancing
            .choosing()
            .names()
            .aliases()
            .forEach((alias, meant) -> Optional.ofNullable(models.get(meant))
                .map(model -> model.path("owned_by").asText())
                .ifPresent(owner -> models.putIfAbsent(alias, model(alias, owner, since)))));
    ObjectNode all = JsonNodeFactory.instance.objectNode().put("object", "list");
    all.putArray("data").addAll(models.values());
    list = WellFormed.bytes(JSON, all);
  }

  private static ObjectNode model(String id, String owner, Instant since) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("id", id)
        .put("object", "model")
        .put("created", since.getEpochSecond())
        .put("owned_by", owner);
  }

  @Override
  public Reply handle(Call call, Handler next) {
    Matcher path = PATH.matcher(call.path());
    if (!METHODS.contains(call.method()) || !path.matches()) {
      return next.handle(call);
    }
    String id = Optional.ofNullable(path.group("id")).orElse("");
    return new Reply(200, JSON_TYPE, Body.of(id.isEmpty() ? list.clone() : bytes(id)));
  }

  private byte[] bytes(String id) {
    JsonNode model = Optional.ofNullable(models.get(id))
        .orElseThrow(() -> Problem.of(Problem.Kind.MODEL_NOT_FOUND, "nobody serves that model here")
            .at("model"));
    return WellFormed.bytes(JSON, model);
  }
}
