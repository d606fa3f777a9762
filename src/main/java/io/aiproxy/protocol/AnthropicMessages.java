package io.aiproxy.protocol;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aiproxy.call.Failure;
import io.aiproxy.call.Problem;
import io.aiproxy.call.Protocol;
import io.aiproxy.json.JsonPaths;
import io.aiproxy.json.JsonValue;
import io.aiproxy.json.JsonValue.Kind;
import io.aiproxy.ledger.Answer;
import io.aiproxy.wire.StreamFormat;
import java.io.IOException;

/**
 * Anthropic's Messages API. The usage of a stream comes in parts: the prompt's side at its start, running totals later, each
 * laid over what was known. Cached tokens are not among {@code input_tokens} but beside them.
 */
final class AnthropicMessages implements Protocol {
  static final String NAME = "anthropic-messages";

  private static final int TYPE = 0;
  private static final int USAGE = 1;
  private static final int MODEL = 2;
  private static final int STOP_REASON = 3;
  private static final int BLOCK_TYPE = 4;
  private static final int TEXT = 5;
  private static final int OTHER_OUTPUT = 6;
  private static final int ERROR = 7;
  private static final int FIRST_USAGE = 8;

  private static final JsonPaths PATHS = JsonPaths.builder()
      .add("type", TYPE)
      .add("usage", USAGE)
      .add("message.usage", FIRST_USAGE)
      .add("model", MODEL)
      .add("message.model", MODEL)
      .add("stop_reason", STOP_REASON)
      .add("delta.stop_reason", STOP_REASON)
      .add("content[].type", BLOCK_TYPE)
      .add("content_block.type", BLOCK_TYPE)
      .add("content[].text", TEXT)
      .add("content_block.text", TEXT)
      .add("delta.text", TEXT)
      .add("delta.thinking", OTHER_OUTPUT)
      .add("delta.partial_json", OTHER_OUTPUT)
      .add("error", ERROR)
      .build();

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public boolean isEndpoint(String path) {
    return path.endsWith("/v1/messages");
  }

  @Override
  public boolean detects(String path, JsonValue body) {
    return isEndpoint(path);
  }

  @Override
  public void check(JsonValue body) {
    boolean isGood = body.kind() == Kind.OBJECT
        && body.member("messages")
            .filter(messages -> messages.kind() == Kind.ARRAY && !messages.isEmpty())
            .isPresent();
    if (!isGood) {
      throw Problem.of(Problem.Kind.INVALID_REQUEST, "missing messages").at("messages");
    }
  }

  @Override
  public Asked asked(String path, String query, JsonValue body) {
    return new Asked(
        Members.string(body, "model"),
        Members.format(body),
        body.member("metadata")
            .filter(metadata -> metadata.kind() == Kind.OBJECT)
            .map(metadata -> Members.string(metadata, "user_id"))
            .orElse(""),
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
    return AnthropicErrors.body(failure);
  }

  @Override
  public byte[] errorEvent(Failure failure, StreamFormat format) {
    return format == StreamFormat.SSE ? AnthropicErrors.event(failure) : new byte[0];
  }

  @Override
  public String toString() {
    return name();
  }

  private static final class Words implements JsonReading.Words {
    private final Answer answer;
    private final boolean isStream;
    private final ObjectNode usage = JsonNodeFactory.instance.objectNode();
    private String type = "";
    private boolean outputKnown;

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
        case TYPE -> type = JsonReading.text(bytes, offset, length);
        case USAGE -> usage(bytes, offset, length, whole, true);
        case FIRST_USAGE -> usage(bytes, offset, length, whole, false);
        case MODEL -> answer.model(JsonReading.text(bytes, offset, length));
        case STOP_REASON -> answer.finishReason(JsonReading.text(bytes, offset, length));
        case BLOCK_TYPE -> block(JsonReading.text(bytes, offset, length));
        case TEXT -> JsonReading.content(bytes, offset, length, whole, answer.text());
        case OTHER_OUTPUT -> answer.output();
        case ERROR -> answer.failure();
        default -> throw new IllegalStateException("no such place: " + tag);
      }
    }

    private void block(String kind) {
      if (kind.equals("tool_use")) {
        answer.toolCalls(answer.toolCalls() + 1);
      }
    }

    /** What a stream says of its output before there is any counts only if nothing better follows. */
    private void usage(byte[] bytes, int offset, int length, boolean whole, boolean hasOutput) {
      if (!whole || bytes[offset] != '{') {
        return;
      }
      try {
        JsonReading.JSON.readTree(bytes, offset, length).properties().stream()
            .filter(member -> !member.getValue().isNull())
            .forEach(member -> usage.set(member.getKey(), member.getValue()));
        outputKnown |= hasOutput;
        answer.usage(AnthropicUsage.read(usage, outputKnown));
      } catch (IOException notJson) {
        return; // what was known stays
      }
    }

    @Override
    public void textEnded() {
      if (type.equals("message_stop")) {
        outputKnown = true;
        answer.usage(AnthropicUsage.read(usage, outputKnown));
        answer.completed();
      }
      type = "";
    }

    @Override
    public void done() {
      if (!isStream) {
        answer.completed();
      }
    }
  }
}
