package io.aiproxy.protocol;

import io.aiproxy.json.JsonPaths;
import io.aiproxy.json.JsonValue;
import io.aiproxy.json.JsonValue.Kind;
import io.aiproxy.ledger.Answer;
import io.aiproxy.wire.StreamFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Google's {@code generateContent}. Each message of a stream is a whole answer in the form of the document, and counts all
 * that came so far; the stream has no end of its own but the reason why the model finished. Unless a client asks for events
 * a stream is one array (Google's API reference, {@code models.streamGenerateContent}).
 */
final class GeminiGenerate extends GeminiProtocol {
  private static final String STREAM = "streamGenerateContent";
  private static final Set<String> EVENTS = Set.of("alt=sse", "$alt=sse", "%24alt=sse");

  private static final int USAGE = 0;
  private static final int MODEL = 1;
  private static final int FINISH = 2;
  private static final int BLOCKED = 3;
  private static final int PART = 4;
  private static final int TEXT = 5;
  private static final int IS_THOUGHT = 6;
  private static final int CALL = 7;
  private static final int CALL_NAME = 8;
  private static final int ERROR = 9;

  private static final JsonPaths PATHS = JsonPaths.builder()
      .add("usageMetadata", USAGE)
      .add("modelVersion", MODEL)
      .add("candidates[].finishReason", FINISH)
      .add("promptFeedback.blockReason", BLOCKED)
      .add("candidates[].content.parts[]", PART)
      .add("candidates[].content.parts[].text", TEXT)
      .add("candidates[].content.parts[].thought", IS_THOUGHT)
      .add("candidates[].content.parts[].functionCall", CALL)
      .add("candidates[].content.parts[].functionCall.name", CALL_NAME)
      .add("error", ERROR)
      .build();

  GeminiGenerate() {
    super("gemini-generate", List.of("generateContent", STREAM));
  }

  @Override
  public void check(JsonValue body) {
    requireList(body, "contents");
  }

  @Override
  public Asked asked(String path, String query, JsonValue body) {
    int tools = body.member("tools").filter(list -> list.kind() == Kind.ARRAY).stream()
        .flatMap(list -> list.elements().stream())
        .mapToInt(GeminiGenerate::functions)
        .sum();
    return new Asked(model(path), format(path, query), "", tools);
  }

  /** A tool is a list of functions, or one that Google runs. */
  private static int functions(JsonValue tool) {
    return Optional.of(Members.size(tool, "functionDeclarations"))
        .filter(size -> size > 0)
        .or(() -> Optional.of(Members.size(tool, "function_declarations")))
        .filter(size -> size > 0)
        .orElse(1);
  }

  private static StreamFormat format(String path, String query) {
    if (!method(path).equals(STREAM)) {
      return StreamFormat.DOCUMENT;
    }
    return List.of(query.split("&", -1)).stream().anyMatch(EVENTS::contains)
        ? StreamFormat.SSE
        : StreamFormat.JSON_ARRAY;
  }

  @Override
  public StreamFormat format(int status, String mediaType, Asked asked) {
    StreamFormat said = StreamFormat.of(mediaType);
    boolean isJson = mediaType.toLowerCase(Locale.ROOT).startsWith("application/json");
    return asked.format() == StreamFormat.JSON_ARRAY && status >= 200 && status < 300 && isJson
        ? StreamFormat.JSON_ARRAY
        : said;
  }

  @Override
  public Reading read(Answer answer, boolean isStream) {
    return new JsonReading(PATHS, isStream, new Words(answer));
  }

  private static final class Words implements JsonReading.Words {
    private final Answer answer;
    private final Answer.Text text = new Answer.Text();
    private boolean isThought;
    private boolean finished;

    Words(Answer answer) {
      this.answer = answer;
    }

    @Override
    public void value(int tag, byte[] bytes, int offset, int length, boolean whole) {
      if (bytes[offset] == 'n') {
        return;
      }
      switch (tag) {
        case USAGE -> GeminiUsage.read(bytes, offset, length, whole).ifPresent(answer::usage);
        case MODEL -> answer.model(JsonReading.text(bytes, offset, length));
        case FINISH, BLOCKED -> finish(JsonReading.text(bytes, offset, length));
        case TEXT -> JsonReading.content(bytes, offset, length, whole, text);
        case IS_THOUGHT -> isThought = bytes[offset] == 't';
        case CALL -> answer.output();
        case CALL_NAME -> answer.toolCalls(answer.toolCalls() + 1);
        case PART -> partEnded();
        case ERROR -> answer.failure();
        default -> throw new IllegalStateException("no such place: " + tag);
      }
    }

    private void finish(String reason) {
      answer.finishReason(reason);
      finished = true;
    }

    /** Only now it is known whether its text is a thought. */
    private void partEnded() {
      if (!isThought) {
        answer.text(text);
      } else if (text.length() > 0) {
        answer.output();
      }
      isThought = false;
      text.clear();
    }

    @Override
    public void textEnded() {
      if (finished) {
        answer.completed();
      }
    }

    /** Of a document; a stream says itself when it is finished. */
    @Override
    public void done() {
      answer.completed();
    }
  }
}
