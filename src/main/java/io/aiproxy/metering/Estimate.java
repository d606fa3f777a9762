package io.aiproxy.metering;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingType;
import io.aiproxy.json.JsonValue;
import io.aiproxy.ledger.Answer;
import io.aiproxy.usage.Usage;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Counts tokens where a provider did not, with the tokenizer of OpenAI's current models, whatever the model: good to a few
 * per cent for them, to some ten for others. The tokenizer takes tens of megabytes and is loaded when first needed.
 */
public final class Estimate {
  /** What OpenAI's models add to each message, and once to all of them, for the frame of a chat. */
  private static final int TOKENS_PER_MESSAGE = 3;

  private static final Set<String> PROTOCOLS = Set.of(
      "openai-chat",
      "openai-completions",
      "openai-responses",
      "anthropic-messages",
      "gemini-generate",
      "bedrock-converse",
      "cohere-chat",
      "ollama-chat",
      "ollama-generate");
  private static final int MOST_PROMPT_BYTES = 256 * 1024;
  private static final List<String> PROMPT_MEMBERS = List.of(
      "messages",
      "input",
      "prompt",
      "contents",
      "instructions",
      "systemInstruction",
      "system",
      "tools");

  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable Encoding encoding;

  /** Of a request, and of as much of its answer as came. */
  public Usage of(JsonValue request, Answer answer) {
    return Usage.of(prompt(request), completion(answer.text()));
  }

  private long completion(Answer.Text text) {
    String kept = text.toString();
    int bytes = kept.getBytes(StandardCharsets.UTF_8).length;
    return bytes == 0 ? 0 : scaled(count(kept), text.length(), bytes);
  }

  private long prompt(JsonValue request) {
    Strings strings = new Strings();
    for (String member : PROMPT_MEMBERS) {
      request.member(member).ifPresent(strings::add);
    }
    int messages = request
        .member("messages")
        .filter(value -> value.kind() == JsonValue.Kind.ARRAY)
        .map(JsonValue::size)
        .orElse(1);
    long frame = request.has("prompt") ? 0 : (messages + 1L) * TOKENS_PER_MESSAGE;
    return frame
        + (strings.kept == 0
            ? 0
            : scaled(count(strings.text.toString()), strings.length, strings.kept));
  }

  private static long scaled(long tokens, long length, long counted) {
    return Math.round((double) tokens * length / counted);
  }

  private long count(String text) {
    return encoding().countTokensOrdinary(text);
  }

  private Encoding encoding() {
    lock.lock();
    try {
      Encoding loaded = encoding;
      if (loaded == null) {
        loaded = Encodings.newLazyEncodingRegistry().getEncoding(EncodingType.O200K_BASE);
        encoding = loaded;
      }
      return loaded;
    } finally {
      lock.unlock();
    }
  }

  /** Whether a stream of this protocol has text to count. */
  public static boolean applies(String protocol) {
    return PROTOCOLS.contains(protocol);
  }

  /** The strings of a JSON value, but for embedded files; of many only the first ones, and the length of all. */
  private static final class Strings {
    private final StringBuilder text = new StringBuilder();
    private int kept;
    private long length;

    void add(JsonValue value) {
      value.forEachString(this::string);
    }

    private void string(JsonValue value) {
      if (isFile(value)) {
        return;
      }
      int bytes = value.to() - value.from() - 2;
      int taken = Math.min(bytes, MOST_PROMPT_BYTES - kept);
      length += bytes;
      if (taken > 0) {
        // a literal without its closing quote is read as far as it goes
        text.append(JsonValue.decode(value.bytes(), value.from(), taken + 1)).append('\n');
        kept += taken;
      }
    }

    private static boolean isFile(JsonValue value) {
      byte[] bytes = value.bytes();
      int from = value.from() + 1;
      return value.to() - from > 5
          && bytes[from] == 'd'
          && bytes[from + 1] == 'a'
          && bytes[from + 2] == 't'
          && bytes[from + 3] == 'a'
          && bytes[from + 4] == ':';
    }
  }
}
