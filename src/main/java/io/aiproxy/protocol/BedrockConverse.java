package io.aiproxy.protocol;

import io.aiproxy.call.Failure;
import io.aiproxy.call.Protocol;
import io.aiproxy.json.JsonPaths;
import io.aiproxy.json.JsonValue;
import io.aiproxy.json.JsonValue.Kind;
import io.aiproxy.ledger.Answer;
import io.aiproxy.stream.Piece;
import io.aiproxy.wire.AwsFrame;
import io.aiproxy.wire.StreamFormat;
import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Amazon Bedrock's Converse API. The address says which model it is and whether the answer is streamed; Apache APISIX's
 * {@code stream: true} asks for a stream as well. Cached tokens are not among {@code inputTokens} but beside them. A stream is
 * made of frames whose names are not in their JSON, and its last one is {@code metadata} (Converse in the API reference).
 */
final class BedrockConverse implements Protocol {
  /** The name of the protocol. */
  static final String NAME = "bedrock-converse";

  private static final int USAGE = 0;
  private static final int STOP_REASON = 1;
  private static final int TEXT = 2;
  private static final int TOOL = 3;
  private static final int OTHER_OUTPUT = 4;

  private static final JsonPaths PATHS = JsonPaths.builder()
      .add("usage", USAGE)
      .add("stopReason", STOP_REASON)
      .add("output.message.content[].text", TEXT)
      .add("output.message.content[].citationsContent.content[].text", TEXT)
      .add("delta.text", TEXT)
      .add("output.message.content[].toolUse.name", TOOL)
      .add("start.toolUse.name", TOOL)
      .add("output.message.content[].reasoningContent", OTHER_OUTPUT)
      .add("delta.reasoningContent.text", OTHER_OUTPUT)
      .add("delta.reasoningContent.redactedContent", OTHER_OUTPUT)
      .build();

  private static final Pattern ADDRESS =
      Pattern.compile("(?:.*?/model/(?<model>.+)|.*)/converse(?<stream>-stream)?", Pattern.DOTALL);

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public boolean isEndpoint(String path) {
    return path.endsWith("/converse") || path.endsWith("/converse-stream");
  }

  @Override
  public boolean detects(String path, JsonValue body) {
    return isEndpoint(path)
        && body.member("messages")
            .filter(messages -> messages.kind() == Kind.ARRAY || messages.kind() == Kind.OBJECT)
            .isPresent();
  }

  /** What the members have to be is the service's to say. */
  @Override
  public void check(JsonValue body) {}

  /** A {@code model} in the body, which is Apache APISIX's, goes before the one in the address. */
  @Override
  public Asked asked(String path, String query, JsonValue body) {
    Matcher address = ADDRESS.matcher(path);
    boolean isKnown = address.matches();
    String written = isKnown ? address.group("model") : "";
    String model = Members.string(body, "model");
    boolean streams =
        Members.isTrue(body, "stream") || (isKnown && address.group("stream") != null);
    return new Asked(
        model.isEmpty() && written != null ? written : model,
        streams ? StreamFormat.EVENT_STREAM : StreamFormat.DOCUMENT,
        "",
        body.member("toolConfig").map(config -> Members.size(config, "tools")).orElse(0));
  }

  @Override
  public Reading read(Answer answer, boolean isStream) {
    JsonReading json = new JsonReading(PATHS, isStream, new Words(answer, isStream));
    return isStream ? new Frames(answer, json) : json;
  }

  @Override
  public Failure failure(int status, JsonValue body) {
    return BedrockErrors.read(status, body);
  }

  @Override
  public byte[] error(Failure failure) {
    return BedrockErrors.body(failure);
  }

  @Override
  public byte[] errorEvent(Failure failure, StreamFormat format) {
    return format == StreamFormat.EVENT_STREAM ? BedrockErrors.frame(failure) : new byte[0];
  }

  @Override
  public String toString() {
    return name();
  }

  /** Reads what only the names of frames say. */
  private record Frames(Answer answer, JsonReading json) implements Reading {
    @Override
    public void next(Piece piece) {
      if (!(piece instanceof AwsFrame frame)) {
        return;
      }
      if (!frame.messageType().equals(AwsFrame.EVENT)) {
        answer.failure();
        return;
      }
      json.next(piece);
      if (frame.name().equals("metadata")) {
        answer.completed();
      }
    }

    @Override
    public void end() {
      json.end();
    }
  }

  private record Words(Answer answer, boolean isStream) implements JsonReading.Words {
    @Override
    public void value(int tag, byte[] bytes, int offset, int length, boolean whole) {
      if (bytes[offset] == 'n') {
        return;
      }
      switch (tag) {
        case USAGE -> usage(bytes, offset, length, whole);
        case STOP_REASON -> answer.finishReason(JsonReading.text(bytes, offset, length));
        case TEXT -> JsonReading.content(bytes, offset, length, whole, answer.text());
        case TOOL -> answer.toolCalls(answer.toolCalls() + 1);
        case OTHER_OUTPUT -> output(length);
        default -> throw new IllegalStateException("no such place: " + tag);
      }
    }

    private void output(int length) {
      if (length > "\"\"".length()) {
        answer.output();
      }
    }

    private void usage(byte[] bytes, int offset, int length, boolean whole) {
      if (!whole || bytes[offset] != '{') {
        return;
      }
      try {
        answer.usage(BedrockUsage.of(JsonReading.JSON.readTree(bytes, offset, length)));
      } catch (IOException notJson) {
        return; // what was known stays
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
