package io.aiproxy.testing.sdk;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aiproxy.testing.sdk.Heard.Call;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.document.Document;
import software.amazon.awssdk.http.Protocol;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeAsyncClient;
import software.amazon.awssdk.services.bedrockruntime.model.ContentBlock;
import software.amazon.awssdk.services.bedrockruntime.model.ConversationRole;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseResponse;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseStreamResponseHandler;
import software.amazon.awssdk.services.bedrockruntime.model.Message;
import software.amazon.awssdk.services.bedrockruntime.model.TokenUsage;

/** Amazon's client and its Converse. */
public final class ConverseSdk implements Sdk {
  private static final Message HI = Message.builder()
      .role(ConversationRole.USER)
      .content(ContentBlock.fromText("hi"))
      .build();

  private final BedrockRuntimeAsyncClient client;

  public ConverseSdk(String base) {
    client = BedrockRuntimeAsyncClient.builder()
        .endpointOverride(URI.create(base))
        .region(Region.US_EAST_1)
        .credentialsProvider(
            StaticCredentialsProvider.create(AwsBasicCredentials.create("client", "key")))
        .httpClient(NettyNioAsyncHttpClient.builder().protocol(Protocol.HTTP1_1).build())
        .overrideConfiguration(it -> it.retryStrategy(retry -> retry.maxAttempts(1)))
        .build();
  }

  @Override
  public String protocol() {
    return "bedrock-converse";
  }

  @Override
  public Heard ask(boolean stream) {
    try {
      return stream
          ? streamed()
          : whole(client.converse(it -> it.modelId("m").messages(HI)).join());
    } catch (CompletionException failed) {
      throw failed.getCause() instanceof RuntimeException cause ? cause : failed;
    }
  }

  private static Heard whole(ConverseResponse response) {
    StringBuilder text = new StringBuilder();
    List<Call> calls = new ArrayList<>();
    response.output().message().content().forEach(block -> {
      if (block.text() != null) {
        text.append(block.text());
      }
      if (block.citationsContent() != null) {
        block.citationsContent().content().forEach(part -> text.append(part.text()));
      }
      if (block.toolUse() != null) {
        calls.add(new Call(block.toolUse().name(), tree(block.toolUse().input())));
      }
    });
    return heard(text.toString(), calls, response.usage(), response.stopReasonAsString() != null);
  }

  private Heard streamed() {
    StringBuilder text = new StringBuilder();
    Map<Integer, String> names = new TreeMap<>();
    Map<Integer, StringBuilder> inputs = new TreeMap<>();
    List<TokenUsage> usage = new ArrayList<>();
    int[] stops = new int[1];
    ConverseStreamResponseHandler.Visitor visitor = ConverseStreamResponseHandler.Visitor.builder()
        .onContentBlockStart(event -> {
          if (event.start().toolUse() != null) {
            names.put(event.contentBlockIndex(), event.start().toolUse().name());
            inputs.put(event.contentBlockIndex(), new StringBuilder());
          }
        })
        .onContentBlockDelta(event -> {
          if (event.delta().text() != null) {
            text.append(event.delta().text());
          }
          if (event.delta().toolUse() != null) {
            inputs.get(event.contentBlockIndex()).append(event.delta().toolUse().input());
          }
        })
        .onMessageStop(event -> stops[0]++)
        .onMetadata(event -> usage.add(event.usage()))
        .build();
    client
        .converseStream(
            it -> it.modelId("m").messages(HI),
            ConverseStreamResponseHandler.builder().subscriber(visitor).build())
        .join();
    List<Call> calls = new ArrayList<>();
    names.forEach((index, name) ->
        calls.add(new Call(name, Sdk.arguments(inputs.get(index).toString()))));
    return usage.isEmpty()
        ? new Heard(text.toString(), calls, -1, -1, -1, stops[0] == 1)
        : heard(text.toString(), calls, usage.get(usage.size() - 1), stops[0] == 1);
  }

  private static Heard heard(String text, List<Call> calls, TokenUsage usage, boolean ended) {
    if (usage == null) {
      return new Heard(text, calls, -1, -1, -1, ended);
    }
    long read = usage.cacheReadInputTokens() == null ? -1 : usage.cacheReadInputTokens();
    long written = usage.cacheWriteInputTokens() == null ? 0 : usage.cacheWriteInputTokens();
    return new Heard(
        text,
        calls,
        usage.inputTokens() + Math.max(0, read) + written,
        usage.outputTokens(),
        read,
        ended);
  }

  private static JsonNode tree(Document document) {
    if (document.isMap()) {
      ObjectNode object = JsonNodeFactory.instance.objectNode();
      document.asMap().forEach((name, value) -> object.set(name, tree(value)));
      return object;
    }
    if (document.isList()) {
      ArrayNode array = JsonNodeFactory.instance.arrayNode();
      document.asList().forEach(value -> array.add(tree(value)));
      return array;
    }
    return document.isNumber()
        ? Sdk.arguments(document.asNumber().stringValue())
        : Sdk.tree(document.unwrap());
  }

  @Override
  public void close() {
    client.close();
  }
}
