package io.aiproxy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aiproxy.testing.JettyContainer;
import io.aiproxy.testing.ScriptedUpstream;
import io.aiproxy.testing.Settings;
import io.aiproxy.testing.Stage;
import io.aiproxy.testing.WireClient;
import io.aiproxy.testing.WireClient.Answer;
import jakarta.servlet.ServletException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How the models of clients find their instances, and under which names. */
class ModelRoutingTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final Pattern EXAMPLE =
      Pattern.compile("told to clients:\n\n```json\n(.*?)```", Pattern.DOTALL);
  private static final Duration IDLE = Duration.ofSeconds(30);

  private static final String ROUTE = """
      {'uri':'/*','plugins':{'ai-proxy-multi':{'balancer':{%s'algorithm':'model','aliases':{'alias':'real'}},'instances':[
      {'name':'other','weight':1,'provider':'%s','auth':{'header':{'X-Key':'k'}},'models':['other'],'override':{'endpoint':'%s'}},
      {'name':'real','weight':1,'provider':'%s','auth':{'header':{'X-Key':'k'}},'models':['real'],'override':{'endpoint':'%s'}}]}}}
      """;

  private final Stage stage = new Stage();
  private final ScriptedUpstream upstream =
      ScriptedUpstream.open().answers(turn -> turn.status(418).json("{}"));
  private final JettyContainer container = JettyContainer.open(stage, IDLE);

  @AfterEach
  void close() {
    container.close();
    upstream.close();
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
      openai    | /v1/chat/completions | {'model':'alias','messages':[]} | /v1/chat/completions | {'model':'real','messages':[]}
      openai    | /v1/responses        | {'input':'Hi', 'model' : 'alias'} | /v1/responses | {'input':'Hi', 'model' : 'real'}
      openai    | /v1/completions      | {'prompt':'Hi','model':'alias'} | /v1/completions | {'prompt':'Hi','model':'real'}
      openai    | /v1/embeddings       | {'input':'Hi','model':'alias'}  | /v1/embeddings  | {'input':'Hi','model':'real'}
      openai    | /v1/images/generations | {'prompt':'Hi','model':'alias'} | /v1/images/generations  | {'prompt':'Hi','model':'real'}
      anthropic | /v1/messages         | {'model':'alias','max_tokens':1,'messages':[{'role':'user','content':'Hi'}]} | /v1/messages | {'model':'real','max_tokens':1,'messages':[{'role':'user','content':'Hi'}]}
      anthropic | /v1/messages/count_tokens | {'model':'alias','messages':[{'role':'user','content':'Hi'}]} | /v1/messages/count_tokens | {'model':'real','messages':[{'role':'user','content':'Hi'}]}
      gemini    | /v1beta/models/alias:generateContent | {'contents':[{}]} | /v1beta/models/real:generateContent | {'contents':[{}]}
      gemini    | /v1beta/models/alias:streamGenerateContent?alt=sse | {'contents':[{}]} | /v1beta/models/real:streamGenerateContent?alt=sse | {'contents':[{}]}
      gemini    | /v1beta/models/alias:embedContent | {'model':'models/alias','content':{}} | /v1beta/models/real:embedContent | {'content':{}}
      gemini    | /v1beta/models/alias:batchEmbedContents | {'requests':[{'model':'models/alias','content':{}}, {'content':{}}]} | /v1beta/models/real:batchEmbedContents | {'requests':[{'model':'models/real','content':{}}, {'content':{}}]}
      bedrock   | /model/alias/converse | {'messages':[]}                | /model/real/converse | {'messages':[]}
      bedrock   | /model/alias/converse-stream | {'messages':[]}         | /model/real/converse-stream | {'messages':[]}
      bedrock   | /converse            | {'messages':[],'model':'alias'} | /model/real/converse | {'messages':[]}
      cohere    | /v2/chat             | {'messages':[],'model':'alias'} | /v2/chat        | {'messages':[],'model':'real'}
      cohere    | /v1/chat             | {'message':'Hi','model':'alias'} | /v1/chat       | {'message':'Hi','model':'real'}
      ollama    | /api/chat            | {'messages':[],'model':'alias'} | /api/chat       | {'messages':[],'model':'real'}
      ollama    | /api/generate        | {'prompt':'Hi','model':'alias'} | /api/generate   | {'prompt':'Hi','model':'real'}
      bedrock   | /v1/chat/completions | {'model':'alias','messages':[]} | /model/real/converse | {'messages':[]}
      openai    | /v1beta/models/alias:generateContent | {'contents':[{'parts':[{'text':'Hi'}]}]} | /v1/chat/completions | {'model':'real','messages':[{'role':'user','content':[{'type':'text','text':'Hi'}]}]}
      """)
  void anAliasReachesTheUpstreamByItsRealName(
      String provider, String path, String body, String target, String sent) throws Exception {
    try (Gateway gateway = open(provider, "")) {
      post(path, body);
    }

    assertThat(upstream.request(0).target()).isEqualTo(target);
    assertThat(upstream.request(0).text()).isEqualTo(json(sent));
    assertThat(stage.attributes())
        .containsEntry("llm_instance", "real")
        .containsEntry("request_llm_model", "alias")
        .containsEntry("llm_model", "real");
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
      /v1/chat/completions | {'model':'x','messages':[]} | /error/code | model_not_found
      /v1/chat/completions | {'model':'x','messages':[]} | /error/param | model
      /v1/responses        | {'model':'x','input':''}    | /error/code | model_not_found
      /v1/messages         | {'model':'x','max_tokens':1,'messages':[{'role':'user','content':'Hi'}]} | /error/type | not_found_error
      /v1beta/models/x:generateContent | {'contents':[{}]} | /error/status | NOT_FOUND
      /model/x/converse    | {'messages':[]}             | /__type | ResourceNotFoundException
      """)
  void aModelThatNobodyServesIsNotFound(String path, String body, String at, String word)
      throws Exception {
    Answer got;
    try (Gateway gateway = open("openai", "")) {
      got = post(path, body);
    }

    assertThat(got.status()).isEqualTo(404);
    assertThat(JSON.readTree(got.body()).at(at).asText()).isEqualTo(word);
    assertThat(upstream.requests()).isEmpty();
    assertThat(stage.attributes())
        .containsEntry("llm_outcome", "model_not_found")
        .containsEntry("llm_attempts", "0")
        .containsEntry("request_llm_model", "x");
  }

  @ParameterizedTest
  @CsvSource({
    "openai,/v1/chat/completions,'{\"messages\":[]}',/v1/chat/completions",
    "openai,/v1/chat/completions,'{\"model\":\"x\",\"messages\":[]}',/v1/chat/completions",
    "bedrock,/converse,'{\"messages\":[]}',/model/real/converse"
  })
  void theDefaultTakesThePlaceOfAnUnknownModelAndOfNone(
      String provider, String path, String body, String target) throws Exception {
    try (Gateway gateway = open(provider, "'default_model':'alias',")) {
      post(path, body);
    }

    assertThat(upstream.request(0).target()).isEqualTo(target);
    assertThat(stage.attributes()).containsEntry("llm_model", "real");
  }

  @Test
  void worksAsTheReadmeSays() throws Exception {
    upstream.answersInTurn(
        turn -> turn.status(503).json("{}"), turn -> turn.json("{}"), turn -> turn.json("{}"));
    Answer models;
    try (Gateway gateway = serves(example())) {
      post("/v1/chat/completions", "{'model':'gpt-4o','messages':[]}");
      post("/v1/chat/completions", "{'model':'fast','messages':[]}");
      try (WireClient client = WireClient.to(container.port())) {
        models = client.send("GET", "/v1/models", "").answer();
      }
    }

    assertThat(upstream.requests())
        .extracting(request -> request.target() + " " + request.text())
        .containsExactlyInAnyOrder(
            "/openai/v1/chat/completions " + json("{'model':'my-deployment','messages':[]}"),
            "/v1/chat/completions " + json("{'model':'gpt-4o','messages':[]}"),
            "/v1/chat/completions " + json("{'model':'gpt-4o-mini','messages':[]}"));
    assertThat(JSON.readTree(models.body()).path("data").findValuesAsText("id"))
        .containsExactly("gpt-4o", "gpt-4o-mini", "fast");
  }

  /** The README's example, with the upstream in the place of the providers. */
  private String example() throws IOException {
    Matcher found = EXAMPLE.matcher(Files.readString(Path.of("README.md")));
    assertThat(found.find()).as("the README's example").isTrue();
    JsonNode route = JSON.readTree(found.group(1).replaceAll("\\$\\{[A-Z_]+}", "key"));
    for (JsonNode instance : route.at("/plugins/ai-proxy-multi/instances")) {
      ObjectNode override = ((ObjectNode) instance).withObjectProperty("override");
      String path = override.path("endpoint").asText().replaceFirst("https://[^/]*", "");
      override.put("endpoint", upstream.url() + path);
    }
    return route.toString();
  }

  private Gateway open(String provider, String balancer) throws ServletException {
    return serves(ROUTE.formatted(balancer, provider, upstream.url(), provider, upstream.url()));
  }

  private Gateway serves(String configuration) throws ServletException {
    Gateway gateway = Gateway.open(Settings.configuration(configuration));
    AiProxyFilter filter = new AiProxyFilter(gateway);
    filter.init(stage.config());
    stage.has(filter);
    return gateway;
  }

  private Answer post(String path, String body) {
    try (WireClient client = WireClient.to(container.port())) {
      return client.post(path, json(body)).answer();
    }
  }

  private static String json(String text) {
    return text.replace('\'', '"');
  }
}
