package io.aiproxy.protocol;

import io.aiproxy.call.Failure;
import io.aiproxy.json.JsonPaths;
import io.aiproxy.json.JsonValue;
import io.aiproxy.ledger.Answer;
import io.aiproxy.wire.StreamFormat;
import java.util.Set;

/**
 * The responses API. The answer stands by itself or, in a stream, under {@code response} of the events that carry it; the
 * other events say by their {@code type} what they are.
 */
final class OpenAiResponses extends OpenAiProtocol {
  private static final int TYPE = 0;
  private static final int USAGE = 1;
  private static final int MODEL = 2;
  private static final int STATUS = 3;
  private static final int ITEM = 4;
  private static final int OUTPUT_ITEM = 5;
  private static final int DELTA = 6;
  private static final int ADDED_ITEM = 7;
  private static final int ERROR = 8;

  private static final JsonPaths PATHS = JsonPaths.builder()
      .add("type", TYPE)
      .add("usage", USAGE)
      .add("response.usage", USAGE)
      .add("model", MODEL)
      .add("response.model", MODEL)
      .add("status", STATUS)
      .add("response.status", STATUS)
      .add("output[].type", ITEM)
      .add("output[]", OUTPUT_ITEM)
      .add("delta", DELTA)
      .add("item.type", ADDED_ITEM)
      .add("response.output[].type", ADDED_ITEM)
      .add("error", ERROR)
      .add("response.error", ERROR)
      .build();

  private static final Set<String> CALLS = Set.of("function_call", "custom_tool_call");
  private static final Set<String> OUTPUT = Set.of(
      "response.output_text.delta",
      "response.refusal.delta",
      "response.reasoning_text.delta",
      "response.reasoning_summary_text.delta",
      "response.function_call_arguments.delta",
      "response.custom_tool_call_input.delta");

  OpenAiResponses() {
    super(OpenAiResponsesDialect.NAME);
  }

  @Override
  public boolean isEndpoint(String path) {
    return path.endsWith("/responses");
  }

  @Override
  public boolean detects(String path, JsonValue body) {
    return isEndpoint(path) && body.has("input");
  }

  /**
   * {@inheritDoc} OpenAI's API description has what went wrong in the event itself, OpenAI sends it under {@code error}, and
   * that is what its clients raise: so it is there twice.
   */
  @Override
  public byte[] errorEvent(Failure failure, StreamFormat format) {
    return format == StreamFormat.SSE ? OpenAiErrors.typedEvent(failure) : new byte[0];
  }

  @Override
  public Reading read(Answer answer, boolean isStream) {
    return new JsonReading(PATHS, isStream, isStream ? new Events(answer) : new Document(answer));
  }

  private static final class Document implements JsonReading.Words {
    private final Answer answer;

    Document(Answer answer) {
      this.answer = answer;
    }

    @Override
    public void value(int tag, byte[] bytes, int offset, int length, boolean whole) {
      if (bytes[offset] == 'n') {
        return;
      }
      switch (tag) {
        case USAGE -> OpenAiUsage.read(bytes, offset, length, whole).ifPresent(answer::usage);
        case MODEL -> answer.model(JsonReading.text(bytes, offset, length));
        case STATUS -> answer.finishReason(JsonReading.text(bytes, offset, length));
        case ITEM -> item(JsonReading.text(bytes, offset, length));
        case OUTPUT_ITEM -> JsonReading.message(bytes, offset, length, whole, answer.text());
        case ERROR -> answer.failure();
        default -> {}
      }
    }

    private void item(String type) {
      if (CALLS.contains(type)) {
        answer.toolCalls(answer.toolCalls() + 1);
      }
    }

    @Override
    public void done() {
      answer.completed();
    }
  }

  /** Members of an event come in any order, so what they mean is settled when the event has ended. */
  private static final class Events implements JsonReading.Words {
    private final Answer answer;
    private final Answer.Text delta = new Answer.Text();
    private String type = "";
    private int calls;

    Events(Answer answer) {
      this.answer = answer;
    }

    @Override
    public void value(int tag, byte[] bytes, int offset, int length, boolean whole) {
      if (bytes[offset] == 'n') {
        return;
      }
      switch (tag) {
        case TYPE -> type = JsonReading.text(bytes, offset, length);
        case USAGE -> OpenAiUsage.read(bytes, offset, length, whole).ifPresent(answer::usage);
        case MODEL -> answer.model(JsonReading.text(bytes, offset, length));
        case STATUS -> answer.finishReason(JsonReading.text(bytes, offset, length));
        case DELTA -> JsonReading.content(bytes, offset, length, whole, delta);
        case ADDED_ITEM -> calls += CALLS.contains(JsonReading.text(bytes, offset, length)) ? 1 : 0;
        case ERROR -> answer.failure();
        default -> {}
      }
    }

    @Override
    public void textEnded() {
      if (OUTPUT.contains(type)) {
        answer.output();
      }
      switch (type) {
        case "response.output_text.delta", "response.refusal.delta" -> answer.text(delta);
        case "response.output_item.done" -> answer.toolCalls(answer.toolCalls() + calls);
        case "response.completed", "response.incomplete" -> finished();
        case "response.failed", "error" -> answer.failure();
        default -> {}
      }
      type = "";
      calls = 0;
      delta.clear();
    }

    /** The last event holds the whole answer, for those who did not follow its items. */
    private void finished() {
      answer.completed();
      answer.toolCalls(Math.max(answer.toolCalls(), calls));
    }

    @Override
    public void done() {}
  }
}
