package io.aiproxy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.anthropic.errors.AnthropicServiceException;
import com.google.genai.errors.ApiException;
import com.openai.errors.OpenAIServiceException;
import io.aiproxy.testing.JettyContainer;
import io.aiproxy.testing.ScriptedUpstream;
import io.aiproxy.testing.ScriptedUpstream.Script;
import io.aiproxy.testing.Settings;
import io.aiproxy.testing.Stage;
import io.aiproxy.testing.sdk.ChatSdk;
import io.aiproxy.testing.sdk.ConverseSdk;
import io.aiproxy.testing.sdk.GeminiSdk;
import io.aiproxy.testing.sdk.Heard;
import io.aiproxy.testing.sdk.MessagesSdk;
import io.aiproxy.testing.sdk.ResponsesSdk;
import io.aiproxy.testing.sdk.Sdk;
import io.aiproxy.wire.AwsFrame;
import jakarta.servlet.ServletException;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

/**
 * What an upstream says of its failure is raised by the official client of another protocol as an error of its own kind, and a
 * stream that fails or breaks off is never taken for an answer.
 */
class TranslatedErrorsTest {
  private static final List<Integer> STATUSES =
      List.of(400, 401, 403, 404, 413, 429, 500, 503, 529);

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

  /**
   * An upstream's way to fail.
   *
   * @param error of an answer, with {@code %d} for the status
   * @param type of the stream
   * @param output the first events of a stream
   * @param failure an event in the middle of one
   */
  private record Speaker(
      String protocol, String provider, String error, String type, byte[] output, byte[] failure) {
    @Override
    public String toString() {
      return protocol;
    }
  }

  private static final String SSE = "text/event-stream";
  private static final String OPENAI =
      "{'error':{'message':'boom','type':'server_error','param':null,'code':null}}";

  private static final List<Speaker> SPEAKERS = List.of(
      new Speaker(
          "openai-chat",
          "openai",
          OPENAI,
          SSE,
          data("{'id':'c','model':'m','choices':[{'index':0,'delta':{'content':'hi'}}]}"),
          data(OPENAI)),
      new Speaker(
          "openai-responses",
          "openai",
          OPENAI,
          SSE,
          data(
              "{'type':'response.created','response':{'id':'resp_1','model':'m','created_at':1}}",
              "{'type':'response.output_item.added','output_index':0,"
                  + "'item':{'type':'message','id':'msg_1','role':'assistant','content':[]}}",
              "{'type':'response.content_part.added','item_id':'msg_1','output_index':0,"
                  + "'content_index':0,'part':{'type':'output_text','text':'','annotations':[]}}",
              "{'type':'response.output_text.delta','item_id':'msg_1','output_index':0,"
                  + "'content_index':0,'delta':'hi'}"),
          data("{'type':'error','code':'server_error','message':'boom','sequence_number':5}")),
      new Speaker(
          "anthropic-messages",
          "anthropic",
          "{'type':'error','error':{'type':'api_error','message':'boom'}}",
          SSE,
          data(
              "{'type':'message_start','message':{'id':'msg_1','model':'m','role':'assistant',"
                  + "'content':[],'usage':{'input_tokens':1,'output_tokens':1}}}",
              "{'type':'content_block_start','index':0,'content_block':{'type':'text','text':''}}",
              "{'type':'content_block_delta','index':0,'delta':{'type':'text_delta','text':'hi'}}"),
          data("{'type':'error','error':{'type':'overloaded_error','message':'boom'}}")),
      new Speaker(
          "gemini-generate",
          "gemini",
          "{'error':{'code':%d,'message':'boom','status':'UNKNOWN'}}",
          SSE,
          data("{'candidates':[{'content':{'role':'model','parts':[{'text':'hi'}]},'index':0}]}"),
          data("{'error':{'code':503,'message':'boom','status':'UNAVAILABLE'}}")),
      new Speaker(
          "bedrock-converse",
          "bedrock",
          "{'message':'boom'}",
          "application/vnd.amazon.eventstream",
          joined(
              frame(AwsFrame.EVENT, "messageStart", "{'role':'assistant'}"),
              frame(
                  AwsFrame.EVENT,
                  "contentBlockDelta",
                  "{'contentBlockIndex':0,'delta':{'text':'hi'}}")),
          frame(AwsFrame.EXCEPTION, "modelStreamErrorException", "{'message':'boom'}")),
      new Speaker(
          "cohere-chat",
          "cohere",
          "{'message':'boom'}",
          SSE,
          data(
              "{'type':'message-start','id':'i','delta':{'message':{'role':'assistant'}}}",
              "{'type':'content-start','index':0,'delta':{'message':{'content':{'type':'text','text':''}}}}",
              "{'type':'content-delta','index':0,'delta':{'message':{'content':{'text':'hi'}}}}"),
          data("{'type':'message-end','delta':{'finish_reason':'ERROR','error':'boom'}}")),
      new Speaker(
          "ollama-chat",
          "ollama",
          "{'error':'boom'}",
          "application/x-ndjson",
          line("{'model':'m','created_at':'2026-01-01T00:00:00Z',"
              + "'message':{'role':'assistant','content':'hi'},'done':false}"),
          line("{'error':'boom'}")));

  private static byte[] data(String... events) {
    return Stream.of(events)
        .map(event -> "data: " + event.replace('\'', '"') + "\n\n")
        .collect(Collectors.joining())
        .getBytes(UTF_8);
  }

  private static byte[] line(String json) {
    return (json.replace('\'', '"') + "\n").getBytes(UTF_8);
  }

  private static byte[] frame(String type, String name, String json) {
    return AwsFrame.of(type, name, json.replace('\'', '"').getBytes(UTF_8)).array();
  }

  private static byte[] joined(byte[]... frames) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] frame : frames) {
      all.writeBytes(frame);
    }
    return all.toByteArray();
  }

  @BeforeAll
  static void start() throws ServletException {
    upstream = ScriptedUpstream.open();
    container = JettyContainer.open(STAGE, Duration.ofSeconds(30));
    String routes =
        SPEAKERS.stream().map(TranslatedErrorsTest::route).collect(Collectors.joining(","));
    gateway = Gateway.open(Settings.configuration("[" + routes + "]"));
    AiProxyFilter filter = new AiProxyFilter(gateway);
    filter.init(STAGE.config());
    STAGE.has(filter);
  }

  private static String route(Speaker speaker) {
    return ("{'uri':'/to/%s/*','plugins':{'ai-proxy':{'provider':'%s','auth':{'header':{'X-Key':'k'}},"
            + "'provider_conf':{'region':'us-east-1'},"
            + "'override':{'endpoint':'%s','protocol':'%s'}}}}")
        .formatted(speaker.protocol(), speaker.provider(), upstream.url(), speaker.protocol());
  }

  @AfterAll
  static void stop() {
    CLIENTS.values().forEach(Sdk::close);
    gateway.close();
    container.close();
    upstream.close();
  }

  static Stream<Arguments> pairs() {
    return SDKS.keySet().stream()
        .sorted()
        .flatMap(client -> SPEAKERS.stream()
            .filter(speaker -> !speaker.protocol().equals(client))
            .map(speaker -> Arguments.of(client, speaker)));
  }

  @ParameterizedTest(name = "{0} from {1}")
  @MethodSource("pairs")
  void raisesWhatTheUpstreamAnswers(String client, Speaker speaker) {
    for (int status : STATUSES) {
      for (boolean stream : new boolean[] {false, true}) {
        upstream.answers(turn -> turn.status(status)
            .header("Retry-After", "7")
            .json(speaker.error().replace("%d", "" + status).replace('\'', '"')));

        Throwable thrown = catchThrowable(() -> sdk(client, speaker).ask(stream));

        String as = status + (stream ? " of a stream: " : ": ") + thrown;
        assertThat(status(thrown)).as(as).isEqualTo(status);
        assertThat(thrown).as(as).hasMessageContaining("boom");
        retryAfter(thrown).ifPresent(after -> assertThat(after).as(as).isEqualTo("7"));
      }
    }
  }

  @ParameterizedTest(name = "{0} from {1}")
  @MethodSource("pairs")
  void raisesAPageThatIsNoErrorOfTheProviders(String client, Speaker speaker) {
    upstream.answers(
        turn -> turn.status(502).body("text/html", "<h1>Bad Gateway</h1>".getBytes(UTF_8)));

    assertThat(status(catchThrowable(() -> sdk(client, speaker).ask(true)))).isEqualTo(502);
  }

  @ParameterizedTest(name = "{0} from {1}")
  @MethodSource("pairs")
  void raisesAStreamThatBreaksOffBeforeItBegins(String client, Speaker speaker) {
    assertRaised(
        client, speaker, turn -> turn.header("Content-Type", speaker.type()).sse());
    assertRaised(
        client,
        speaker,
        turn -> turn.header("Content-Type", speaker.type()).begin().close());
  }

  @ParameterizedTest(name = "{0} from {1}")
  @MethodSource("pairs")
  void raisesAStreamThatBreaksOffInTheMiddle(String client, Speaker speaker) {
    assertRaised(
        client,
        speaker,
        turn ->
            turn.header("Content-Type", speaker.type()).chunk(speaker.output()).end());
    assertRaised(
        client,
        speaker,
        turn ->
            turn.header("Content-Type", speaker.type()).chunk(speaker.output()).close());
  }

  @ParameterizedTest(name = "{0} from {1}")
  @MethodSource("pairs")
  void raisesAnErrorInTheMiddleOfAStream(String client, Speaker speaker) {
    assertRaised(
        client,
        speaker,
        turn -> turn.header("Content-Type", speaker.type())
            .chunk(joined(speaker.output(), speaker.failure()))
            .end());
  }

  @ParameterizedTest(name = "{0} from {1}")
  @MethodSource("pairs")
  void raisesAnErrorInTheBeginningOfAStream(String client, Speaker speaker) {
    assertRaised(
        client,
        speaker,
        turn ->
            turn.header("Content-Type", speaker.type()).chunk(speaker.failure()).end());
  }

  private static void assertRaised(String client, Speaker speaker, Script script) {
    upstream.answers(script);

    Throwable thrown = catchThrowable(() -> {
      Heard heard = sdk(client, speaker).ask(true);
      assertThat(heard).as("taken for an answer").isNull();
    });

    assertThat(thrown).isInstanceOf(RuntimeException.class);
  }

  private static Sdk sdk(String client, Speaker speaker) {
    return CLIENTS.computeIfAbsent(
        client + " to " + speaker,
        pair -> SDKS.get(client).apply("http://127.0.0.1:" + container.port() + "/to/" + speaker));
  }

  /** As each client's own kind of error has it; -1 of any other. */
  private static int status(Throwable thrown) {
    Throwable cause = thrown instanceof CompletionException ? thrown.getCause() : thrown;
    if (cause instanceof OpenAIServiceException error) {
      return error.statusCode();
    } else if (cause instanceof AnthropicServiceException error) {
      return error.statusCode();
    } else if (cause instanceof ApiException error) {
      return error.code();
    }
    return cause instanceof AwsServiceException error ? error.statusCode() : -1;
  }

  /** Google's client does not tell. */
  private static Optional<String> retryAfter(Throwable thrown) {
    if (thrown instanceof OpenAIServiceException error) {
      return error.headers().values("Retry-After").stream().findFirst();
    } else if (thrown instanceof AnthropicServiceException error) {
      return error.headers().values("Retry-After").stream().findFirst();
    }
    return Optional.empty();
  }
}
