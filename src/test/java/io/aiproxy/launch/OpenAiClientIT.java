package io.aiproxy.launch;

import static org.assertj.core.api.Assertions.assertThat;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.http.StreamResponse;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.embeddings.CreateEmbeddingResponse;
import com.openai.models.embeddings.EmbeddingCreateParams;
import com.openai.models.responses.Response;
import com.openai.models.responses.ResponseCreateParams;
import io.aiproxy.testing.Recording;
import io.aiproxy.testing.ScriptedUpstream;
import io.aiproxy.testing.Turn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/**
 * The main job, on real parts: OpenAI's own client for Java talks through the gateway, started as the README says, to a
 * service that answers as OpenAI and Azure did when they were recorded; then the access log says what happened.
 */
@TestInstance(Lifecycle.PER_CLASS)
class OpenAiClientIT {
  private static final String KEY = "sk-of-the-gateway";

  @TempDir
  private static Path folder;

  private final ScriptedUpstream openAi = ScriptedUpstream.open();
  private WarProcess gateway;
  private OpenAIClient client;

  @BeforeAll
  void start() throws IOException {
    Path config =
        Files.writeString(folder.resolve("ai-proxy.json"), """
        {"uri": "/v1/*", "plugins": {"ai-proxy": {
            "provider": "openai",
            "auth": {"header": {"Authorization": "Bearer %s"}},
            "override": {"endpoint": "%s"}}}}
        """.formatted(KEY, openAi.url()));
    gateway = WarProcess.start(folder, "--config", config.toString(), "--port", "0");
    client = OpenAIOkHttpClient.builder()
        .baseUrl(gateway.address() + "/v1")
        .apiKey("sk-of-the-client")
        .maxRetries(0)
        .build();
  }

  @AfterAll
  void stop() {
    client.close();
    gateway.close();
    openAi.close();
  }

  @Test
  void chats() throws Exception {
    Recording recording = replay("openai-chat", "openai-chat-2fa1f3b9");

    ChatCompletion answer = client.chat().completions().create(chat("gpt-4o-mini"));

    String text = answer.choices().get(0).message().content().orElseThrow();
    assertThat(text).startsWith(recording.expected().path("text_head").asText());
    assertThat(answer.usage().orElseThrow().promptTokens())
        .isEqualTo(recording.usage().prompt());
    assertThat(openAi.request(openAi.requests().size() - 1).headers().all("authorization"))
        .containsExactly("Bearer " + KEY);
    assertThat(line()).endsWith("\"ai_chat\" \"%s\" \"gpt-4o-mini\" \"gpt-4o-mini\" \"12\" \"12\"");
  }

  @Test
  void streamsAChat() throws Exception {
    Recording recording = replay(
        "openai-chat", "azure-openai-chat-stream-include-usage-empty-choices-first-chunk-a9bf8840");

    List<ChatCompletionChunk> chunks;
    try (StreamResponse<ChatCompletionChunk> stream =
        client.chat().completions().createStreaming(chat("gpt-5.2"))) {
      chunks = stream.stream().toList();
    }

    String text = chunks.stream()
        .flatMap(chunk -> chunk.choices().stream())
        .flatMap(choice -> choice.delta().content().stream())
        .collect(Collectors.joining());
    assertThat(text).startsWith(recording.expected().path("text_head").asText());
    assertThat(chunks)
        .as("the usage that nobody asked for")
        .noneMatch(chunk -> chunk.usage().isPresent());
    assertThat(line()).endsWith("\"ai_stream\" \"%s\" \"gpt-5.2\" \"gpt-5.2\" \"12\" \"24\"");
  }

  @Test
  void responds() throws Exception {
    Recording recording = replay("openai-responses", "openai-responses-17fdfba8");

    Response answer = client
        .responses()
        .create(ResponseCreateParams.builder().model("gpt-5").input("Hello").build());

    assertThat(answer.usage().orElseThrow().outputTokens())
        .isEqualTo(recording.usage().completion());
    assertThat(line()).endsWith("\"ai_chat\" \"%s\" \"gpt-5\" \"gpt-5\" \"8\" \"15\"");
  }

  @Test
  void embeds() throws Exception {
    Recording recording = replay("openai-embeddings", "openai-embeddings-3b245890");

    CreateEmbeddingResponse answer = client
        .embeddings()
        .create(EmbeddingCreateParams.builder()
            .model("text-embedding-ada-002")
            .input("hello")
            .build());

    assertThat(answer.usage().promptTokens()).isEqualTo(recording.usage().prompt());
    assertThat(line())
        .endsWith(
            "\"ai_chat\" \"%s\" \"text-embedding-ada-002\" \"text-embedding-ada-002\" \"8\" \"0\"");
  }

  private static ChatCompletionCreateParams chat(String model) {
    return ChatCompletionCreateParams.builder()
        .model(model)
        .addUserMessage("Hello")
        .build();
  }

  private Recording replay(String protocol, String id) {
    Recording recording =
        Recording.of(protocol).filter(each -> each.id().equals(id)).findFirst().orElseThrow();
    openAi.answers(turn -> play(turn, recording));
    return recording;
  }

  private static void play(Turn turn, Recording recording) throws IOException {
    turn.status(recording.status()).body(recording.contentType(), recording.body());
  }

  /** The last line of the access log, its time to first token replaced by {@code %s}. */
  private String line() throws IOException {
    Path log = folder.resolve("logs/access.log");
    long lines = openAi.requests().size();
    List<String> all = List.of();
    while (all.size() < lines) {
      all = Files.exists(log) ? Files.readAllLines(log) : List.of();
      Thread.onSpinWait();
    }
    return all.get(all.size() - 1).replaceFirst("(\"ai_\\w+\") \"\\d+\"", "$1 \"%s\"");
  }
}
