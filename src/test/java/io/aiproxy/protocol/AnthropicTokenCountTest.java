package io.aiproxy.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.aiproxy.call.Failure;
import io.aiproxy.call.Problem;
import io.aiproxy.call.Protocol;
import io.aiproxy.ledger.Answer;
import io.aiproxy.stream.Chunk;
import io.aiproxy.testing.Calls;
import org.junit.jupiter.api.Test;

class AnthropicTokenCountTest {
  private static final String PATH = "/anthropic/v1/messages/count_tokens";

  private final Protocol protocol = Protocols.of(
      PATH, Calls.json("{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}"));

  @Test
  void isNoChat() {
    assertThat(protocol.name()).isEqualTo("anthropic-count-tokens");
  }

  @Test
  void costsNothing() {
    Answer answer = new Answer();
    Protocol.Reading reading = protocol.read(answer, false);

    reading.next(Chunk.of("{\"input_tokens\":7}".getBytes(UTF_8)));
    reading.end();

    assertThat(answer.usage().isAbsent()).isTrue();
  }

  @Test
  void tellsErrorsAsAnthropicDoes() {
    byte[] error = protocol.error(Failure.of(Problem.of(Problem.Kind.NOT_FOUND, "m")));

    assertThat(new String(error, UTF_8))
        .isEqualTo(
            "{\"type\":\"error\",\"error\":{\"type\":\"not_found_error\",\"message\":\"m\"}}");
  }
}
