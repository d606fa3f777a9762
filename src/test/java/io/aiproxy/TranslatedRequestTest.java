package io.aiproxy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.aiproxy.testing.JettyContainer;
import io.aiproxy.testing.ScriptedUpstream;
import io.aiproxy.testing.Settings;
import io.aiproxy.testing.Stage;
import io.aiproxy.testing.Turn;
import io.aiproxy.testing.WireClient;
import io.aiproxy.testing.WireClient.Answer;
import jakarta.servlet.ServletException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the README says of a request that is translated, tried with the request that it shows. */
class TranslatedRequestTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final Pattern EXAMPLE =
      Pattern.compile("to `/v1/messages`\n\n```json\n(\\{[^\n]*})\n```", Pattern.DOTALL);
  private static final String ANSWER =
      "{\"id\":\"c1\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"gpt-4o\","
          + "\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"Hello\"},\"finish_reason\":\"stop\"}],"
          + "\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":1,\"total_tokens\":10}}";

  private static final Stage STAGE = new Stage();
  private static ScriptedUpstream upstream;
  private static JettyContainer container;
  private static Gateway gateway;
  private static String example;

  @BeforeAll
  static void start() throws ServletException, IOException {
    upstream = ScriptedUpstream.open();
    container = JettyContainer.open(STAGE, Duration.ofSeconds(30));
    gateway = Gateway.open(Settings.configuration(
        "[" + route("/*", "false") + "," + route("/strict/*", "true") + "]"));
    AiProxyFilter filter = new AiProxyFilter(gateway);
    filter.init(STAGE.config());
    STAGE.has(filter);
    Matcher found = EXAMPLE.matcher(Files.readString(Path.of("README.md")));
    assertThat(found.find()).as("the README's example").isTrue();
    example = found.group(1);
  }

  private static String route(String uri, String strict) {
    return ("{'uri':'%s','plugins':{'ai-proxy':{'provider':'openai','auth':{'header':{'X-Key':'k'}},"
            + "'override':{'endpoint':'%s','strict_translation':%s}}}}")
        .formatted(uri, upstream.url(), strict);
  }

  @AfterAll
  static void stop() {
    gateway.close();
    container.close();
    upstream.close();
  }

  @Test
  void goesOnWithoutWhatCannotBeSaidAndIsToldSo() throws IOException {
    upstream.answers(turn -> turn.json(ANSWER));

    Answer got = post("/v1/messages", example);

    ScriptedUpstream.Request sent = last();
    JsonNode said = JSON.readTree(sent.body());
    assertThat(sent.target()).isEqualTo("/v1/chat/completions");
    assertThat(said.path("model").asText()).isEqualTo("gpt-4o");
    assertThat(said.has("top_k")).isFalse();
    assertThat(said.path("messages")).hasSize(2);
    assertThat(got.header("x-ai-dropped")).isEqualTo("top_k");
    JsonNode message = JSON.readTree(got.body());
    assertThat(message.path("type").asText()).isEqualTo("message");
    assertThat(message.at("/content/0/text").asText()).isEqualTo("Hello");
    assertThat(message.at("/usage/input_tokens").asInt()).isEqualTo(9);
  }

  @Test
  void isToldSoBeforeAStreamToo() throws IOException {
    upstream.answers(turn -> {
      chunk(turn, "{\"index\":0,\"delta\":{\"content\":\"Hello\"},\"finish_reason\":null}");
      chunk(turn, "{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}");
      turn.event("[DONE]").end();
    });

    Answer got =
        post("/v1/messages", example.replace("\"top_k\":5", "\"top_k\":5,\"stream\":true"));

    assertThat(got.header("x-ai-dropped")).isEqualTo("top_k");
    assertThat(new String(got.body(), UTF_8)).contains("\"Hello\"").contains("event: message_stop");
  }

  @Test
  void isToldSoBesideAnErrorThatKeepsItsStatusAndItsTime() throws IOException {
    upstream.answers(
        turn -> turn.status(429)
            .header("Retry-After", "7")
            .json(
                "{\"error\":{\"message\":\"slow down\",\"type\":\"tokens\",\"param\":null,\"code\":null}}"));

    Answer got = post("/v1/messages", example);

    assertThat(got.status()).isEqualTo(429);
    assertThat(got.header("retry-after")).isEqualTo("7");
    assertThat(got.header("x-ai-dropped")).isEqualTo("top_k");
    JsonNode error = JSON.readTree(got.body());
    assertThat(error.path("type").asText()).isEqualTo("error");
    assertThat(error.at("/error/message").asText()).isEqualTo("slow down");
  }

  @Test
  void isRefusedByNameWhereNothingMayBeLost() throws IOException {
    int before = upstream.requests().size();

    Answer got = post("/strict/v1/messages", example);

    assertThat(got.status()).isEqualTo(400);
    JsonNode error = JSON.readTree(got.body());
    assertThat(error.at("/error/type").asText()).isEqualTo("invalid_request_error");
    assertThat(error.at("/error/message").asText()).contains("top_k");
    assertThat(upstream.requests()).hasSize(before);
  }

  @Test
  void isTakenStrictlyToo() throws IOException {
    upstream.answers(turn -> turn.json(ANSWER));

    Answer got = post("/strict/v1/messages", example.replace(",\"top_k\":5", ""));

    assertThat(got.status()).isEqualTo(200);
    assertThat(got.headers().has("x-ai-dropped")).isFalse();
  }

  private static void chunk(Turn turn, String choice) throws IOException {
    turn.event(
        "{\"id\":\"c1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"gpt-4o\",\"choices\":["
            + choice + "]}");
  }

  private static ScriptedUpstream.Request last() {
    return upstream.requests().get(upstream.requests().size() - 1);
  }

  private static Answer post(String path, String body) throws IOException {
    try (WireClient client = WireClient.to(container.port())) {
      return client.post(path, body).answer();
    }
  }
}
