package io.aiproxy.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aiproxy.neutral.Chat;
import io.aiproxy.testing.DialectContract;
import io.aiproxy.testing.Recording;
import java.util.List;

class OpenAiResponsesDialectTest extends DialectContract {
  @Override
  protected Chat dialect() {
    return new OpenAiResponsesDialect();
  }

  /** Items are numbered anew. */
  @Override
  protected JsonNode comparableAnswer(ObjectNode answer) {
    return MissingNode.getInstance();
  }

  /** A reason says more than the status. */
  @Override
  protected List<String> expectedStops(Recording recording) {
    return super.expectedStops(recording).stream()
        .map(stop -> stop.replaceFirst("^incomplete:", ""))
        .toList();
  }
}
