package io.aiproxy.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.aiproxy.testing.Calls;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OtherEndpointsTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v1/files",
        "/files",
        "/openai/files",
        "/openai/v1/files/f1/content",
        "/openai/deployments/whisper/audio/transcriptions",
        "/v1/responses/r1/cancel",
        "/v1/threads/t1/messages",
        "/v1beta/files",
        "/v2/rerank",
        "/v1/messages/batches/b1/cancel"
      })
  void areAtTheRootBehindAVersionOrADeployment(String path) {
    assertThat(Protocols.isOther(path)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/anything",
        "/v1/chat/completions",
        "/v1/responses",
        "/v1/messages",
        "/v1/messages/count_tokens",
        "/team/files",
        "/v1/embeddings",
        "/v1/models",
        "/count_tokens"
      })
  void areNothingElse(String path) {
    assertThat(Protocols.isOther(path)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/v1/audio/speech", "/v1/moderations", "/v1/responses/input_tokens", "/v1/threads"
      })
  void keepTheirInputAndTheirMessages(String path) {
    assertThat(
            Protocols.of(path, Calls.json("{\"input\":\"x\",\"messages\":[]}")).name())
        .isEqualTo("passthrough");
  }

  @Test
  void takeAnObjectWithNothingInIt() {
    assertThat(Protocols.of("/v1/threads", Calls.json("{}")).name()).isEqualTo("passthrough");
  }
}
