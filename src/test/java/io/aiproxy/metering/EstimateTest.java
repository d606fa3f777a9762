package io.aiproxy.metering;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.aiproxy.ledger.Answer;
import io.aiproxy.testing.Calls;
import io.aiproxy.usage.Usage;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EstimateTest {
  private static final Estimate ESTIMATE = new Estimate(); // its tokenizer takes a while to load

  @Test
  void countsTheTokensOfAnAnswer() {
    assertThat(of("{}", "hello world").completion()).isEqualTo(2);
    assertThat(of("{}", "").completion()).isZero();
    assertThat(of("{}", "The quick brown fox jumps over the lazy dog.").completion())
        .isEqualTo(10);
  }

  @Test
  void countsWordsThatAreSpecialToTokenizersAsText() {
    assertThat(of("{}", "<|endoftext|>").completion()).isGreaterThan(1);
  }

  @Test
  void countsThePromptOfAChatWithTheFrameOfItsMessages() {
    Usage usage = of(
        "{\"messages\":[{\"role\":\"system\",\"content\":\"You are helpful.\"},"
            + "{\"role\":\"user\",\"content\":\"Hello there, who are you?\"}]}",
        "");

    // 3 a message and 3 for the answer, roles, 4 and 7 for the words
    assertThat(usage.prompt()).isCloseTo(22, within(4L));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'messages':[{'role':'user','content':[{'type':'text','text':'$'}]}]}",
        "{'input':'$'}",
        "{'input':[{'role':'user','content':'$'}]}",
        "{'instructions':'$'}",
        "{'system':'$'}",
        "{'tools':[{'function':{'description':'$'}}]}"
      })
  void findsTextWhereverAPromptHasIt(String request) {
    String words = "word ".repeat(1000);

    assertThat(of(request.replace('\'', '"').replace("$", words), "").prompt())
        .isCloseTo(1000, within(30L));
  }

  @Test
  void leavesEmbeddedFilesOut() {
    String image = "data:image/png;base64," + "iVBORw0KGgo".repeat(1000);

    assertThat(
            of("{\"messages\":[{\"content\":[{\"image_url\":{\"url\":\"" + image + "\"}}]}]}", "")
                .prompt())
        .isLessThan(20);
  }

  @Test
  void scalesWhatItCountedToTheWholeLengthOfALongPrompt() {
    String words = "word ".repeat(200_000);

    assertThat(of("{\"messages\":[{\"content\":\"" + words + "\"}]}", "").prompt())
        .isCloseTo(200_000, Percentage.withPercentage(1));
    assertThat(of(
                "{\"messages\":[{\"content\":\"" + words + "\"},{\"content\":\"" + words + "\"}]}",
                "")
            .prompt())
        .isCloseTo(400_000, Percentage.withPercentage(1));
  }

  @Test
  void scalesWhatItCountedToTheWholeLengthOfALongAnswer() {
    assertThat(of("{}", "word ".repeat(100_000)).completion())
        .isCloseTo(100_000, Percentage.withPercentage(1));
  }

  @ParameterizedTest
  @CsvSource({
    "openai-chat, true",
    "openai-completions, true",
    "openai-responses, true",
    "anthropic-messages, true",
    "openai-embeddings, false",
    "passthrough, false",
    "'', false"
  })
  void isMadeWhereTextIsStreamed(String protocol, boolean applies) {
    assertThat(Estimate.applies(protocol)).isEqualTo(applies);
  }

  @Test
  void countsAPromptWithoutTheFrameOfAChat() {
    assertThat(of("{\"prompt\":\"Hello\"}", "").prompt()).isBetween(1L, 2L);
  }

  private static Usage of(String request, String text) {
    Answer answer = new Answer();
    byte[] bytes = text.getBytes(UTF_8);
    answer.text().append(bytes, 0, bytes.length);
    return ESTIMATE.of(Calls.json(request), answer);
  }
}
