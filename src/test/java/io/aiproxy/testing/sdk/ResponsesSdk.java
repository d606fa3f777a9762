package io.aiproxy.testing.sdk;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.http.StreamResponse;
import com.openai.models.responses.Response;
import com.openai.models.responses.ResponseCreateParams;
import com.openai.models.responses.ResponseStatus;
import com.openai.models.responses.ResponseStreamEvent;
import com.openai.models.responses.ResponseUsage;
import io.aiproxy.testing.sdk.Heard.Call;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** OpenAI's client and its responses. Of a stream, the pieces must add up to what its last event says. */
public final class ResponsesSdk implements Sdk {
  private static final Set<ResponseStatus> ENDS =
      Set.of(ResponseStatus.COMPLETED, ResponseStatus.INCOMPLETE);

  private final OpenAIClient client;

  public ResponsesSdk(String base) {
    client = OpenAIOkHttpClient.builder()
        .baseUrl(base + "/v1")
        .apiKey("client-key")
        .maxRetries(0)
        .build();
  }

  @Override
  public String protocol() {
    return "openai-responses";
  }

  @Override
  public Heard ask(boolean stream) {
    ResponseCreateParams asked =
        ResponseCreateParams.builder().model("m").input("hi").build();
    return stream ? streamed(asked) : whole(client.responses().create(asked));
  }

  private static Heard whole(Response response) {
    StringBuilder text = new StringBuilder();
    List<Call> calls = new ArrayList<>();
    response.output().forEach(item -> {
      item.message()
          .ifPresent(message -> message.content().forEach(content -> {
            content.outputText().ifPresent(part -> text.append(part.text()));
            content.refusal().ifPresent(part -> text.append(part.refusal()));
          }));
      item.functionCall()
          .ifPresent(call -> calls.add(new Call(call.name(), Sdk.arguments(call.arguments()))));
      item.customToolCall()
          .ifPresent(call -> calls.add(new Call(call.name(), Sdk.arguments(call.input()))));
    });
    Optional<ResponseUsage> usage = response.usage();
    return new Heard(
        text.toString(),
        calls,
        usage.map(ResponseUsage::inputTokens).orElse(-1L),
        usage.map(ResponseUsage::outputTokens).orElse(-1L),
        usage.map(said -> said.inputTokensDetails().cachedTokens()).orElse(-1L),
        response.status().filter(ENDS::contains).isPresent());
  }

  private Heard streamed(ResponseCreateParams asked) {
    StringBuilder text = new StringBuilder();
    StringBuilder arguments = new StringBuilder();
    List<Response> last = new ArrayList<>();
    List<Long> numbers = new ArrayList<>();
    try (StreamResponse<ResponseStreamEvent> stream = client.responses().createStreaming(asked)) {
      stream.stream().forEach(event -> {
        event.outputTextDelta().ifPresent(delta -> {
          text.append(delta.delta());
          numbers.add(delta.sequenceNumber());
        });
        event.refusalDelta().ifPresent(delta -> text.append(delta.delta()));
        event.functionCallArgumentsDelta().ifPresent(delta -> arguments.append(delta.delta()));
        event.completed().ifPresent(completed -> last.add(completed.response()));
        event.incomplete().ifPresent(incomplete -> last.add(incomplete.response()));
      });
    }
    if (last.size() != 1) {
      throw new AssertionError("one end is wanted, not " + last.size());
    }
    Heard whole = whole(last.get(0));
    if (!whole.text().contentEquals(text)) {
      throw new AssertionError("the pieces say " + text + ", the end says " + whole.text());
    }
    return whole;
  }

  @Override
  public void close() {
    client.close();
  }
}
