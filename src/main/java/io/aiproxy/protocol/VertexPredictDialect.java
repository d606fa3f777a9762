package io.aiproxy.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aiproxy.call.Problem;
import io.aiproxy.neutral.Embedding;
import io.aiproxy.neutral.EmbeddingRequest;
import io.aiproxy.neutral.EmbeddingRequest.Input;
import io.aiproxy.neutral.EmbeddingResponse;
import io.aiproxy.neutral.EmbeddingResponse.Vector;
import io.aiproxy.neutral.Given;
import io.aiproxy.neutral.Losses;
import io.aiproxy.neutral.Origin;
import io.aiproxy.usage.Usage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Text embeddings as Vertex AI predicts them (Google's API description, {@code TextEmbeddingPredictionInstance}). The model
 * is in the address.
 */
final class VertexPredictDialect implements Embedding {
  private static final String NAME = "vertex-predict";
  private static final String PARAMETERS = "parameters.";
  private static final Set<String> MEMBERS = Set.of("instances", "parameters");
  private static final Set<String> INSTANCE = Set.of("content", "task_type", "title");

  @Override
  public String protocol() {
    return NAME;
  }

  @Override
  public EmbeddingRequest request(ObjectNode body, String model, boolean stream) {
    List<Input> inputs = new ArrayList<>();
    for (JsonNode instance : body.path("instances")) {
      String path = "instances[" + inputs.size() + "]";
      if (!(instance instanceof ObjectNode object) || !object.path("content").isTextual()) {
        throw Problem.of(Problem.Kind.INVALID_REQUEST, path + ".content must be a string")
            .at(path);
      }
      inputs.add(new Input(
          object.path("content").asText(),
          given(object, path, "task_type"),
          given(object, path, "title"),
          Origin.of(NAME, path, object, INSTANCE)));
    }
    JsonNode parameters = body.path("parameters");
    return new EmbeddingRequest(
        model,
        inputs,
        false,
        given(parameters, "parameters", "outputDimensionality"),
        false,
        Optional.empty(),
        new Origin(NAME, "", rest(body, parameters)));
  }

  /** Members of parameters lie beside the others, by their path. */
  private static ObjectNode rest(ObjectNode body, JsonNode parameters) {
    ObjectNode rest = JsonNodeFactory.instance.objectNode();
    body.properties().stream()
        .filter(member -> !MEMBERS.contains(member.getKey()))
        .forEach(member -> rest.set(member.getKey(), member.getValue()));
    parameters.properties().stream()
        .filter(member -> !member.getKey().equals("outputDimensionality"))
        .forEach(member -> rest.set(PARAMETERS + member.getKey(), member.getValue()));
    return rest;
  }

  private static Optional<Given> given(JsonNode object, String path, String name) {
    return object.hasNonNull(name)
        ? Optional.of(new Given(path + "." + name, object.get(name)))
        : Optional.empty();
  }

  @Override
  public ObjectNode request(EmbeddingRequest request, Losses losses) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    ArrayNode instances = body.putArray("instances");
    for (Input input : request.inputs()) {
      ObjectNode instance = instances.addObject().put("content", input.text());
      input.task().ifPresent(given -> instance.set("task_type", given.value()));
      input.title().ifPresent(given -> instance.set("title", given.value()));
      input.origin().into(instance, NAME, losses);
    }
    ObjectNode rest = JsonNodeFactory.instance.objectNode();
    request.origin().into(rest, NAME, losses);
    rest.properties().forEach(member -> put(body, member.getKey(), member.getValue()));
    request
        .dimensions()
        .ifPresent(given -> put(body, PARAMETERS + "outputDimensionality", given.value()));
    request.user().ifPresent(given -> losses.drop(given.path()));
    return body;
  }

  private static void put(ObjectNode body, String path, JsonNode value) {
    if (path.startsWith(PARAMETERS)) {
      body.withObjectProperty("parameters").set(path.substring(PARAMETERS.length()), value);
    } else {
      body.set(path, value);
    }
  }

  @Override
  public EmbeddingResponse answer(ObjectNode body) {
    if (!body.path("predictions").isArray()) {
      throw Problem.of(Problem.Kind.UPSTREAM_BROKEN, "vertex response missing predictions");
    }
    List<Vector> vectors = new ArrayList<>();
    long tokens = 0;
    for (JsonNode prediction : body.path("predictions")) {
      JsonNode embeddings = prediction.path("embeddings");
      tokens += Usage.orZero(TokenCount.of(embeddings.path("statistics").path("token_count")));
      vectors.add(new Vector(Vectors.read(embeddings.path("values")), Origin.NONE));
    }
    return new EmbeddingResponse(
        "", vectors, VertexPredict.usage(Math.min(tokens, Usage.MOST)), Origin.NONE);
  }

  /** Tokens are told of each text, which other protocols do not: where there are several, the sum is at the first. */
  @Override
  public ObjectNode answer(EmbeddingResponse answer, EmbeddingRequest asked, Losses losses) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    ArrayNode predictions = body.putArray("predictions");
    long left = Usage.orZero(answer.usage().prompt());
    for (Vector vector : answer.vectors()) {
      ObjectNode embeddings = predictions.addObject().putObject("embeddings");
      embeddings.set("values", vector.values());
      embeddings.putObject("statistics").put("token_count", left).put("truncated", false);
      left = 0;
    }
    return body;
  }
}
