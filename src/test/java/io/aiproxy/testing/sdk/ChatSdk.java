package io.aiproxy.testing.sdk;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.http.StreamResponse;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionMessage;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.completions.CompletionUsage;
import io.aiproxy.testing.sdk.Heard.Call;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** OpenAI's client and its chat completions. */
public final class ChatSdk implements Sdk {
  private final OpenAIClient client;

  public ChatSdk(String base) {
    client = OpenAIOkHttpClient.builder()
        .baseUrl(base + "/v1")
        .apiKey("client-key")
        .maxRetries(0)
        .build();
  }

  @Override
  public String protocol() {
    return "openai-chat";
  }

  @Override
  public Heard ask(boolean stream) {
    ChatCompletionCreateParams.Builder asked =
        ChatCompletionCreateParams.builder().model("m").addUserMessage("hi");
    return stream ? streamed(asked) : whole(client.chat().completions().create(asked.build()));
  }

  private static Heard whole(ChatCompletion chat) {
    ChatCompletionMessage message = chat.choices().get(0).message();
    List<Call> calls = new ArrayList<>();
    message.toolCalls().orElse(List.of()).forEach(call -> {
      call.function()
          .ifPresent(it -> calls.add(
              new Call(it.function().name(), Sdk.arguments(it.function().arguments()))));
      call.custom()
          .ifPresent(it ->
              calls.add(new Call(it.custom().name(), Sdk.arguments(it.custom().input()))));
    });
    String text = message.content().orElse("") + message.refusal().orElse("");
    return heard(
        text,
        calls,
        chat.usage(),
        !chat.choices().get(0).finishReason().asString().isEmpty());
  }

  private Heard streamed(ChatCompletionCreateParams.Builder asked) {
    asked.streamOptions(ChatCompletionStreamOptions.builder().includeUsage(true).build());
    StringBuilder text = new StringBuilder();
    Map<Long, String> names = new TreeMap<>();
    Map<Long, StringBuilder> arguments = new TreeMap<>();
    List<CompletionUsage> usages = new ArrayList<>();
    List<String> ends = new ArrayList<>();
    try (StreamResponse<ChatCompletionChunk> stream =
        client.chat().completions().createStreaming(asked.build())) {
      stream.stream().forEach(chunk -> {
        chunk.usage().ifPresent(usages::add);
        chunk.choices().stream().filter(choice -> choice.index() == 0).forEach(choice -> {
          text.append(choice.delta().content().orElse(""));
          text.append(choice.delta().refusal().orElse(""));
          choice.finishReason().ifPresent(reason -> ends.add(reason.asString()));
          choice
              .delta()
              .toolCalls()
              .orElse(List.of())
              .forEach(call -> call.function().ifPresent(function -> {
                function.name().ifPresent(name -> names.put(call.index(), name));
                arguments
                    .computeIfAbsent(call.index(), index -> new StringBuilder())
                    .append(function.arguments().orElse(""));
              }));
        });
      });
    }
    List<Call> calls = new ArrayList<>();
    names.forEach((index, name) ->
        calls.add(new Call(name, Sdk.arguments(String.valueOf(arguments.get(index))))));
    Optional<CompletionUsage> last =
        usages.isEmpty() ? Optional.empty() : Optional.of(usages.get(usages.size() - 1));
    return heard(text.toString(), calls, last, ends.size() == 1);
  }

  private static Heard heard(
      String text, List<Call> calls, Optional<CompletionUsage> usage, boolean ended) {
    return new Heard(
        text,
        calls,
        usage.map(CompletionUsage::promptTokens).orElse(-1L),
        usage.map(CompletionUsage::completionTokens).orElse(-1L),
        usage
            .flatMap(CompletionUsage::promptTokensDetails)
            .flatMap(CompletionUsage.PromptTokensDetails::cachedTokens)
            .orElse(-1L),
        ended);
  }

  @Override
  public void close() {
    client.close();
  }
}
