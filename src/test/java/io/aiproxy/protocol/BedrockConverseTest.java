package io.aiproxy.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.aiproxy.call.Failure;
import io.aiproxy.call.Protocol.Asked;
import io.aiproxy.testing.Calls;
import io.aiproxy.wire.StreamFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BedrockConverseTest {
  private static Asked asked(String path, String body) {
    return new BedrockConverse().asked(path, "", Calls.json(body.replace('\'', '"')));
  }

  @ParameterizedTest
  @CsvSource({
    "/model/amazon.nova-lite-v1:0/converse,        amazon.nova-lite-v1:0",
    "/model/arn:aws:bedrock:x:1:p/abc/converse,    arn:aws:bedrock:x:1:p/abc",
    "/bedrock/model/m/converse-stream,             m",
    "/single-ai/converse,                          ''",
    "/converse,                                    ''"
  })
  void findsTheModelInTheAddress(String path, String model) {
    assertThat(asked(path, "{'messages':[]}").model()).isEqualTo(model);
  }

  @Test
  void prefersTheModelInTheBody() {
    assertThat(asked("/model/a/converse", "{'model':'b','messages':[]}").model())
        .isEqualTo("b");
  }

  @Test
  void streamsWhereTheAddressOrTheBodySaysSo() {
    assertThat(asked("/model/a/converse-stream", "{}").format())
        .isEqualTo(StreamFormat.EVENT_STREAM);
    assertThat(asked("/model/a/converse", "{'stream':true}").format())
        .isEqualTo(StreamFormat.EVENT_STREAM);
    assertThat(asked("/model/a/converse", "{}").format()).isEqualTo(StreamFormat.DOCUMENT);
  }

  @ParameterizedTest
  @CsvSource({
    "/v1/chat/converse,       {'messages':[]},   true",
    "/model/m/converse-stream,{'messages':{}},   true",
    "/model/m/converse,       {'messages':'x'},  false",
    "/model/m/invoke,         {'messages':[]},   false"
  })
  void isRecognisedByItsAddressAndMessages(String path, String body, boolean recognised) {
    assertThat(new BedrockConverse().detects(path, Calls.json(body.replace('\'', '"'))))
        .isEqualTo(recognised);
  }

  @Test
  void writesErrorsAsAmazonDoes() {
    byte[] error = new BedrockConverse().error(new Failure(429, "t", "c", "slow down", ""));

    assertThat(new String(error, UTF_8))
        .isEqualTo("{\"message\":\"slow down\",\"__type\":\"ThrottlingException\"}");
  }
}
