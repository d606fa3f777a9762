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

/** Embeddings as OpenAI's API description has them ({@code CreateEmbeddingRequest}). */
final class OpenAiEmbeddingsDialect implements Embedding {
  private static final String NAME = "openai-embeddings";
  private static final String BASE64 = "base64";
  private static final Set<String> REQUEST =
      Set.of("model", "input", "dimensions", "encoding_format", "user");

  @Override
  public String protocol() {
    return NAME;
  }

  @Override
  public EmbeddingRequest request(ObjectNode body, String model, boolean stream) {
    JsonNode input = body.path("input");
    return new EmbeddingRequest(
        model,
        inputs(input),
        input.isTextual(),
        given(body, "dimensions"),
        body.path("encoding_format").asText().equals(BASE64),
        given(body, "user"),
        Origin.of(NAME, "", body, REQUEST));
  }

  private static List<Input> inputs(JsonNode input) {
    if (input.isTextual()) {
      return List.of(input(input.asText(), "input"));
    }
    if (!input.isArray()) {
      throw Problem.of(Problem.Kind.INVALID_REQUEST, "`input` must be string or array")
          .at("input");
    }
    List<Input> inputs = new ArrayList<>();
    for (int i = 0; i < input.size(); i++) {
      if (!input.get(i).isTextual()) {
        throw Problem.of(
                Problem.Kind.INVALID_REQUEST,
                "unsupported input type at index " + i
                    + ": this model takes texts; tokens mean something to OpenAI's models alone")
            .at("input[" + i + "]");
      }
      inputs.add(input(input.get(i).asText(), "input[" + i + "]"));
    }
    return inputs;
  }

  private static Input input(String text, String path) {
    return new Input(
        text,
        Optional.empty(),
        Optional.empty(),
        new Origin(NAME, path, JsonNodeFactory.instance.objectNode()));
  }

  private static Optional<Given> given(ObjectNode body, String name) {
    return body.hasNonNull(name) ? Optional.of(new Given(name, body.get(name))) : Optional.empty();
  }

  @Override
  public ObjectNode request(EmbeddingRequest request, Losses losses) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    if (!request.model().isEmpty()) {
      body.put("model", request.model());
    }
    if (request.single() && request.inputs().size() == 1) {
      body.put("input", request.inputs().get(0).text());
    } else {
      ArrayNode input = body.putArray("input");
      request.inputs().forEach(each -> input.add(each.text()));
    }
    request.inputs().forEach(each -> {
      each.task().ifPresent(task -> losses.drop(task.path()));
      each.title().ifPresent(title -> losses.drop(title.path()));
      each.origin().into(JsonNodeFactory.instance.objectNode(), NAME, losses);
    });
    request.dimensions().ifPresent(given -> body.set("dimensions", given.value()));
    if (request.base64()) {
      body.put("encoding_format", BASE64);
    }
    request.user().ifPresent(given -> body.set("user", given.value()));
    request.origin().into(body, NAME, losses);
    return body;
  }

  @Override
  public EmbeddingResponse answer(ObjectNode body) {
    if (!body.path("data").isArray()) {
      throw Problem.of(Problem.Kind.UPSTREAM_BROKEN, "the upstream's answer holds no embeddings");
    }
    List<Vector> vectors = new ArrayList<>();
    for (JsonNode item : body.path("data")) {
      vectors.add(new Vector(Vectors.read(item.path("embedding")), Origin.NONE));
    }
    long tokens = TokenCount.of(body.path("usage").path("prompt_tokens"));
    return new EmbeddingResponse(
        body.path("model").asText(),
        vectors,
        tokens == Usage.ABSENT ? Usage.NONE : VertexPredict.usage(tokens),
        Origin.of(NAME, "", body, Set.of("data", "model", "usage", "object")));
  }

  @Override
  public ObjectNode answer(EmbeddingResponse answer, EmbeddingRequest asked, Losses losses) {
    ObjectNode body = JsonNodeFactory.instance.objectNode().put("object", "list");
    ArrayNode data = body.putArray("data");
    for (int i = 0; i < answer.vectors().size(); i++) {
      ObjectNode item = data.addObject().put("object", "embedding").put("index", i);
      Vector vector = answer.vectors().get(i);
      if (asked.base64()) {
        item.put("embedding", Vectors.base64(vector.values()));
      } else {
        item.set("embedding", vector.values());
      }
      vector.origin().into(item, NAME, losses);
    }
    body.put("model", answer.model().isEmpty() ? asked.model() : answer.model());
    long tokens = Usage.orZero(answer.usage().prompt());
    body.putObject("usage").put("prompt_tokens", tokens).put("total_tokens", tokens);
    answer.origin().into(body, NAME, losses);
    return body;
  }
}
