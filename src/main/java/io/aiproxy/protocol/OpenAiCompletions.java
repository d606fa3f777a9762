package io.aiproxy.protocol;

import io.aiproxy.json.JsonPaths;
import io.aiproxy.json.JsonValue;
import io.aiproxy.ledger.Answer;

/** Completions, which chat has taken the place of: a prompt goes on. A stream is in chunks like a chat's, and ends as one does. */
final class OpenAiCompletions extends OpenAiProtocol {
  private static final int USAGE = 0;
  private static final int MODEL = 1;
  private static final int FINISH = 2;
  private static final int TEXT = 3;
  private static final int ERROR = 4;

  private static final JsonPaths PATHS = JsonPaths.builder()
      .add("usage", USAGE)
      .add("model", MODEL)
      .add("choices[].finish_reason", FINISH)
      .add("choices[].text", TEXT)
      .add("error", ERROR)
      .build();

  OpenAiCompletions() {
    super("openai-completions");
  }

  @Override
  public boolean isEndpoint(String path) {
    return path.endsWith("/completions") && !path.endsWith("/chat/completions");
  }

  /** Some post chats to this path. */
  @Override
  public boolean detects(String path, JsonValue body) {
    return isEndpoint(path) && body.has("prompt") && !body.has("messages");
  }

  @Override
  public Reading read(Answer answer, boolean isStream) {
    return new JsonReading(PATHS, isStream, new Words(answer));
  }

  private record Words(Answer answer) implements JsonReading.Words {
    @Override
    public void value(int tag, byte[] bytes, int offset, int length, boolean whole) {
      if (bytes[offset] == 'n') {
        return;
      }
      switch (tag) {
        case USAGE -> OpenAiUsage.read(bytes, offset, length, whole).ifPresent(answer::usage);
        case MODEL -> answer.model(JsonReading.text(bytes, offset, length));
        case FINISH -> answer.finishReason(JsonReading.text(bytes, offset, length));
        case TEXT -> JsonReading.content(bytes, offset, length, whole, answer.text());
        case ERROR -> answer.failure();
        default -> throw new IllegalStateException("no such place: " + tag);
      }
    }

    @Override
    public void done() {
      answer.completed();
    }
  }
}
