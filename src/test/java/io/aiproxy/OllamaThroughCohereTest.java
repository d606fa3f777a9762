package io.aiproxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.aiproxy.testing.JettyContainer;
import io.aiproxy.testing.ScriptedUpstream;
import io.aiproxy.testing.Settings;
import io.aiproxy.testing.Stage;
import io.aiproxy.testing.WireClient;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Clients of Ollama at a provider that sends events where they expect lines. */
class OllamaThroughCohereTest {
  private static final Duration IDLE = Duration.ofSeconds(30);
  private static final String ROUTE =
      "{'uri':'/*','plugins':{'ai-proxy':{'provider':'cohere','auth':{},'override':{'endpoint':'%s'}}}}";
  private static final String QUESTION =
      "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";
  private static final String START = "{\"type\":\"message-start\",\"id\":\"i\"}";
  private static final String WORD =
      "{\"type\":\"content-delta\",\"index\":0,\"delta\":{\"message\":{\"content\":{\"text\":\"Hello\"}}}}";
  private static final String END =
      "{\"type\":\"message-end\",\"delta\":{\"finish_reason\":\"COMPLETE\",\"usage\":{\"tokens\":{\"input_tokens\":3,\"output_tokens\":1}}}}";
  private static final String SAID =
      "{\"model\":\"m\",\"created_at\":\"1970-01-01T00:00:00Z\",\"message\":{\"role\":\"assistant\",\"content\":\"Hello\"},\"done\":false}\n";

  private final Stage stage = new Stage();
  private final ScriptedUpstream upstream = ScriptedUpstream.open();
  private final JettyContainer container = JettyContainer.open(stage, IDLE);
  private final Gateway gateway =
      Gateway.open(Settings.configuration(ROUTE.formatted(upstream.url())));

  @BeforeEach
  void start() throws Exception {
    AiProxyFilter filter = new AiProxyFilter(gateway);
    filter.init(stage.config());
    stage.has(filter);
  }

  @AfterEach
  void stop() {
    gateway.close();
    container.close();
    upstream.close();
  }

  /** The provider gives no time, so that it is the gateway's. */
  private static String timeless(String answer) {
    return answer.replaceAll(
        "\"created_at\":\"20[0-9T:.-]+Z\"", "\"created_at\":\"1970-01-01T00:00:00Z\"");
  }

  @Test
  void hearALineForEachEvent() {
    WireClient.Answer answer = asked(turn -> turn.sse(START, WORD, END));

    assertThat(answer.header("content-type")).isEqualTo("application/x-ndjson");
    assertThat(timeless(answer.text()))
        .isEqualTo(SAID
            + "{\"model\":\"m\",\"created_at\":\"1970-01-01T00:00:00Z\",\"message\":{\"role\":\"assistant\",\"content\":\"\"},"
            + "\"done\":true,\"done_reason\":\"stop\",\"prompt_eval_count\":3,\"eval_count\":1}\n");
    assertThat(upstream.request(0).target()).isEqualTo("/v2/chat");
    assertThat(stage.attributes())
        .containsEntry("ai_protocol", "ollama-chat")
        .containsEntry("llm_total_tokens", "4");
  }

  @Test
  void areToldOfAStreamThatBreaksOff() {
    WireClient.Answer answer = asked(turn -> turn.sse(START, WORD));

    assertThat(timeless(answer.text()))
        .startsWith(SAID + "{\"error\":")
        .doesNotContain("\"done\":true");
  }

  @Test
  void areToldOfAnErrorInTheirOwnWords() {
    WireClient.Answer answer =
        asked(turn -> turn.status(429).json("{\"id\":\"i\",\"message\":\"too many\"}"));

    assertThat(answer.status()).isEqualTo(429);
    assertThat(answer.text()).isEqualTo("{\"error\":\"too many\"}");
  }

  private WireClient.Answer asked(ScriptedUpstream.Script script) {
    upstream.answers(script);
    try (WireClient client = WireClient.to(container.port())) {
      return client.post("/api/chat", QUESTION).answer();
    }
  }
}
