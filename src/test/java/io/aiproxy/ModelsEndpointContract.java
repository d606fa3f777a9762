package io.aiproxy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.aiproxy.testing.ScriptedUpstream;
import io.aiproxy.testing.ServletContainer;
import io.aiproxy.testing.Settings;
import io.aiproxy.testing.Stage;
import io.aiproxy.testing.WireClient;
import io.aiproxy.testing.WireClient.Answer;
import jakarta.servlet.ServletException;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a route tells of its models, in every servlet container. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ModelsEndpointContract {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String ROUTES = """
      [{'uri':'/*','plugins':{'ai-proxy-multi':{'models_endpoint':true,
      'balancer':{'algorithm':'model','aliases':{'fast \\"ä\\"':'b'}},'instances':[
      {'name':'one','weight':1,'provider':'openai','auth':{},'models':['a','b'],'override':{'endpoint':'%1$s'}},
      {'name':'two','weight':1,'provider':'anthropic','auth':{},'models':['b','team/models/c'],'override':{'endpoint':'%1$s'}},
      {'name':'three','weight':1,'provider':'cohere','auth':{},'options':{'model':'d'},'override':{'endpoint':'%1$s'}}]}}},
      {'uri':'/single/*','plugins':{'ai-proxy':{'models_endpoint':true,'provider':'openai','auth':{},'options':{'model':'only'},
      'override':{'endpoint':'%1$s'}}}}]""";

  private final Stage stage = new Stage();
  private ServletContainer container;
  private ScriptedUpstream upstream;
  private Gateway gateway;

  /** Starts the container. */
  abstract ServletContainer open(Stage staged, Duration idle);

  @BeforeAll
  void start() {
    container = open(stage, Duration.ofSeconds(30));
  }

  @AfterAll
  void stop() {
    container.close();
  }

  @BeforeEach
  void openGateway() throws ServletException {
    upstream = ScriptedUpstream.open().answers(turn -> turn.json("{\"from\":\"upstream\"}"));
    gateway = Gateway.open(Settings.configuration(ROUTES.formatted(upstream.url())));
    AiProxyFilter filter = new AiProxyFilter(gateway);
    filter.init(stage.config());
    stage.has(filter);
  }

  @AfterEach
  void closeGateway() {
    gateway.close();
    upstream.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v1/models", "/models", "/v1/models/", "/llm/v1/models?limit=1"})
  void listsWhatTheRouteServes(String path) throws IOException {
    Answer got = get(path);

    JsonNode list = JSON.readTree(got.body());
    assertThat(got.status()).isEqualTo(200);
    assertThat(got.header("content-type")).startsWith("application/json");
    assertThat(list.path("object").asText()).isEqualTo("list");
    assertThat(list.path("data").findValuesAsText("id"))
        .containsExactly("a", "b", "team/models/c", "d", "fast \"ä\"");
    assertThat(list.path("data").findValuesAsText("owned_by"))
        .containsExactly("openai", "openai", "anthropic", "cohere", "openai");
    assertThat(list.path("data")).allSatisfy(model -> {
      assertThat(model.path("object").asText()).isEqualTo("model");
      assertThat(model.path("created").isIntegralNumber()).isTrue();
      assertThat(model).hasSize(4);
    });
    assertThat(upstream.requests()).isEmpty();
    assertThat(stage.attributes())
        .containsEntry("llm_outcome", "completed")
        .containsEntry("llm_attempts", "0")
        .doesNotContainKeys("llm_instance", "upstream_status");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "team/models/c", "fast%20%22%C3%A4%22"})
  void showsOneModel(String id) throws IOException {
    Answer got = get("/v1/models/" + id);

    assertThat(got.status()).isEqualTo(200);
    assertThat(JSON.readTree(got.body()).path("id").asText())
        .isEqualTo(id.replace("%20", " ").replace("%22", "\"").replace("%C3%A4", "ä"));
  }

  @Test
  void doesNotFindAModelThatNobodyServes() throws IOException {
    Answer got = get("/v1/models/x");

    JsonNode error = JSON.readTree(got.body()).path("error");
    assertThat(got.status()).isEqualTo(404);
    assertThat(error.path("code").asText()).isEqualTo("model_not_found");
    assertThat(error.path("type").asText()).isEqualTo("invalid_request_error");
    assertThat(error.path("param").asText()).isEqualTo("model");
    assertThat(stage.attributes()).containsEntry("llm_outcome", "model_not_found");
  }

  @Test
  void answersAHeadWithTheLengthAlone() {
    int length = get("/v1/models").body().length;

    try (WireClient client = WireClient.to(container.port())) {
      client.raw("HEAD /v1/models HTTP/1.1\r\nHost: a\r\n\r\n").head();
      assertThat(client.status()).isEqualTo(200);
      assertThat(client.headers().first("content-length")).contains(String.valueOf(length));
      // had there been a body, this would be it
      assertThat(
              client.raw("GET /v1/models/a HTTP/1.1\r\nHost: a\r\n\r\n").head().status())
          .isEqualTo(200);
    }
  }

  @Test
  void tellsOfTheOnlyModelOfARouteWithOneUpstream() throws IOException {
    assertThat(JSON.readTree(get("/single/v1/models").body()).at("/data/0/id").asText())
        .isEqualTo("only");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /v1/files",
        "GET /v1/modelsettings",
        "GET /v1beta/models",
        "DELETE /v1/models/a",
        "POST /single/v1/models"
      })
  void letsAllElseThrough(String line) {
    String[] parts = line.split(" ", -1);
    String body = parts[0].equals("POST") ? "{\"a\":1}" : "";

    Answer got;
    try (WireClient client = WireClient.to(container.port())) {
      got = client.send(parts[0], parts[1], body).answer();
    }

    assertThat(got.text()).isEqualTo("{\"from\":\"upstream\"}");
  }

  private Answer get(String path) {
    try (WireClient client = WireClient.to(container.port())) {
      return client.raw("GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n").answer();
    }
  }
}
