package io.aiproxy.protocol;

import io.aiproxy.call.Problem;
import io.aiproxy.call.Protocol;
import io.aiproxy.json.JsonValue;
import java.util.List;
import java.util.Optional;

/** The protocols that a client may speak, in the order in which they are recognised. */
public final class Protocols {
  /** The protocol of requests that no other one recognises; every provider takes it. */
  public static final String PASSTHROUGH = "passthrough";

  /** Told to a client before it is known what it speaks. */
  public static final Protocol DEFAULT = new OpenAiChat();

  private static final List<Protocol> ALL = List.of(
      new AnthropicMessages(),
      new OpenAiResponses(),
      DEFAULT,
      new OpenAiEmbeddings(),
      new Passthrough());

  private Protocols() {}

  /**
   * What a request is in.
   *
   * @throws Problem if it is in none, or lacks what its protocol needs
   */
  public static Protocol of(String path, JsonValue body) {
    Protocol protocol = ALL.stream()
        .filter(candidate -> candidate.detects(path, body))
        .findFirst()
        .orElseThrow(
            () -> Problem.of(
                Problem.Kind.UNKNOWN_PROTOCOL,
                "no matching AI protocol for the request: the body must be an object with messages or input"));
    protocol.check(body);
    return protocol;
  }

  /** The protocol whose own endpoint a path is: it is only POSTed to. */
  public static Optional<Protocol> at(String path) {
    return ALL.stream().filter(protocol -> protocol.isEndpoint(path)).findFirst();
  }
}
