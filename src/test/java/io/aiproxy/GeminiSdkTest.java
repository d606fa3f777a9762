package io.aiproxy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.genai.Client;
import com.google.genai.ResponseStream;
import com.google.genai.errors.ApiException;
import com.google.genai.types.Candidate;
import com.google.genai.types.Content;
import com.google.genai.types.EmbedContentConfig;
import com.google.genai.types.EmbedContentResponse;
import com.google.genai.types.GenerateContentConfig;
import com.google.genai.types.GenerateContentResponse;
import com.google.genai.types.HttpOptions;
import com.google.genai.types.Part;
import io.aiproxy.testing.Recording;
import io.aiproxy.testing.Replay;
import io.aiproxy.testing.ScriptedUpstream;
import io.aiproxy.usage.Usage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Google's own client reads through the gateway what it is known that the provider said. */
class GeminiSdkTest {
  private static final int SEED = 11;

  private static Rig rig;
  private static Client client;

  @BeforeAll
  static void start() {
    rig = new Rig();
    client = Client.builder()
        .apiKey("client-key")
        .httpOptions(
            HttpOptions.builder().baseUrl("http://127.0.0.1:" + rig.port()).build())
        .build();
  }

  @AfterAll
  static void stop() {
    client.close();
    rig.close();
  }

  static Stream<Recording> documents() {
    return good(false);
  }

  static Stream<Recording> streams() {
    return good(true);
  }

  /** Those that the client itself takes: it refuses signatures in the place of which a recorder put other text. */
  private static Stream<Recording> good(boolean streaming) {
    return Recording.of("gemini-generate")
        .filter(recording -> recording.status() == 200 && recording.streaming() == streaming)
        .filter(recording -> !new String(recording.body(), UTF_8).contains("signature_REDACTED"));
  }

  @ParameterizedTest
  @MethodSource("documents")
  void readsADocument(Recording recording) {
    rig.upstream().answers(new Replay(recording, SEED));

    check(List.of(generate()), recording);
  }

  @ParameterizedTest
  @MethodSource("streams")
  void readsAStream(Recording recording) {
    rig.upstream().answers(new Replay(recording, SEED));

    List<GenerateContentResponse> chunks = new ArrayList<>();
    try (ResponseStream<GenerateContentResponse> stream = client.models.generateContentStream(
        "m", "hello", GenerateContentConfig.builder().build())) {
      stream.forEach(chunks::add);
    }

    check(chunks, recording);
  }

  @Test
  void asksWhereGoogleIsAskedAndWithTheRoutesKey() {
    Recording recording = documents().findFirst().orElseThrow();
    rig.upstream().answers(new Replay(recording, SEED));

    generate();

    List<ScriptedUpstream.Request> requests = rig.upstream().requests();
    ScriptedUpstream.Request received = requests.get(requests.size() - 1);
    assertThat(received.target()).isEqualTo("/v1beta/models/m:generateContent");
    assertThat(received.headers().first("x-key")).contains("k");
    assertThat(received.headers().has("x-goog-api-key")).isFalse();
  }

  @Test
  void raisesAnErrorWithItsWord() {
    Recording recording = Recording.of("gemini-generate")
        .filter(each -> each.status() == 404)
        .findFirst()
        .orElseThrow();
    rig.upstream().answers(new Replay(recording, SEED));

    ApiException raised = catchThrowableOfType(ApiException.class, GeminiSdkTest::generate);

    assertThat(raised.code()).isEqualTo(404);
    assertThat(raised.status()).isEqualTo("NOT_FOUND");
  }

  @Test
  void readsEmbeddings() {
    Recording recording = Recording.of("gemini-embed")
        .filter(each -> each.status() == 200 && each.spoken().endsWith("-batch"))
        .findFirst()
        .orElseThrow();
    rig.upstream().answers(new Replay(recording, SEED));

    EmbedContentResponse embedded =
        client.models.embedContent("m", "hello", EmbedContentConfig.builder().build());

    assertThat(embedded.embeddings().orElseThrow())
        .hasSize(recording.expected().path("choices").asInt());
  }

  private static GenerateContentResponse generate() {
    return client.models.generateContent(
        "m", "hello", GenerateContentConfig.builder().build());
  }

  private static void check(List<GenerateContentResponse> chunks, Recording recording) {
    Heard heard = new Heard();
    chunks.forEach(heard::take);

    assertThat(heard.text.toString())
        .hasSize(recording.expected().path("text_chars").asInt());
    assertThat(heard.calls).isEqualTo(recording.expected().path("tool_calls").asInt());
    assertThat(heard.prompt).isEqualTo(Usage.orZero(recording.usage().prompt()));
    assertThat(heard.completion).isEqualTo(Usage.orZero(recording.usage().completion()));
  }

  /** What the client makes of it. */
  private static final class Heard {
    private final StringBuilder text = new StringBuilder();
    private int calls;
    private int prompt;
    private int completion;

    void take(GenerateContentResponse chunk) {
      chunk.candidates().stream()
          .flatMap(List::stream)
          .flatMap(candidate -> parts(candidate).stream())
          .forEach(this::part);
      chunk.usageMetadata().ifPresent(usage -> {
        prompt = usage.promptTokenCount().orElse(0);
        completion = usage.candidatesTokenCount().orElse(0);
      });
    }

    private static List<Part> parts(Candidate candidate) {
      return candidate.content().flatMap(Content::parts).orElse(List.of());
    }

    private void part(Part part) {
      boolean isThought = part.thought().equals(Optional.of(true));
      part.text().filter(words -> !isThought).ifPresent(text::append);
      calls += part.functionCall().isPresent() ? 1 : 0;
    }
  }
}
