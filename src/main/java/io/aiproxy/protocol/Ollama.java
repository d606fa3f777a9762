package io.aiproxy.protocol;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.aiproxy.call.Failure;
import io.aiproxy.call.Problem;
import io.aiproxy.call.Protocol;
import io.aiproxy.json.JsonPaths;
import io.aiproxy.json.JsonValue;
import io.aiproxy.json.JsonValue.Kind;
import io.aiproxy.json.WellFormed;
import io.aiproxy.ledger.Answer;
import io.aiproxy.usage.Usage;
import io.aiproxy.wire.StreamFormat;
import java.io.IOException;
import java.util.Arrays;

/**
 * Ollama's own API, for conversations and for single prompts. It streams unless told not to, one JSON object a line, of which
 * the last has {@code done: true} and the counts (Ollama's docs/api). An error within a stream is a line of its own.
 */
final class Ollama implements Protocol {
  private static final int MODEL = 0;
  private static final int TEXT = 1;
  private static final int THOUGHT = 2;
  private static final int TOOL = 3;
  private static final int DONE = 4;
  private static final int REASON = 5;
  private static final int READ = 6;
  private static final int WRITTEN = 7;
  private static final int ERROR = 8;

  private static final JsonPaths PATHS = JsonPaths.builder()
      .add("model", MODEL)
      .add("message.content", TEXT)
      .add("response", TEXT)
      .add("message.thinking", THOUGHT)
      .add("thinking", THOUGHT)
      .add("message.tool_calls[]", TOOL)
      .add("done", DONE)
      .add("done_reason", REASON)
      .add("prompt_eval_count", READ)
      .add("eval_count", WRITTEN)
      .add("error", ERROR)
      .build();

  private final String name;
  private final String path;

  private Ollama(String name, String path) {
    this.name = name;
    this.path = path;
  }

  static Ollama chat() {
    return new Ollama("ollama-chat", "/api/chat");
  }

  static Ollama generate() {
    return new Ollama("ollama-generate", "/api/generate");
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public boolean isEndpoint(String at) {
    return at.endsWith(path);
  }

  @Override
  public boolean detects(String at, JsonValue body) {
    return isEndpoint(at);
  }

  /** Without messages or a prompt a model is only loaded. */
  @Override
  public void check(JsonValue body) {
    if (body.kind() != Kind.OBJECT) {
      throw Problem.of(Problem.Kind.INVALID_REQUEST, "the request body must be an object");
    }
    Members.require(body, "model", Kind.STRING, "a string");
    Members.require(body, "messages", Kind.ARRAY, "an array");
  }

  @Override
  public Asked asked(String at, String query, JsonValue body) {
    boolean isWhole =
        body.member("stream").filter(value -> value.kind() == Kind.FALSE).isPresent();
    return new Asked(
        Members.string(body, "model"),
        isWhole ? StreamFormat.DOCUMENT : StreamFormat.NDJSON,
        "",
        Members.size(body, "tools"));
  }

  @Override
  public Reading read(Answer answer, boolean isStream) {
    return new JsonReading(PATHS, isStream, new Words(answer, isStream));
  }

  @Override
  public Failure failure(int status, JsonValue body) {
    return OpenAiErrors.read(status, body);
  }

  @Override
  public byte[] error(Failure failure) {
    return WellFormed.bytes(
        JsonReading.JSON, JsonNodeFactory.instance.objectNode().put("error", failure.message()));
  }

  @Override
  public byte[] errorEvent(Failure failure, StreamFormat format) {
    if (format != StreamFormat.NDJSON) {
      return new byte[0];
    }
    byte[] error = error(failure);
    byte[] line = Arrays.copyOf(error, error.length + 1);
    line[error.length] = '\n';
    return line;
  }

  @Override
  public String toString() {
    return name;
  }

  /** Members of a line come in any order, so what they mean is settled when it has ended. */
  private static final class Words implements JsonReading.Words {
    private final Answer answer;
    private final boolean isStream;
    private long read = Usage.ABSENT;
    private long written = Usage.ABSENT;
    private boolean done;

    Words(Answer answer, boolean isStream) {
      this.answer = answer;
      this.isStream = isStream;
    }

    @Override
    public void value(int tag, byte[] bytes, int offset, int length, boolean whole) {
      if (bytes[offset] == 'n') {
        return;
      }
      switch (tag) {
        case MODEL -> answer.model(JsonReading.text(bytes, offset, length));
        case TEXT -> JsonReading.content(bytes, offset, length, whole, answer.text());
        case THOUGHT -> thought(length);
        case TOOL -> answer.toolCalls(answer.toolCalls() + 1);
        case DONE -> done = bytes[offset] == 't';
        case REASON -> answer.finishReason(JsonReading.text(bytes, offset, length));
        case READ -> read = count(bytes, offset, length);
        case WRITTEN -> written = count(bytes, offset, length);
        case ERROR -> answer.failure();
        default -> throw new IllegalStateException("no such place: " + tag);
      }
    }

    private void thought(int length) {
      if (length > "\"\"".length()) {
        answer.output();
      }
    }

    private static long count(byte[] bytes, int offset, int length) {
      try {
        return TokenCount.of(JsonReading.JSON.readTree(bytes, offset, length));
      } catch (IOException notJson) {
        return Usage.ABSENT;
      }
    }

    @Override
    public void textEnded() {
      if (read != Usage.ABSENT || written != Usage.ABSENT) {
        answer.usage(Usage.of(read, written));
      }
      if (isStream && done) {
        answer.completed();
      }
    }

    @Override
    public void done() {
      if (!isStream) {
        answer.completed();
      }
    }
  }
}
