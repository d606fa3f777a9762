package io.aiproxy.protocol;

import io.aiproxy.call.Problem;
import io.aiproxy.json.JsonPaths;
import io.aiproxy.json.JsonValue;
import io.aiproxy.json.JsonValue.Kind;
import io.aiproxy.ledger.Answer;

/** Chat completions. An answer and the chunks of a stream differ only in {@code message} and {@code delta}. */
final class OpenAiChat extends OpenAiProtocol {
  private static final int USAGE = 0;
  private static final int MODEL = 1;
  private static final int FINISH = 2;
  private static final int TEXT = 3;
  private static final int THOUGHT = 4;
  private static final int TOOL = 5;
  private static final int TOOL_NAME = 6;
  private static final int ERROR = 7;

  /** Groq and Moonshot have places of their own for the usage of a stream. */
  private static final JsonPaths PATHS = JsonPaths.builder()
      .add("usage", USAGE)
      .add("x_groq.usage", USAGE)
      .add("choices[].usage", USAGE)
      .add("model", MODEL)
      .add("choices[].finish_reason", FINISH)
      .add("choices[].message.content", TEXT)
      .add("choices[].delta.content", TEXT)
      .add("choices[].message.refusal", TEXT)
      .add("choices[].delta.refusal", TEXT)
      .add("choices[].message.reasoning_content", THOUGHT)
      .add("choices[].delta.reasoning_content", THOUGHT)
      .add("choices[].message.reasoning", THOUGHT)
      .add("choices[].delta.reasoning", THOUGHT)
      .add("choices[].message.tool_calls[]", TOOL)
      .add("choices[].delta.tool_calls[]", TOOL)
      .add("choices[].message.function_call", TOOL)
      .add("choices[].delta.function_call", TOOL)
      .add("choices[].message.tool_calls[].function.name", TOOL_NAME)
      .add("choices[].delta.tool_calls[].function.name", TOOL_NAME)
      .add("choices[].message.tool_calls[].custom.name", TOOL_NAME)
      .add("choices[].delta.tool_calls[].custom.name", TOOL_NAME)
      .add("choices[].message.function_call.name", TOOL_NAME)
      .add("choices[].delta.function_call.name", TOOL_NAME)
      .add("error", ERROR)
      .build();

  OpenAiChat() {
    super("openai-chat");
  }

  @Override
  public boolean isEndpoint(String path) {
    return path.endsWith("/chat/completions");
  }

  /** OpenAI lists there the chats that it keeps. */
  @Override
  public boolean lists() {
    return true;
  }

  @Override
  public boolean detects(String path, JsonValue body) {
    return isEndpoint(path)
        || body.member("messages")
            .filter(messages -> messages.kind() == Kind.ARRAY || messages.kind() == Kind.OBJECT)
            .isPresent();
  }

  @Override
  public void check(JsonValue body) {
    JsonValue messages = body.member("messages").orElseThrow(() -> bad("messages is missing"));
    boolean isList = messages.kind() == Kind.ARRAY;
    if (!isList && messages.kind() != Kind.OBJECT) {
      throw bad("messages must be an array of objects");
    }
    if (isList && !messages.holdsOnly(Kind.OBJECT)) {
      throw bad("each of messages must be an object");
    }
    super.check(body);
  }

  private static Problem bad(String message) {
    return Problem.of(Problem.Kind.INVALID_REQUEST, message).at("messages");
  }

  @Override
  public Reading read(Answer answer, boolean isStream) {
    return new JsonReading(PATHS, isStream, new Words(answer));
  }

  private record Words(Answer answer) implements JsonReading.Words {
    @Override
    public void value(int tag, byte[] bytes, int offset, int length, boolean whole) {
      if (bytes[offset] == 'n') {
        return; // null says nothing, wherever it stands
      }
      switch (tag) {
        case USAGE -> OpenAiUsage.read(bytes, offset, length, whole).ifPresent(answer::usage);
        case MODEL -> answer.model(JsonReading.text(bytes, offset, length));
        case FINISH -> answer.finishReason(JsonReading.text(bytes, offset, length));
        case TEXT -> content(bytes, offset, length, whole);
        case THOUGHT -> thought(length);
        case TOOL -> answer.output();
        case TOOL_NAME -> answer.toolCalls(answer.toolCalls() + 1);
        case ERROR -> answer.failure();
        default -> throw new IllegalStateException("no such place: " + tag);
      }
    }

    /** Text, or a list of parts of which some may be thoughts, as Mistral has it. */
    private void content(byte[] bytes, int offset, int length, boolean whole) {
      JsonReading.content(bytes, offset, length, whole, answer.text());
      if (bytes[offset] == '[') {
        thought(length);
      }
    }

    private void thought(int length) {
      if (length > "\"\"".length()) {
        answer.output();
      }
    }

    @Override
    public void done() {
      answer.completed();
    }
  }
}
