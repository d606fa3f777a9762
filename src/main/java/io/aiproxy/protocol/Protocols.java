package io.aiproxy.protocol;

import io.aiproxy.call.Problem;
import io.aiproxy.call.Protocol;
import io.aiproxy.json.JsonValue;
import io.aiproxy.json.JsonValue.Kind;
import io.aiproxy.neutral.Dialect;
import java.util.List;
import java.util.Optional;

/** The protocols that a client may speak, in the order in which they are recognised. */
public final class Protocols {
  /** The protocol of requests that no other one recognises; every provider takes it. */
  public static final String PASSTHROUGH = "passthrough";

  /** Told to a client before it is known what it speaks. */
  public static final Protocol DEFAULT = new OpenAiChat();

  private static final Protocol OTHER = new Passthrough(true);
  private static final Protocol FETCHING = new Passthrough(false);

  private static final List<Protocol> ALL = List.of(
      new BedrockConverse(),
      new AnthropicMessages(),
      new AnthropicTokenCount(),
      new GeminiGenerate(),
      GeminiEmbed.one(),
      GeminiEmbed.batch(),
      new VertexPredict(),
      new OpenAiResponses(),
      Ollama.chat(),
      Ollama.generate(),
      CohereChat.second(),
      CohereChat.first(),
      DEFAULT,
      new OpenAiCompletions(),
      new OpenAiEmbeddings(),
      OTHER);

  /** What can be translated into each other: those of one kind. */
  private static final List<Dialect<?, ?>> DIALECTS = List.of(
      new OpenAiChatDialect(),
      new AnthropicMessagesDialect(),
      new OpenAiResponsesDialect(),
      new GeminiGenerateDialect(),
      new OpenAiEmbeddingsDialect(),
      new VertexPredictDialect(),
      new BedrockConverseDialect(),
      new CohereChatDialect(),
      new OllamaChatDialect());

  private Protocols() {}

  /**
   * What a request is in.
   *
   * @throws Problem if it is in none, or lacks what its protocol needs
   */
  public static Protocol of(String path, JsonValue body) {
    if (isOther(path) && (body.kind() == Kind.OBJECT || body.kind() == Kind.ARRAY)) {
      return OTHER; // many of them have an input or messages too
    }
    for (Protocol candidate : ALL) {
      if (candidate.detects(path, body)) {
        candidate.check(body);
        return candidate;
      }
    }
    throw Problem.of(
        Problem.Kind.UNKNOWN_PROTOCOL,
        "no matching AI protocol for the request: the body must be an object with messages or input");
  }

  /** What a request is in whose body is nothing that could be looked into. */
  public static Protocol opaque() {
    return OTHER;
  }

  /** What a request without a body is in; usage that it fetches was counted when it was made. */
  public static Protocol bodiless() {
    return FETCHING;
  }

  /** Whether a path is one of a provider's that belongs to no protocol, where bodies of any type go and also none. */
  public static boolean isOther(String path) {
    return at(path).isEmpty() && OtherEndpoints.has(path);
  }

  /** The names of those in which a provider may be spoken to, whatever the client speaks. */
  public static List<String> names() {
    return ALL.stream()
        .map(Protocol::name)
        .filter(name -> !name.equals(PASSTHROUGH) && !name.equals(AnthropicTokenCount.NAME))
        .toList();
  }

  /**
   * The protocol of that name.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static Protocol named(String name) {
    return ALL.stream()
        .filter(protocol -> protocol.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no such protocol: " + name));
  }

  /** How a protocol says what others say too; empty if it cannot be translated. */
  public static Optional<Dialect<?, ?>> dialect(String name) {
    return DIALECTS.stream().filter(dialect -> dialect.protocol().equals(name)).findFirst();
  }

  /** The protocol whose own endpoint a path is. */
  public static Optional<Protocol> at(String path) {
    for (Protocol protocol : ALL) {
      if (protocol.isEndpoint(path)) {
        return Optional.of(protocol);
      }
    }
    return Optional.empty();
  }
}
