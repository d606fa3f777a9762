package io.aiproxy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.errors.InternalServerException;
import com.openai.errors.NotFoundException;
import com.openai.errors.OpenAIException;
import com.openai.errors.RateLimitException;
import com.openai.errors.SseException;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionMessage;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.completions.CompletionUsage;
import com.openai.models.embeddings.CreateEmbeddingResponse;
import com.openai.models.embeddings.EmbeddingCreateParams;
import com.openai.models.responses.Response;
import com.openai.models.responses.ResponseCreateParams;
import com.openai.models.responses.ResponseOutputItem;
import com.openai.models.responses.ResponseStreamEvent;
import com.openai.models.responses.ResponseUsage;
import io.aiproxy.testing.Recording;
import io.aiproxy.testing.Replay;
import io.aiproxy.testing.ScriptedUpstream;
import io.aiproxy.usage.Usage;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** OpenAI's own client reads through the gateway what it is known that the provider said. */
class OpenAiSdkTest {
  private static final int SEED = 7;
  private static final String WORD =
      "{\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,"
          + "\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"hello\"},\"finish_reason\":null}]}";

  private static Rig rig;
  private static OpenAIClient client;

  @BeforeAll
  static void start() {
    rig = new Rig();
    client = OpenAIOkHttpClient.builder()
        .baseUrl("http://127.0.0.1:" + rig.port() + "/v1")
        .apiKey("client-key")
        .maxRetries(0)
        .build();
  }

  @AfterAll
  static void stop() {
    client.close();
    rig.close();
  }

  static Stream<Recording> chats() {
    return good("openai-chat", false).filter(recording -> !has(recording, "filtered"));
  }

  static Stream<Recording> chatStreams() {
    return good("openai-chat", true);
  }

  static Stream<Recording> responses() {
    return good("openai-responses", false);
  }

  static Stream<Recording> responseStreams() {
    return good("openai-responses", true);
  }

  static Stream<Recording> embeddings() {
    return good("openai-embeddings", false);
  }

  /**
   * Those that the client itself takes: it refuses answers without a message or with one in parts, events that are
   * no JSON, and failures.
   */
  private static Stream<Recording> good(String protocol, boolean streaming) {
    return Recording.of(protocol)
        .filter(recording -> recording.status() == 200 && recording.streaming() == streaming)
        .filter(recording -> !has(recording, "unparsable-event"))
        .filter(recording -> !hasContentInParts(recording))
        .filter(recording -> !has(recording, "error-in-stream"));
  }

  private static boolean hasContentInParts(Recording recording) {
    return recording.meta().path("provider").asText().equals("mistral")
        && has(recording, "reasoning-text");
  }

  private static boolean has(Recording recording, String feature) {
    return recording.meta().path("features").toString().contains("\"" + feature + "\"");
  }

  @ParameterizedTest
  @MethodSource("chats")
  void readsAChat(Recording recording) {
    rig.upstream().answers(new Replay(recording, SEED));

    ChatCompletion chat = client.chat().completions().create(question().build());

    ChatCompletionMessage message = chat.choices().get(0).message();
    assertText(recording, message.content().orElse(""));
    assertUsage(recording, chat.usage());
    assertThat(
            chat.choices().stream().mapToInt(choice -> calls(choice.message())).sum())
        .isEqualTo(recording.expected().path("tool_calls").asInt());
  }

  private static int calls(ChatCompletionMessage message) {
    return message.toolCalls().map(List::size).orElse(0)
        + message.functionCall().map(call -> 1).orElse(0);
  }

  @ParameterizedTest
  @MethodSource("chatStreams")
  void readsAStreamedChatWithTheUsageThatItAskedFor(Recording recording) {
    rig.upstream().answers(new Replay(recording, SEED));
    ChatCompletionCreateParams asked = question()
        .streamOptions(ChatCompletionStreamOptions.builder().includeUsage(true).build())
        .build();

    Streamed streamed = streamed(asked);

    assertText(recording, streamed.text());
    assertUsage(recording, streamed.usage());
    assertThat(streamed.toolNames()).containsAll(toolNames(recording));
  }

  @ParameterizedTest
  @MethodSource("chatStreams")
  void readsAStreamedChatWithoutAUsageChunkThatItDidNotAskFor(Recording recording) {
    rig.upstream().answers(new Replay(recording, SEED));

    Streamed streamed = streamed(question().build());

    assertText(recording, streamed.text());
    assertThat(streamed.hasUsageAlone()).isFalse();
    assertThat(last().text()).contains("\"stream_options\":{\"include_usage\":true}");
  }

  @ParameterizedTest
  @MethodSource("responses")
  void readsAResponse(Recording recording) {
    rig.upstream().answers(new Replay(recording, SEED));

    Response response = client.responses().create(input());

    assertText(recording, text(response.output()));
    assertThat(response.output().stream()
            .filter(item -> item.isFunctionCall() || item.isCustomToolCall())
            .count())
        .isEqualTo(recording.expected().path("tool_calls").asInt());
    assertResponseUsage(recording, response.usage());
  }

  @ParameterizedTest
  @MethodSource("responseStreams")
  void readsAStreamedResponse(Recording recording) {
    rig.upstream().answers(new Replay(recording, SEED));
    StringBuilder text = new StringBuilder();
    List<Response> last = new ArrayList<>();

    try (StreamResponse<ResponseStreamEvent> stream = client.responses().createStreaming(input())) {
      stream.stream().forEach(event -> {
        event.outputTextDelta().ifPresent(delta -> text.append(delta.delta()));
        event.completed().ifPresent(completed -> last.add(completed.response()));
        event.incomplete().ifPresent(incomplete -> last.add(incomplete.response()));
      });
    }

    assertText(recording, text.toString());
    assertThat(last).isNotEmpty();
    assertResponseUsage(recording, last.get(last.size() - 1).usage());
  }

  @ParameterizedTest
  @MethodSource("embeddings")
  void readsEmbeddings(Recording recording) {
    rig.upstream().answers(new Replay(recording, SEED));

    CreateEmbeddingResponse embeddings = client
        .embeddings()
        .create(EmbeddingCreateParams.builder().model("m").input("x").build());

    assertThat(embeddings.data()).hasSize(recording.expected().path("choices").asInt());
    assertThat(embeddings.usage().promptTokens()).isEqualTo(recording.usage().prompt());
  }

  @Test
  void raisesWhatTheProviderSaysOfItsLimits() {
    rig.upstream()
        .answers(turn -> turn.status(429)
            .header("Retry-After", "7")
            .json("{\"error\":{\"message\":\"slow down\",\"type\":\"tokens\",\"param\":null,"
                + "\"code\":\"rate_limit_exceeded\"}}"));

    RateLimitException raised = catchThrowableOfType(
        RateLimitException.class,
        () -> client.chat().completions().create(question().build()));

    assertThat(raised.code()).contains("rate_limit_exceeded");
    assertThat(raised.headers().values("retry-after")).containsExactly("7");
  }

  @ParameterizedTest
  @MethodSource("errors")
  void raisesWhatTheProviderSaysWhenItFails(Recording recording) {
    rig.upstream().answers(new Replay(recording, SEED));

    OpenAIException raised = catchThrowableOfType(
        OpenAIException.class,
        () -> client.chat().completions().create(question().build()));

    assertThat(raised.getMessage()).startsWith(recording.status() + ": ");
  }

  static Stream<Recording> errors() {
    return Recording.of("openai-chat").filter(recording -> recording.status() >= 400);
  }

  @Test
  @SuppressWarnings("unchecked") // a value that the type does not allow
  void raisesWhatTheGatewayHasToSay() {
    ChatCompletionCreateParams wrong = question().model(JsonValue.from(7)).build();

    BadRequestException raised = catchThrowableOfType(
        BadRequestException.class, () -> client.chat().completions().create(wrong));

    assertThat(raised.param()).contains("model");
    assertThat(raised.code()).contains("invalid_request");
  }

  @Test
  void raisesThatADocumentBrokeOff() {
    rig.upstream()
        .answers(
            turn -> turn.header("Content-Length", "100").head().raw("{\"id\":").close());

    InternalServerException raised = catchThrowableOfType(
        InternalServerException.class,
        () -> client.chat().completions().create(question().build()));

    assertThat(raised.statusCode()).isEqualTo(502);
    assertThat(raised.code()).contains("upstream_broken");
  }

  @Test
  void raisesThatAStreamBrokeOffAfterWhatCameOfIt() {
    rig.upstream().answers(turn -> turn.event(WORD).raw("5\r\ndata").close());
    StringBuilder text = new StringBuilder();

    SseException raised = catchThrowableOfType(SseException.class, () -> {
      try (StreamResponse<ChatCompletionChunk> stream =
          client.chat().completions().createStreaming(question().build())) {
        stream.stream()
            .forEach(
                chunk -> text.append(chunk.choices().get(0).delta().content().orElse("")));
      }
    });

    assertThat(text).hasToString("hello");
    assertThat(raised.code()).contains("upstream_broken");
  }

  @Test
  void neverSendsTheClientsKeyToTheProvider() {
    rig.upstream().answers(turn -> turn.status(404).json("{\"error\":{}}"));

    catchThrowableOfType(
        NotFoundException.class,
        () -> client.chat().completions().create(question().build()));

    assertThat(last().headers().has("authorization")).isFalse();
    assertThat(last().headers().first("x-key")).contains("k");
    assertThat(last().headers().has("x-stainless-lang")).isTrue();
  }

  /** What came of a stream. */
  private record Streamed(
      String text,
      List<String> toolNames,
      Optional<CompletionUsage> usage,
      boolean hasUsageAlone) {}

  private static Streamed streamed(ChatCompletionCreateParams asked) {
    List<ChatCompletionChunk> chunks = new ArrayList<>();
    try (StreamResponse<ChatCompletionChunk> stream =
        client.chat().completions().createStreaming(asked)) {
      stream.stream().forEach(chunks::add);
    }
    StringBuilder text = new StringBuilder();
    List<String> tools = new ArrayList<>();
    chunks.stream().flatMap(chunk -> chunk.choices().stream()).forEach(choice -> {
      text.append(choice.delta().content().orElse(""));
      choice.delta().toolCalls().orElse(List.of()).stream()
          .flatMap(call -> call.function().stream())
          .flatMap(function -> function.name().stream())
          .forEach(tools::add);
    });
    return new Streamed(
        text.toString(),
        tools,
        chunks.stream().flatMap(chunk -> chunk.usage().stream()).reduce((first, last) -> last),
        chunks.stream()
            .anyMatch(chunk -> chunk.choices().isEmpty() && chunk.usage().isPresent()));
  }

  private static ChatCompletionCreateParams.Builder question() {
    return ChatCompletionCreateParams.builder().model("m").addUserMessage("hi");
  }

  private static ResponseCreateParams input() {
    return ResponseCreateParams.builder().model("m").input("hi").build();
  }

  private static ScriptedUpstream.Request last() {
    List<ScriptedUpstream.Request> requests = rig.upstream().requests();
    return requests.get(requests.size() - 1);
  }

  private static String text(List<ResponseOutputItem> output) {
    StringBuilder text = new StringBuilder();
    output.stream()
        .flatMap(item -> item.message().stream())
        .flatMap(message -> message.content().stream())
        .flatMap(content -> content.outputText().stream())
        .forEach(part -> text.append(part.text()));
    return text.toString();
  }

  private static List<String> toolNames(Recording recording) {
    List<String> names = new ArrayList<>();
    recording.expected().path("tool_names").forEach(name -> names.add(name.asText()));
    return names;
  }

  private static void assertText(Recording recording, String text) {
    if (recording.expected().path("choices").asInt(1) <= 1 && !has(recording, "refusal")) {
      assertThat(sha256(text)).as(text).isEqualTo(expectedSha256(recording));
    }
  }

  private static String expectedSha256(Recording recording) {
    return recording.expected().path("text_chars").asInt() == 0
        ? sha256("")
        : recording.expected().path("text_sha256").asText();
  }

  private static void assertUsage(Recording recording, Optional<CompletionUsage> usage) {
    Usage expected = recording.usage();
    assertThat(usage.isPresent()).isEqualTo(!expected.isAbsent());
    usage.ifPresent(said -> {
      assertThat(said.promptTokens()).isEqualTo(expected.prompt());
      assertThat(said.completionTokens()).isEqualTo(expected.completion());
      assertThat(said.totalTokens()).isEqualTo(expected.total());
    });
  }

  private static void assertResponseUsage(Recording recording, Optional<ResponseUsage> usage) {
    Usage expected = recording.usage();
    assertThat(usage.isPresent()).isEqualTo(!expected.isAbsent());
    usage.ifPresent(said -> {
      assertThat(said.inputTokens()).isEqualTo(expected.prompt());
      assertThat(said.outputTokens()).isEqualTo(expected.completion());
    });
  }

  private static String sha256(String text) {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8)));
    } catch (NoSuchAlgorithmException impossible) {
      throw new AssertionError(impossible);
    }
  }
}
