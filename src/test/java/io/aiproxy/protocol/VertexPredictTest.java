package io.aiproxy.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aiproxy.call.Protocol;
import io.aiproxy.ledger.Answer;
import io.aiproxy.neutral.Losses;
import io.aiproxy.stream.Chunk;
import io.aiproxy.usage.Usage;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class VertexPredictTest {
  private static final String ANSWER =
      "{\"predictions\":[{\"embeddings\":{\"statistics\":{\"token_count\":7},\"values\":[0.1]}},"
          + "{\"embeddings\":{\"values\":[0.3],\"statistics\":{\"truncated\":false,\"token_count\":3}}}]}";

  private final Protocol predict = Protocols.named("vertex-predict");

  @Test
  void addsUpTheTokensOfAllTextsWhereverTheBytesAreCut() {
    byte[] bytes = ANSWER.getBytes(UTF_8);
    for (int cut = 0; cut <= bytes.length; cut++) {
      Usage usage = read(Arrays.copyOf(bytes, cut), Arrays.copyOfRange(bytes, cut, bytes.length));

      assertThat(usage.prompt() + " of " + usage.sum()).as("cut at %s", cut).isEqualTo("10 of 10");
    }
  }

  @Test
  void saysNothingOfTokensWhereTheAnswerDoesNot() {
    assertThat(read("{\"predictions\":[{\"bytesBase64Encoded\":\"x\"}]}".getBytes(UTF_8))
            .isAbsent())
        .isTrue();
  }

  @Test
  void readsTheModelInThePath() {
    assertThat(predict
            .asked(
                "/v1/projects/p/locations/r/publishers/google/models/text-embedding-005:predict",
                "",
                io.aiproxy.testing.Calls.json("{\"instances\":[{}]}"))
            .model())
        .isEqualTo("text-embedding-005");
  }

  @Test
  void saysAgainWhatItReadInARequest() throws Exception {
    String request =
        "{\"instances\":[{\"content\":\"a\",\"task_type\":\"RETRIEVAL_QUERY\",\"title\":\"t\",\"mimeType\":\"x\"}],"
            + "\"parameters\":{\"autoTruncate\":false,\"outputDimensionality\":8},\"labels\":{\"a\":\"b\"}}";
    ObjectNode body = (ObjectNode) new ObjectMapper().readTree(request);
    VertexPredictDialect dialect = new VertexPredictDialect();
    Losses losses = new Losses();

    assertThat(List.of(
            dialect.request(dialect.request(body, "m", false), losses),
            losses.places().size()))
        .containsExactly(body, 0);
  }

  private Usage read(byte[]... parts) {
    Answer answer = new Answer();
    Protocol.Reading reading = predict.read(answer, false);
    for (byte[] part : parts) {
      reading.next(Chunk.of(part));
    }
    reading.end();
    return answer.usage();
  }
}
