package io.aiproxy.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aiproxy.neutral.Logprob;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** How likely tokens were, as chat says it. The bytes of a token are what its text is in UTF-8. */
final class OpenAiChatLogprobs {
  private OpenAiChatLogprobs() {}

  static List<Logprob> read(JsonNode tokens) {
    List<Logprob> read = new ArrayList<>();
    for (JsonNode token : tokens) {
      read.add(new Logprob(
          OpenAiJson.text(token, "token"),
          token.path("logprob").asDouble(),
          read(token.path("top_logprobs"))));
    }
    return read;
  }

  static ObjectNode write(List<Logprob> tokens) {
    ObjectNode written = OpenAiJson.object();
    ArrayNode content = written.putArray("content");
    for (Logprob token : tokens) {
      ArrayNode top = content.add(token(token)).path(content.size() - 1).withArray("/top_logprobs");
      token.top().forEach(other -> top.add(token(other)));
    }
    return written.putNull("refusal");
  }

  private static ObjectNode token(Logprob token) {
    ObjectNode written =
        OpenAiJson.object().put("token", token.token()).put("logprob", token.logprob());
    ArrayNode bytes = written.putArray("bytes");
    for (byte b : token.token().getBytes(StandardCharsets.UTF_8)) {
      bytes.add(b & 0xFF);
    }
    return written;
  }
}
