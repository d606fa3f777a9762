package io.aiproxy.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
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
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Cohere's chat API, of which the second version sends events whose JSON has a {@code type}, the first one lines with an
 * {@code event_type}. Tokens are those that the model read and wrote; what is billed for them is less (Cohere's API reference,
 * {@code Usage}).
 */
final class CohereChat implements Protocol {
  private static final int TYPE = 0;
  private static final int TEXT = 1;
  private static final int OTHER_OUTPUT = 2;
  private static final int TOOL = 3;
  private static final int FINISH = 4;
  private static final int USAGE = 5;
  private static final int ERROR = 6;

  private static final JsonPaths PATHS = JsonPaths.builder()
      .add("type", TYPE)
      .add("message.content[].text", TEXT)
      .add("delta.message.content.text", TEXT)
      .add("message.content[].thinking", OTHER_OUTPUT)
      .add("delta.message.content.thinking", OTHER_OUTPUT)
      .add("message.tool_plan", OTHER_OUTPUT)
      .add("delta.message.tool_plan", OTHER_OUTPUT)
      .add("message.tool_calls[]", TOOL)
      .add("delta.message.tool_calls.function.name", TOOL)
      .add("finish_reason", FINISH)
      .add("delta.finish_reason", FINISH)
      .add("usage", USAGE)
      .add("delta.usage", USAGE)
      .add("delta.error", ERROR)
      .add("event_type", TYPE)
      .add("text", TEXT)
      .add("tool_calls[]", TOOL)
      .add("meta", USAGE)
      .add("response.meta", USAGE)
      .build();

  private final String name;
  private final String path;
  private final String asked;
  private final StreamFormat streams;

  private CohereChat(String name, String path, String asked, StreamFormat streams) {
    this.name = name;
    this.path = path;
    this.asked = asked;
    this.streams = streams;
  }

  static CohereChat second() {
    return new CohereChat("cohere-chat", "/v2/chat", "messages", StreamFormat.SSE);
  }

  static CohereChat first() {
    return new CohereChat("cohere-chat-v1", "/v1/chat", "message", StreamFormat.NDJSON);
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

  @Override
  public void check(JsonValue body) {
    if (body.kind() != Kind.OBJECT || !body.has(asked)) {
      throw Problem.of(Problem.Kind.INVALID_REQUEST, asked + " is missing").at(asked);
    }
    Members.require(body, "model", Kind.STRING, "a string");
    Members.require(body, "messages", Kind.ARRAY, "an array");
  }

  @Override
  public Asked asked(String at, String query, JsonValue body) {
    return new Asked(
        Members.string(body, "model"),
        Members.isTrue(body, "stream") ? streams : StreamFormat.DOCUMENT,
        "",
        Members.size(body, "tools"));
  }

  /** The first version's lines have a media type of their own. */
  @Override
  public StreamFormat format(int status, String mediaType, Asked said) {
    return mediaType.startsWith("application/stream+json")
        ? StreamFormat.NDJSON
        : StreamFormat.of(mediaType);
  }

  @Override
  public Reading read(Answer answer, boolean isStream) {
    return new JsonReading(PATHS, isStream, new Words(answer, isStream));
  }

  @Override
  public Failure failure(int status, JsonValue body) {
    return new Failure(
        status, "", Members.string(body, "error_type"), Members.string(body, "message"), "");
  }

  @Override
  public byte[] error(Failure failure) {
    return bytes(JsonNodeFactory.instance.objectNode().put("message", failure.message()));
  }

  /** The end of a stream says in {@code delta.error} what went wrong (Cohere's API reference). */
  @Override
  public byte[] errorEvent(Failure failure, StreamFormat format) {
    ObjectNode event = JsonNodeFactory.instance.objectNode().put("type", "message-end");
    event.putObject("delta").put("error", failure.message()).put("finish_reason", "ERROR");
    return format == StreamFormat.SSE
        ? ("event: message-end\ndata: " + new String(bytes(event), StandardCharsets.UTF_8) + "\n\n")
            .getBytes(StandardCharsets.UTF_8)
        : new byte[0];
  }

  private static byte[] bytes(ObjectNode json) {
    return WellFormed.bytes(JsonReading.JSON, json);
  }

  @Override
  public String toString() {
    return name;
  }

  private static final class Words implements JsonReading.Words {
    private final Answer answer;
    private final boolean isStream;
    private String type = "";

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
        case TEXT -> JsonReading.content(bytes, offset, length, whole, answer.text());
        case OTHER_OUTPUT -> otherOutput(length);
        case TOOL -> answer.toolCalls(answer.toolCalls() + 1);
        case FINISH -> answer.finishReason(JsonReading.text(bytes, offset, length));
        case USAGE -> counted(bytes, offset, length, whole).ifPresent(answer::usage);
        case ERROR -> answer.failure();
        default -> throw new IllegalStateException("no such place: " + tag);
      }
    }

    private void otherOutput(int length) {
      if (length > "\"\"".length()) {
        answer.output();
      }
    }

    private static Optional<Usage> counted(byte[] bytes, int offset, int length, boolean whole) {
      try {
        return whole ? usage(JsonReading.JSON.readTree(bytes, offset, length)) : Optional.empty();
      } catch (IOException notJson) {
        return Optional.empty();
      }
    }

    @Override
    public void textEnded() {
      if (isStream && (type.equals("message-end") || type.equals("stream-end"))) {
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

  /** What the object {@code usage} counts; empty if it counts no tokens. Cached ones are among those that were read. */
  static Optional<Usage> usage(JsonNode usage) {
    JsonNode tokens = usage.path("tokens");
    return Optional.of(new Usage(
            TokenCount.of(tokens.path("input_tokens")),
            TokenCount.of(tokens.path("output_tokens")),
            Usage.ABSENT,
            TokenCount.of(usage.path("cached_tokens")),
            Usage.ABSENT,
            Usage.ABSENT,
            true))
        .filter(counted -> !counted.isAbsent());
  }
}
