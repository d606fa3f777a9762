package io.aiproxy.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.aiproxy.call.Failure;
import io.aiproxy.call.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnthropicErrorsTest {
  @ParameterizedTest
  @CsvSource({
    "400, invalid_request_error, c,    invalid_request_error",
    "400, overloaded_error,      '',   overloaded_error",
    "400, t,                     c,    t",
    "400, '',                    c,    c",
    "400, '',                    '',   api_error",
    "429, tokens,                c,    rate_limit_error",
    "500, server_error,          '',   api_error",
    "503, '',                    '',   overloaded_error"
  })
  void saysWhatAnUpstreamSaid(int status, String type, String code, String expected) {
    assertThat(text(new Failure(status, type, code, "boom", "")))
        .isEqualTo(
            "{\"type\":\"error\",\"error\":{\"type\":\"" + expected + "\",\"message\":\"boom\"}}");
  }

  @ParameterizedTest
  @CsvSource({
    "REQUEST_TOO_LARGE, request_too_large",
    "NOT_FOUND,         not_found_error",
    "INVALID_JSON,      invalid_request_error",
    "UPSTREAM_BROKEN,   api_error",
    "SATURATED,         overloaded_error",
    "DEADLINE,          timeout_error"
  })
  void hasATypeForEachOfTheGatewaysOwn(Problem.Kind kind, String type) {
    assertThat(text(Failure.of(Problem.of(kind, "m")))).contains("\"type\":\"" + type + "\"");
  }

  @Test
  void isAnEventOfItsOwnInAStream() {
    assertThat(new String(
            AnthropicErrors.event(new Failure(529, "overloaded_error", "", "m", "")), UTF_8))
        .isEqualTo("event: error\ndata: {\"type\":\"error\",\"error\":"
            + "{\"type\":\"overloaded_error\",\"message\":\"m\"}}\n\n");
  }

  private static String text(Failure failure) {
    return new String(AnthropicErrors.body(failure), UTF_8);
  }
}
