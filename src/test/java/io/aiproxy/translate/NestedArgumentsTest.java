package io.aiproxy.translate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.aiproxy.call.Headers;
import io.aiproxy.call.Problem;
import io.aiproxy.testing.Calls;
import io.aiproxy.testing.Settings;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

/** A string that holds JSON is no deeper than any other; in a protocol that takes an object it is. */
class NestedArgumentsTest {
  @Test
  void areTheClientsFaultWhereTheyAreTooDeep() {
    String arguments = "{\\\"a\\\":".repeat(200) + "1" + "}".repeat(200);
    String asked =
        "{\"model\":\"m\",\"messages\":[{\"role\":\"assistant\",\"tool_calls\":[{\"id\":\"c\","
            + "\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"" + arguments
            + "\"}}]},{\"role\":\"tool\",\"tool_call_id\":\"c\",\"content\":\"x\"}]}";
    Translate translate = new Translate(
        Settings.of(
            "{'provider':'anthropic','auth':{},'override':{'protocol':'anthropic-messages'}}"),
        InstantSource.system());

    Problem problem = catchThrowableOfType(
        Problem.class,
        () -> translate.handle(Calls.arrived("/v1/chat/completions", asked, Headers.NONE), call -> {
          throw new AssertionError("sent");
        }));

    assertThat(problem.kind() + " " + problem.message())
        .startsWith("INVALID_REQUEST the request cannot be translated: it would be nested deeper");
  }
}
