package io.aiproxy.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.aiproxy.call.Failure;
import io.aiproxy.call.Problem;
import io.aiproxy.call.Protocol;
import io.aiproxy.call.Protocol.Asked;
import io.aiproxy.testing.Calls;
import io.aiproxy.wire.StreamFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GeminiProtocolTest {
  private static final String BODY = "{\"contents\":[{}]}";
  private static final String VERTEX = "/v1/projects/p/locations/l/publishers/google/models/";
  private static final Failure FAILURE =
      new Failure(503, "overloaded_error", "saturated", "later", "contents");

  private final GeminiGenerate generate = new GeminiGenerate();

  @ParameterizedTest
  @CsvSource({
    "/v1beta/models/m:generateContent,       m",
    "/v1beta/models/m:streamGenerateContent, m",
    "/models/a:b:generateContent,            a:b",
    "/v1beta/tunedModels/t:generateContent,  tunedModels/t",
    VERTEX + "m:generateContent,             m"
  })
  void findsTheModelInThePath(String path, String model) {
    assertThat(Protocols.of(path, Calls.json(BODY)).name()).isEqualTo("gemini-generate");
    assertThat(generate.asked(path, "", Calls.json(BODY)).model()).isEqualTo(model);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v1beta/models/m:countTokens",
        "/v1beta/models/:generateContent",
        "/v1beta/m:generateContent",
        ":generateContent",
        "/models:generateContent",
        "generateContent",
        "/v1beta/models/m/generateContent"
      })
  void isNotSpokenElsewhere(String path) {
    assertThat(Protocols.of(path, Calls.json(BODY)).name()).isEqualTo("passthrough");
  }

  @ParameterizedTest
  @CsvSource({
    "generateContent,       '',               DOCUMENT",
    "generateContent,       alt=json,         DOCUMENT",
    "streamGenerateContent, '',               JSON_ARRAY",
    "streamGenerateContent, key=k&alt=sse,    SSE",
    "streamGenerateContent, $alt=sse,         SSE",
    "streamGenerateContent, alt=json,         JSON_ARRAY"
  })
  void asksForTheFormatInPathAndQuery(String method, String query, StreamFormat format) {
    assertThat(generate.asked("/models/m:" + method, query, Calls.json(BODY)).format())
        .isEqualTo(format);
  }

  @ParameterizedTest
  @CsvSource({
    "200, application/json; charset=UTF-8, JSON_ARRAY, JSON_ARRAY",
    "200, Application/JSON,                JSON_ARRAY, JSON_ARRAY",
    "429, application/json,                JSON_ARRAY, DOCUMENT",
    "200, application/json,                SSE,        DOCUMENT",
    "200, application/json,                DOCUMENT,   DOCUMENT",
    "200, text/event-stream,               JSON_ARRAY, SSE",
    "200, text/html,                       JSON_ARRAY, DOCUMENT"
  })
  void takesJsonForAnArrayIfThatWasAskedFor(
      int status, String type, StreamFormat asked, StreamFormat format) {
    assertThat(generate.format(status, type, new Asked("m", asked, "", 0))).isEqualTo(format);
  }

  @Test
  void countsFunctionsAndGooglesOwnTools() {
    String body =
        "{\"contents\":[{}],\"tools\":[{\"functionDeclarations\":[{},{}]},{\"googleSearch\":{}}]}";

    assertThat(generate.asked("/models/m:generateContent", "", Calls.json(body)).tools())
        .isEqualTo(3);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/models/m:generateContent | {\"contents\":[]} | contents",
        "/models/m:generateContent | {\"contents\":{}} | contents",
        "/models/m:generateContent | {\"contents\":[\"x\"]} | contents",
        "/models/m:generateContent | {\"messages\":[]} | contents",
        "/models/m:streamGenerateContent | [] | contents",
        "/models/m:embedContent | {\"content\":\"x\"} | content",
        "/models/m:batchEmbedContents | {\"content\":{}} | requests"
      })
  void saysWhatIsMissing(String path, String body, String param) {
    Problem problem =
        catchThrowableOfType(Problem.class, () -> Protocols.of(path, Calls.json(body)));

    assertThat(problem.param()).isEqualTo(param);
    assertThat(problem.message()).startsWith(param + " must be");
  }

  @Test
  void writesErrorsAsGoogleDoes() {
    assertThat(new String(generate.error(FAILURE), UTF_8))
        .isEqualTo(
            "{\"error\":{\"code\":503,\"message\":\"later\",\"status\":\"UNAVAILABLE\",\"details\":["
                + "{\"@type\":\"type.googleapis.com/google.rpc.ErrorInfo\",\"reason\":\"SATURATED\"},"
                + "{\"@type\":\"type.googleapis.com/google.rpc.BadRequest\","
                + "\"fieldViolations\":[{\"field\":\"contents\"}]}]}}");
  }

  @Test
  void endsAnArrayWithItsError() {
    String error = new String(generate.error(FAILURE), UTF_8);

    assertThat(new String(generate.errorEvent(FAILURE, StreamFormat.JSON_ARRAY), UTF_8))
        .isEqualTo(",\r\n" + error + "]");
    assertThat(new String(generate.errorEvent(FAILURE, StreamFormat.SSE), UTF_8))
        .isEqualTo("data: " + error + "\r\n\r\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"error\":{\"code\":429,\"message\":\"slow\",\"status\":\"RESOURCE_EXHAUSTED\"}}",
        "[{\"error\":{\"code\":429,\"message\":\"slow\",\"status\":\"RESOURCE_EXHAUSTED\"}}]"
      })
  void readsAnErrorAloneOrInAnArray(String body) {
    assertThat(generate.failure(429, Calls.json(body)))
        .isEqualTo(new Failure(429, "RESOURCE_EXHAUSTED", "", "slow", ""));
  }

  @Test
  void knowsEmbeddingsByTheirMethod() {
    Protocol one = Protocols.of("/v1/models/m:embedContent", Calls.json("{\"content\":{}}"));
    Protocol batch =
        Protocols.of("/v1/models/m:batchEmbedContents", Calls.json("{\"requests\":[{}]}"));

    assertThat(one.name()).isEqualTo("gemini-embed");
    assertThat(batch.name()).isEqualTo("gemini-embed-batch");
  }
}
