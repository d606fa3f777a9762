package io.aiproxy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aiproxy.neutral.Chat;
import io.aiproxy.neutral.Delta;
import io.aiproxy.neutral.Part;
import io.aiproxy.neutral.Response;
import io.aiproxy.protocol.Protocols;
import io.aiproxy.stream.Piece;
import io.aiproxy.stream.Transducer;
import io.aiproxy.testing.JettyContainer;
import io.aiproxy.testing.Recording;
import io.aiproxy.testing.Replay;
import io.aiproxy.testing.ScriptedUpstream;
import io.aiproxy.testing.Settings;
import io.aiproxy.testing.Stage;
import io.aiproxy.testing.sdk.ChatSdk;
import io.aiproxy.testing.sdk.ConverseSdk;
import io.aiproxy.testing.sdk.GeminiSdk;
import io.aiproxy.testing.sdk.Heard;
import io.aiproxy.testing.sdk.Heard.Call;
import io.aiproxy.testing.sdk.MessagesSdk;
import io.aiproxy.testing.sdk.ResponsesSdk;
import io.aiproxy.testing.sdk.Sdk;
import io.aiproxy.usage.Usage;
import io.aiproxy.wire.Event;
import io.aiproxy.wire.StreamFormat;
import jakarta.servlet.ServletException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What a provider answered in its protocol is read by the official client of another one, through the gateway: the same text,
 * the same calls with the same arguments, the same usage, and an end as it should be.
 */
class TranslationMatrixTest {
  private static final int SEED = 11;
  private static final String COMPLETED = "event: response.completed";
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** For each protocol that an upstream is spoken to, a provider that speaks it. */
  private static final Map<String, String> PROVIDERS = Map.of(
      "openai-chat", "openai",
      "openai-responses", "openai",
      "anthropic-messages", "anthropic",
      "gemini-generate", "gemini",
      "bedrock-converse", "bedrock",
      "cohere-chat", "cohere",
      "ollama-chat", "ollama");

  private static final Map<String, Function<String, Sdk>> SDKS = Map.of(
      "openai-chat", ChatSdk::new,
      "openai-responses", ResponsesSdk::new,
      "anthropic-messages", MessagesSdk::new,
      "gemini-generate", GeminiSdk::new,
      "bedrock-converse", ConverseSdk::new);

  private static final Map<String, Sdk> CLIENTS = new HashMap<>();
  private static final Stage STAGE = new Stage();

  private static ScriptedUpstream upstream;
  private static JettyContainer container;
  private static Gateway gateway;

  @BeforeAll
  static void start() throws ServletException {
    upstream = ScriptedUpstream.open();
    container = JettyContainer.open(STAGE, Duration.ofSeconds(30));
    String routes = PROVIDERS.keySet().stream()
        .filter(TranslationMatrixTest::isSpoken)
        .map(TranslationMatrixTest::route)
        .collect(Collectors.joining(","));
    gateway = Gateway.open(Settings.configuration("[" + routes + "]"));
    AiProxyFilter filter = new AiProxyFilter(gateway);
    filter.init(STAGE.config());
    STAGE.has(filter);
  }

  private static String route(String protocol) {
    return ("{'uri':'/to/%s/*','plugins':{'ai-proxy':{'provider':'%s','auth':{'header':{'X-Key':'k'}},"
            + "'provider_conf':{'region':'us-east-1'},"
            + "'override':{'endpoint':'%s','protocol':'%s'}}}}")
        .formatted(protocol, PROVIDERS.get(protocol), upstream.url(), protocol);
  }

  @AfterAll
  static void stop() {
    CLIENTS.values().forEach(Sdk::close);
    gateway.close();
    container.close();
    upstream.close();
  }

  private static boolean isSpoken(String protocol) {
    return Protocols.dialect(protocol).isPresent();
  }

  static Stream<Arguments> pairs() {
    return SDKS.keySet().stream()
        .sorted()
        .filter(TranslationMatrixTest::isSpoken)
        .flatMap(client -> PROVIDERS.keySet().stream()
            .sorted()
            .filter(TranslationMatrixTest::isSpoken)
            .filter(spoken -> !spoken.equals(client))
            .flatMap(Recording::of)
            .filter(recording -> recording.status() == 200)
            .filter(recording -> !has(recording, "unparsable-event"))
            .filter(recording -> !has(recording, "error-in-stream"))
            .filter(TranslationMatrixTest::isWhole)
            .map(recording -> Arguments.of(client, recording)));
  }

  @ParameterizedTest(name = "{0} reads {1}")
  @MethodSource("pairs")
  void readsInOneProtocolWhatWasSaidInAnother(String client, Recording recording)
      throws IOException {
    upstream.answers(new Replay(recording, SEED));

    Heard heard = sdk(client, recording.protocol()).ask(recording.streaming());

    assertText(recording, heard);
    assertThat(heard.calls())
        .usingElementComparator(TranslationMatrixTest::compare)
        .isEqualTo(calls(recording));
    assertUsage(recording, heard);
    if (!recording.expected().path("finish_reasons").isEmpty()) {
      assertThat(heard.ended()).as("a proper end").isTrue();
    }
    STAGE.attributes();
  }

  /**
   * Where a protocol wants an object of arguments, those that are none, since a model was cut short or has said {@code null},
   * are an object's only member, or left out.
   */
  private static int compare(Call heard, Call said) {
    boolean isSame = heard.arguments().equals(said.arguments())
        || (!said.arguments().isObject()
            && (heard.arguments().isEmpty()
                || (heard.arguments().size() == 1
                    && heard.arguments().elements().next().equals(said.arguments()))));
    return heard.name().equals(said.name()) && isSame ? 0 : 1;
  }

  /** A stream that neither ends nor says why has broken off, and is told so; two recordings hold several streams. */
  private static boolean isWhole(Recording recording) {
    String body = new String(recording.body(), UTF_8);
    boolean isOne = body.indexOf(COMPLETED) == body.lastIndexOf(COMPLETED);
    boolean ends = recording.meta().path("body").path("terminal_event").asBoolean()
        || !recording.expected().path("finish_reasons").isEmpty();
    return !recording.streaming() || (isOne && ends);
  }

  private static Sdk sdk(String client, String spoken) {
    return CLIENTS.computeIfAbsent(
        client + " to " + spoken,
        pair -> SDKS.get(client).apply("http://127.0.0.1:" + container.port() + "/to/" + spoken));
  }

  private static void assertText(Recording recording, Heard heard) {
    JsonNode expected = recording.expected();
    if (expected.path("choices").asInt(1) <= 1 && !has(recording, "refusal")) {
      String sum = expected.path("text_chars").asInt() == 0
          ? sha256("")
          : expected.path("text_sha256").asText();
      assertThat(sha256(heard.text())).as("text: " + heard.text()).isEqualTo(sum);
    }
  }

  private static void assertUsage(Recording recording, Heard heard) {
    Usage usage = recording.usage();
    if (usage.prompt() != Usage.ABSENT) {
      boolean cacheApart = !usage.promptIncludesCache();
      long cached = Usage.orZero(usage.cacheRead()) + Usage.orZero(usage.cacheWrite());
      long byTools =
          recording.expected().path("usage_raw").path("toolUsePromptTokenCount").asLong();
      long input = usage.prompt() + (cacheApart ? cached : 0) + byTools;
      // some providers report more cached tokens than tokens
      assertThat(heard.input()).as("input tokens").isIn(input, Math.max(input, cached));
      assertThat(Usage.orZero(heard.cached()))
          .as("cached tokens")
          .isEqualTo(Usage.orZero(usage.cacheRead()));
    }
    if (usage.completion() != Usage.ABSENT) {
      assertThat(heard.output())
          .as("output tokens")
          .isIn(
              usage.completion(),
              usage.completion() + Usage.orZero(usage.reasoning()),
              usage.total() - usage.prompt());
    }
  }

  /** What was to be called: names as they were found when it was recorded, arguments as read here. */
  private static List<Call> calls(Recording recording) throws IOException {
    Chat chat = (Chat) Protocols.dialect(recording.protocol()).orElseThrow();
    List<Call> calls = recording.streaming()
        ? streamed(chat, recording)
        : whole(chat.answer((ObjectNode) JSON.readTree(recording.body())));
    List<String> names = new ArrayList<>();
    recording.expected().path("tool_names").forEach(name -> names.add(name.asText()));
    names.remove(""); // of a legacy call that is none
    if (recording.expected().path("choices").asInt(1) <= 1) {
      assertThat(calls).extracting(Call::name).hasSameElementsAs(names);
    }
    return calls;
  }

  private static List<Call> whole(Response response) {
    return response.candidates().get(0).parts().stream()
        .filter(Part.ToolCall.class::isInstance)
        .map(Part.ToolCall.class::cast)
        .map(call -> new Call(call.name(), Sdk.arguments(call.arguments())))
        .toList();
  }

  private static List<Call> streamed(Chat chat, Recording recording) {
    List<String> names = new ArrayList<>();
    List<StringBuilder> arguments = new ArrayList<>();
    Map<Integer, Integer> calls = new HashMap<>();
    Transducer<Event, Delta> decoder = chat.decoder();
    Transducer<ByteBuffer, Piece> framing =
        StreamFormat.of(recording.contentType()).decoder();
    java.util.function.Consumer<Delta> hear = delta -> {
      if (delta instanceof Delta.Opened opened
          && opened.candidate() == 0
          && opened.beginning() instanceof Part.ToolCall call) {
        calls.put(opened.part(), names.size());
        names.add(call.name());
        arguments.add(new StringBuilder(call.arguments()));
      } else if (delta instanceof Delta.Grown grown
          && grown.candidate() == 0
          && calls.containsKey(grown.part())) {
        arguments.get(calls.get(grown.part())).append(grown.more());
      }
    };
    java.util.function.Consumer<Piece> pieces = piece -> {
      if (piece instanceof Event event && event.hasData()) {
        decoder.next(event, hear);
      }
    };
    framing.next(ByteBuffer.wrap(recording.body()), pieces);
    framing.end(pieces);
    decoder.end(hear);
    List<Call> heard = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      heard.add(new Call(names.get(i), Sdk.arguments(arguments.get(i).toString())));
    }
    return heard;
  }

  private static boolean has(Recording recording, String feature) {
    return recording.meta().path("features").toString().contains("\"" + feature + "\"");
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
