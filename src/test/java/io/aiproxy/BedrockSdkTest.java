package io.aiproxy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.aiproxy.testing.Recording;
import io.aiproxy.testing.Replay;
import io.aiproxy.testing.ScriptedUpstream.Request;
import io.aiproxy.testing.SigV4Judge;
import io.aiproxy.usage.Usage;
import io.aiproxy.wire.AwsFrame;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.Protocol;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeAsyncClient;
import software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeClient;
import software.amazon.awssdk.services.bedrockruntime.model.BedrockRuntimeException;
import software.amazon.awssdk.services.bedrockruntime.model.ContentBlock;
import software.amazon.awssdk.services.bedrockruntime.model.ConversationRole;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseResponse;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseStreamResponseHandler;
import software.amazon.awssdk.services.bedrockruntime.model.Message;
import software.amazon.awssdk.services.bedrockruntime.model.ThrottlingException;
import software.amazon.awssdk.services.bedrockruntime.model.TokenUsage;

/** Amazon's own client reads through the gateway what it is known that Bedrock said. */
class BedrockSdkTest {
  private static final int SEED = 7;
  private static final String MODEL = "amazon.nova-lite-v1:0";
  private static final String PROFILE =
      "arn:aws:bedrock:eu-west-1:123456789012:application-inference-profile/abc";

  private static Rig rig;
  private static BedrockRuntimeClient client;
  private static BedrockRuntimeAsyncClient streaming;

  @BeforeAll
  static void start() {
    rig = new Rig();
    URI gateway = URI.create("http://127.0.0.1:" + rig.port());
    StaticCredentialsProvider own =
        StaticCredentialsProvider.create(AwsBasicCredentials.create("client", "secret"));
    client = BedrockRuntimeClient.builder()
        .endpointOverride(gateway)
        .region(Region.EU_WEST_1)
        .credentialsProvider(own)
        .httpClient(UrlConnectionHttpClient.create())
        .overrideConfiguration(config -> config.retryStrategy(DefaultRetryStrategy.doNotRetry()))
        .build();
    streaming = BedrockRuntimeAsyncClient.builder()
        .endpointOverride(gateway)
        .region(Region.EU_WEST_1)
        .credentialsProvider(own)
        .httpClient(NettyNioAsyncHttpClient.builder().protocol(Protocol.HTTP1_1).build())
        .overrideConfiguration(config -> config.retryStrategy(DefaultRetryStrategy.doNotRetry()))
        .build();
  }

  @AfterAll
  static void stop() {
    streaming.close();
    client.close();
    rig.close();
  }

  static Stream<Recording> documents() {
    return Recording.of("bedrock-converse")
        .filter(recording -> recording.status() == 200 && !recording.streaming());
  }

  static Stream<Recording> streams() {
    return Recording.of("bedrock-converse")
        .filter(recording -> recording.status() == 200 && recording.streaming());
  }

  static Stream<Recording> errors() {
    return Recording.of("bedrock-converse").filter(recording -> recording.status() >= 400);
  }

  private static ConverseResponse converse(String model) {
    return client.converse(request -> request.modelId(model).messages(question()));
  }

  private static Message question() {
    return Message.builder()
        .role(ConversationRole.USER)
        .content(ContentBlock.fromText("hi"))
        .build();
  }

  @ParameterizedTest
  @MethodSource("documents")
  void readsADocument(Recording recording) {
    rig.upstream().answers(new Replay(recording, SEED));

    ConverseResponse answer = converse(MODEL);

    assertThat(answer.stopReasonAsString())
        .isEqualTo(recording.expected().path("finish_reason").asText());
    assertUsage(recording, answer.usage());
    assertThat(
            answer.output().message().content().stream().filter(block -> block.toolUse() != null))
        .hasSize(recording.expected().path("tool_calls").asInt());
  }

  @ParameterizedTest
  @MethodSource("streams")
  void readsAStream(Recording recording) throws Exception {
    rig.upstream().answers(new Replay(recording, SEED));

    Streamed streamed = streamed();

    assertThat(streamed.text())
        .startsWith(recording.expected().path("text_head").asText(""));
    assertThat(streamed.text().length())
        .isEqualTo(recording.expected().path("text_chars").asInt());
    assertThat(streamed.stop().toString())
        .isEqualTo(recording.expected().path("finish_reason").asText());
    assertUsage(recording, streamed.usage().get(0));
  }

  @ParameterizedTest
  @MethodSource("errors")
  void raisesWhatTheProviderSaysWhenItFails(Recording recording) {
    rig.upstream().answers(new Replay(recording, SEED));

    BedrockRuntimeException raised =
        catchThrowableOfType(BedrockRuntimeException.class, () -> converse(MODEL));

    assertThat(raised.statusCode()).isEqualTo(recording.status());
    assertThat(raised.awsErrorDetails().errorMessage()).isNotEmpty();
  }

  @Test
  void raisesThatAStreamFailed() throws Exception {
    byte[] start = AwsFrame.of("event", "messageStart", "{\"role\":\"assistant\"}".getBytes(UTF_8))
        .array();
    byte[] failure = AwsFrame.of(
            "exception", "throttlingException", "{\"message\":\"slow down\"}".getBytes(UTF_8))
        .array();
    rig.upstream()
        .answers(turn -> turn.header("Content-Type", "application/vnd.amazon.eventstream")
            .chunk(start)
            .chunk(failure)
            .end());

    ExecutionException raised =
        catchThrowableOfType(ExecutionException.class, BedrockSdkTest::streamed);

    assertThat(raised.getCause())
        .isInstanceOf(ThrottlingException.class)
        .hasMessageContaining("slow down");
  }

  @Test
  void raisesThatAStreamBrokeOff() {
    byte[] start = AwsFrame.of("event", "messageStart", "{\"role\":\"assistant\"}".getBytes(UTF_8))
        .array();
    rig.upstream()
        .answers(turn -> turn.header("Content-Type", "application/vnd.amazon.eventstream")
            .chunk(start)
            .raw("5\r\nxx")
            .close());

    ExecutionException raised =
        catchThrowableOfType(ExecutionException.class, BedrockSdkTest::streamed);

    assertThat(raised).isNotNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {MODEL, PROFILE})
  void asksForTheModelThatTheClientNames(String model) {
    rig.upstream().answers(turn -> turn.json("{\"output\":{},\"stopReason\":\"end_turn\"}"));

    converse(model);

    assertThat(last().target())
        .isEqualTo("/model/" + model.replace(":", "%3A").replace("/", "%2F") + "/converse");
  }

  @Test
  void signsWithTheGatewaysKeyAndNotWithTheClients() {
    rig.upstream().answers(turn -> turn.json("{\"output\":{},\"stopReason\":\"end_turn\"}"));

    converse(PROFILE);

    Request sent = last();
    assertThat(sent.headers().first("authorization").orElseThrow())
        .contains("Credential=AKIDEXAMPLE/", "/eu-west-1/bedrock/");
    SigV4Judge judge =
        new SigV4Judge(Rig.AWS_SECRET, sent.method(), sent.target(), sent.headers(), sent.body());
    assertThat(judge.claimed()).isEqualTo(judge.due());
  }

  private static Request last() {
    List<Request> requests = rig.upstream().requests();
    return requests.get(requests.size() - 1);
  }

  /** What came of a stream. */
  private record Streamed(StringBuilder text, StringBuilder stop, List<TokenUsage> usage) {}

  private static Streamed streamed() throws ExecutionException, InterruptedException {
    Streamed streamed = new Streamed(new StringBuilder(), new StringBuilder(), new ArrayList<>());
    ConverseStreamResponseHandler handler = ConverseStreamResponseHandler.builder()
        .subscriber(ConverseStreamResponseHandler.Visitor.builder()
            .onContentBlockDelta(piece -> {
              if (piece.delta().text() != null) {
                streamed.text().append(piece.delta().text());
              }
            })
            .onMessageStop(stop -> streamed.stop().append(stop.stopReasonAsString()))
            .onMetadata(metadata -> streamed.usage().add(metadata.usage()))
            .build())
        .build();
    streaming
        .converseStream(request -> request.modelId(MODEL).messages(question()), handler)
        .get();
    return streamed;
  }

  private static void assertUsage(Recording recording, TokenUsage usage) {
    Usage expected = recording.usage();
    assertThat(usage.inputTokens().longValue()).isEqualTo(expected.prompt());
    assertThat(usage.outputTokens().longValue()).isEqualTo(expected.completion());
    assertThat(usage.totalTokens().longValue()).isEqualTo(expected.total());
  }
}
