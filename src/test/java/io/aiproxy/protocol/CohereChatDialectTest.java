package io.aiproxy.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aiproxy.neutral.Chat;
import io.aiproxy.testing.DialectContract;

class CohereChatDialectTest extends DialectContract {
  @Override
  protected Chat dialect() {
    return new CohereChatDialect();
  }

  /** Not to stream is what happens if nothing is said. */
  @Override
  protected JsonNode comparableRequest(ObjectNode request) {
    if (!request.has("stream")) {
      request.put("stream", false);
    }
    return request;
  }

  /** Tokens of thought are not counted apart. */
  @Override
  protected JsonNode comparableAnswer(ObjectNode answer) {
    answer.withObject("/usage/tokens").remove("reasoning_tokens");
    return answer;
  }
}
