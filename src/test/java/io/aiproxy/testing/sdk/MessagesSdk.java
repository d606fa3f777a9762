package io.aiproxy.testing.sdk;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.core.http.StreamResponse;
import com.anthropic.helpers.MessageAccumulator;
import com.anthropic.models.messages.Message;
import com.anthropic.models.messages.MessageCreateParams;
import com.anthropic.models.messages.RawMessageStreamEvent;
import com.anthropic.models.messages.Usage;
import com.fasterxml.jackson.databind.JsonNode;
import io.aiproxy.testing.sdk.Heard.Call;
import java.util.ArrayList;
import java.util.List;

/** Anthropic's client. */
public final class MessagesSdk implements Sdk {
  private final AnthropicClient client;

  public MessagesSdk(String base) {
    client = AnthropicOkHttpClient.builder()
        .baseUrl(base)
        .apiKey("client-key")
        .maxRetries(0)
        .build();
  }

  @Override
  public String protocol() {
    return "anthropic-messages";
  }

  @Override
  public Heard ask(boolean stream) {
    MessageCreateParams asked = MessageCreateParams.builder()
        .model("m")
        .maxTokens(100)
        .addUserMessage("hi")
        .build();
    if (!stream) {
      return whole(client.messages().create(asked));
    }
    MessageAccumulator accumulator = MessageAccumulator.create();
    int[] stops = new int[1];
    try (StreamResponse<RawMessageStreamEvent> events = client.messages().createStreaming(asked)) {
      events.stream().forEach(event -> {
        accumulator.accumulate(event);
        stops[0] += event.messageStop().isPresent() ? 1 : 0;
      });
    }
    if (stops[0] != 1) {
      throw new AssertionError("one message_stop is wanted, not " + stops[0]);
    }
    return whole(accumulator.message());
  }

  private static Heard whole(Message message) {
    StringBuilder text = new StringBuilder();
    List<Call> calls = new ArrayList<>();
    message.content().forEach(block -> {
      block.text().ifPresent(it -> text.append(it.text()));
      block.toolUse().ifPresent(it -> calls.add(new Call(it.name(), input(it._input()))));
    });
    Usage usage = message.usage();
    long read = usage.cacheReadInputTokens().orElse(-1L);
    long written = usage.cacheCreationInputTokens().orElse(0L);
    return new Heard(
        text.toString(),
        calls,
        usage.inputTokens() + Math.max(0, read) + written,
        usage.outputTokens(),
        read,
        message.stopReason().isPresent());
  }

  private static JsonNode input(com.anthropic.core.JsonValue value) {
    JsonNode tree = value.convert(JsonNode.class);
    return tree == null ? Sdk.arguments("") : tree;
  }

  @Override
  public void close() {
    client.close();
  }
}
