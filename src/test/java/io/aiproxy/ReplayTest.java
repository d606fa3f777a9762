package io.aiproxy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aiproxy.testing.Recording;
import io.aiproxy.testing.Replay;
import io.aiproxy.testing.WireClient;
import io.aiproxy.testing.WireClient.Answer;
import io.aiproxy.usage.Usage;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Plays what real providers answered through the gateway: each byte arrives, and the attributes say what is known of it. */
class ReplayTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  /** Where each is asked; of those that say it in their address, where it was asked when it was recorded. */
  private static final Map<String, String> PATHS = Map.ofEntries(
      entry("openai-chat", "/v1/chat/completions"),
      entry("openai-completions", "/v1/completions"),
      entry("openai-responses", "/v1/responses"),
      entry("openai-embeddings", "/v1/embeddings"),
      entry("anthropic-messages", "/v1/messages"),
      entry("gemini-generate", ""),
      entry("gemini-embed", ""),
      entry("bedrock-converse", "/model/m/converse"),
      entry("cohere-chat", "/v2/chat"),
      entry("cohere-chat-v1", "/v1/chat"),
      entry("ollama-chat", "/api/chat"),
      entry("ollama-generate", "/api/generate"));

  private static final Map<String, String> QUESTIONS = Map.ofEntries(
      entry("openai-chat", "{\"messages\":[]}"),
      entry("openai-completions", "{\"prompt\":\"x\"}"),
      entry("openai-responses", "{\"input\":\"x\"}"),
      entry("openai-embeddings", "{\"input\":\"x\"}"),
      entry("anthropic-messages", "{\"messages\":[{}]}"),
      entry("gemini-generate", "{\"contents\":[{}]}"),
      entry("gemini-embed", "{\"content\":{},\"requests\":[{}]}"),
      entry("bedrock-converse", "{\"messages\":[{}]}"),
      entry("cohere-chat", "{\"messages\":[{}]}"),
      entry("cohere-chat-v1", "{\"message\":\"x\"}"),
      entry("ollama-chat", "{}"),
      entry("ollama-generate", "{}"));

  private static final Set<String> CHUNKED = Set.of("openai-chat", "openai-completions");

  private static Rig rig;

  @BeforeAll
  static void start() {
    rig = new Rig();
  }

  @AfterAll
  static void stop() {
    rig.close();
  }

  static Stream<Recording> recordings() {
    return PATHS.keySet().stream().sorted().flatMap(Recording::of);
  }

  static Stream<Recording> successes() {
    return recordings().filter(recording -> recording.status() == 200);
  }

  static Stream<Recording> errors() {
    return recordings().filter(recording -> recording.status() >= 400);
  }

  @ParameterizedTest
  @MethodSource("successes")
  void passesEachByteAndTellsWhatTheAnswerSays(Recording recording) throws IOException {
    Answer got = play(recording, 0);

    assertThat(got.status()).isEqualTo(200);
    assertThat(got.complete()).isTrue();
    assertThat(got.body()).isEqualTo(recording.body());
    assertThat(got.header("content-type").replace("; ", ";"))
        .isEqualToIgnoringCase(recording.contentType().replace("; ", ";"));
    assertToldAllOf(recording, rig.stage().attributes());
  }

  @ParameterizedTest
  @MethodSource("successes")
  void doesTheSameWhereverTheBytesAreCut(Recording recording) throws IOException {
    Answer got = play(recording, 1 + recording.id().hashCode() % 1000, "Accept-Encoding: gzip");

    assertThat(got.headers().has("content-encoding")).isFalse();
    assertThat(got.body()).isEqualTo(recording.body());
    assertToldAllOf(recording, rig.stage().attributes());
  }

  @ParameterizedTest
  @MethodSource("errors")
  void passesErrorsThatAreObjectsAndReplacesOthers(Recording recording) throws IOException {
    Answer got = play(recording, 0);

    assertThat(got.status()).isEqualTo(recording.status());
    if (isObject(recording.body())) {
      assertThat(got.body()).isEqualTo(recording.body());
    } else {
      assertThat(JSON.readTree(got.body()).has("error")).isTrue();
    }
    assertThat(rig.stage().attributes())
        .containsEntry("upstream_status", Integer.toString(recording.status()))
        .containsEntry("llm_usage_source", "absent")
        .containsEntry("llm_outcome", "upstream_error");
  }

  private static void assertToldAllOf(Recording recording, Map<String, String> attributes) {
    Usage usage = recording.usage();
    if (!usage.isAbsent()) {
      assertThat(attributes)
          .containsEntry("llm_usage_source", "reported")
          .containsEntry("llm_prompt_tokens", count(usage.prompt()))
          .containsEntry("llm_completion_tokens", count(usage.completion()))
          .containsEntry("llm_total_tokens", count(usage.sum()))
          .containsEntry("llm_cache_read_input_tokens", count(usage.cacheRead()))
          .containsEntry("llm_cache_creation_input_tokens", count(usage.cacheWrite()))
          .containsEntry("llm_reasoning_tokens", count(usage.reasoning()));
    } else {
      assertThat(attributes)
          .containsEntry("llm_usage_source", recording.streaming() ? "estimated" : "absent");
    }
    JsonNode expected = recording.expected();
    assertThat(attributes)
        .containsEntry("ai_protocol", recording.spoken())
        .containsEntry("upstream_response_length", Integer.toString(recording.body().length))
        .containsEntry("body_bytes_sent", Integer.toString(recording.body().length))
        .containsEntry(
            "llm_has_tool_calls", Boolean.toString(expected.path("tool_calls").asInt() > 0));
    assertThat(attributes.getOrDefault("llm_finish_reason", ""))
        .isEqualTo(recording.finishReason());
    assertThat(attributes.getOrDefault("llm_response_model", ""))
        .isEqualTo(expected.path("response_model").asText("").replace("null", ""));
  }

  private static String count(long tokens) {
    return Long.toString(Usage.orZero(tokens));
  }

  private static Answer play(Recording recording, int seed, String... lines) throws IOException {
    rig.upstream().answers(new Replay(recording, seed));
    try (WireClient client = WireClient.to(rig.port())) {
      return client.post(path(recording), question(recording), lines).answer();
    }
  }

  /** Where that is said, the path and the query that were asked for then. */
  private static String path(Recording recording) {
    JsonNode request = recording.meta().path("request");
    String query = request.path("query").asText("");
    String recorded = request.path("path").asText() + (query.isEmpty() ? "" : "?" + query);
    return recording.protocol().startsWith("gemini-") ? recorded : PATHS.get(recording.protocol());
  }

  /** What was asked then; of a stream in chunks with its usage, so that nothing is taken out of it. */
  private static String question(Recording recording) throws IOException {
    if (recording.status() >= 400) {
      return QUESTIONS.get(recording.protocol()); // some recorded ones are too bad to be passed on
    }
    ObjectNode request = (ObjectNode) JSON.readTree(recording.request());
    if (CHUNKED.contains(recording.protocol()) && recording.streaming()) {
      request.withObject("/stream_options").put("include_usage", true);
    }
    return new String(JSON.writeValueAsBytes(request), UTF_8);
  }

  private static boolean isObject(byte[] body) {
    try {
      return JSON.readTree(body).isObject();
    } catch (IOException notJson) {
      return false;
    }
  }
}
