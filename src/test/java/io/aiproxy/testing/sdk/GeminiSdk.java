package io.aiproxy.testing.sdk;

import com.google.genai.Client;
import com.google.genai.ResponseStream;
import com.google.genai.types.Candidate;
import com.google.genai.types.Content;
import com.google.genai.types.GenerateContentConfig;
import com.google.genai.types.GenerateContentResponse;
import com.google.genai.types.GenerateContentResponseUsageMetadata;
import com.google.genai.types.HttpOptions;
import com.google.genai.types.HttpRetryOptions;
import com.google.genai.types.Part;
import io.aiproxy.testing.sdk.Heard.Call;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Google's client. */
public final class GeminiSdk implements Sdk {
  private static final GenerateContentConfig PLAIN =
      GenerateContentConfig.builder().build();

  private final Client client;

  public GeminiSdk(String base) {
    client = Client.builder()
        .apiKey("client-key")
        .httpOptions(HttpOptions.builder()
            .baseUrl(base)
            .apiVersion("v1beta")
            .retryOptions(HttpRetryOptions.builder().attempts(1).build())
            .build())
        .build();
  }

  @Override
  public String protocol() {
    return "gemini-generate";
  }

  @Override
  public Heard ask(boolean stream) {
    List<GenerateContentResponse> heard = new ArrayList<>();
    if (stream) {
      try (ResponseStream<GenerateContentResponse> pieces =
          client.models.generateContentStream("m", "hi", PLAIN)) {
        pieces.forEach(heard::add);
      }
    } else {
      heard.add(client.models.generateContent("m", "hi", PLAIN));
    }
    return sum(heard);
  }

  private static Heard sum(List<GenerateContentResponse> pieces) {
    StringBuilder text = new StringBuilder();
    List<Call> calls = new ArrayList<>();
    long[] usage = {-1, -1, -1};
    int ends = 0;
    for (GenerateContentResponse piece : pieces) {
      for (Candidate candidate : piece.candidates().orElse(List.of())) {
        if (candidate.index().orElse(0) == 0) {
          candidate.content().flatMap(Content::parts).orElse(List.of()).forEach(part -> {
            hear(part, text, calls);
          });
          ends += candidate.finishReason().isPresent() ? 1 : 0;
        }
      }
      piece.usageMetadata().ifPresent(said -> count(said, usage));
    }
    return new Heard(text.toString(), calls, usage[0], usage[1], usage[2], ends == 1);
  }

  private static void hear(Part part, StringBuilder text, List<Call> calls) {
    if (!part.thought().orElse(false)) {
      part.text().ifPresent(text::append);
    }
    part.functionCall()
        .ifPresent(call ->
            calls.add(new Call(call.name().orElse(""), Sdk.tree(call.args().orElse(Map.of())))));
  }

  private static void count(GenerateContentResponseUsageMetadata said, long[] usage) {
    usage[0] =
        said.promptTokenCount().orElse(0) + said.toolUsePromptTokenCount().orElse(0);
    usage[1] = said.candidatesTokenCount().orElse(0) + said.thoughtsTokenCount().orElse(0);
    usage[2] = said.cachedContentTokenCount().orElse(-1);
  }

  @Override
  public void close() {
    client.close();
  }
}
