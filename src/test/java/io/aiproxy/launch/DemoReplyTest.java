package io.aiproxy.launch;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;

class DemoReplyTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Test
  void quotesTheLastWordsOfTheLastMessage() throws JsonProcessingException {
    DemoReply reply = to(
        "[{\"role\":\"system\",\"content\":\"Be brief\"},{\"content\":\"one two three four five six seven eight nine\"}]");
    assertThat(reply.text()).startsWith("You said \"two three four five six seven eight nine\".");
  }

  @Test
  void readsContentInParts() throws JsonProcessingException {
    assertThat(to("[{\"content\":[{\"type\":\"text\",\"text\":\"hi\"}]}]").text())
        .startsWith("You said \"hi\".");
  }

  @Test
  void readsAPlainText() throws JsonProcessingException {
    assertThat(to("\"hi there\"").inputTokens()).isEqualTo(6);
  }

  @Test
  void answersNothingAtAll() throws JsonProcessingException {
    assertThat(to("null").text()).startsWith("You said \"\".");
  }

  @Test
  void isMadeOfItsWords() throws JsonProcessingException {
    DemoReply reply = to("\"hi\"");
    assertThat(String.join("", reply.words())).isEqualTo(reply.text());
  }

  private static DemoReply to(String json) throws JsonProcessingException {
    return DemoReply.to(JSON.readTree(json));
  }
}
