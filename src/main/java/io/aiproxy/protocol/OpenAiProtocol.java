package io.aiproxy.protocol;

import io.aiproxy.call.Failure;
import io.aiproxy.call.Problem;
import io.aiproxy.call.Protocol;
import io.aiproxy.json.JsonValue;
import io.aiproxy.json.JsonValue.Kind;
import io.aiproxy.wire.StreamFormat;
import java.util.Optional;

/** What OpenAI's protocols have in common: names of members, and the shape of errors. */
abstract class OpenAiProtocol implements Protocol {
  private final String name;

  OpenAiProtocol(String name) {
    this.name = name;
  }

  @Override
  public final String name() {
    return name;
  }

  @Override
  public void check(JsonValue body) {
    body.member("model")
        .filter(model -> model.kind() != Kind.STRING && model.kind() != Kind.NULL)
        .ifPresent(model -> {
          throw Problem.of(Problem.Kind.INVALID_REQUEST, "model must be a string")
              .at("model");
        });
  }

  /** The user is {@code safety_identifier}, which takes the place of the older {@code user}. */
  @Override
  public Asked asked(String path, String query, JsonValue body) {
    return new Asked(
        Members.string(body, "model"),
        Members.format(body),
        Optional.of(Members.string(body, "safety_identifier"))
            .filter(user -> !user.isEmpty())
            .orElse(Members.string(body, "user")),
        Members.size(body, "tools"));
  }

  @Override
  public Failure failure(int status, JsonValue body) {
    return OpenAiErrors.read(status, body);
  }

  @Override
  public byte[] error(Failure failure) {
    return OpenAiErrors.body(failure);
  }

  @Override
  public byte[] errorEvent(Failure failure, StreamFormat format) {
    return format == StreamFormat.SSE ? OpenAiErrors.event(failure) : new byte[0];
  }

  @Override
  public final String toString() {
    return name;
  }
}
