package io.aiproxy.translate;

import static org.assertj.core.api.Assertions.assertThat;

import io.aiproxy.call.Headers;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestHeadersTest {
  @ParameterizedTest
  @CsvSource({
    "x-api-key,      k,        openai-chat,        authorization:  Bearer k",
    "X-Goog-Api-Key, k,        openai-chat,        authorization:  Bearer k",
    "Authorization,  Bearer k, anthropic-messages, x-api-key:      k",
    "authorization,  bearer k, gemini-generate,    x-goog-api-key: k",
    "x-api-key,      k,        gemini-generate,    x-goog-api-key: k",
    "Authorization,  Bearer k, openai-chat,        authorization:  Bearer k",
    "Authorization,  Basic k,  anthropic-messages, authorization:  Basic k"
  })
  void bringsAKeyToWhereTheProtocolLooksForIt(
      String name, String value, String target, String expected) {
    assertThat(lines(RequestHeaders.of(headers(name, value), target)))
        .containsExactly(expected.replaceAll(":\\s+", ": "));
  }

  @Test
  void prefersTheCredentialThatIsThereAlready() {
    Headers client = Headers.builder()
        .add("x-api-key", "other")
        .add("Authorization", "Bearer own")
        .build();

    assertThat(lines(RequestHeaders.of(client, "openai-chat")))
        .containsExactly("authorization: Bearer own");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"anthropic-version", "Anthropic-Beta", "x-stainless-os", "OpenAI-Organization"})
  void dropsWhatOneProtocolAloneUnderstands(String name) {
    assertThat(lines(RequestHeaders.of(headers(name, "x"), "openai-chat"))).isEmpty();
  }

  @Test
  void keepsAllElse() {
    assertThat(lines(RequestHeaders.of(headers("X-Request-Id", "7"), "openai-chat")))
        .containsExactly("X-Request-Id: 7");
  }

  private static Headers headers(String name, String value) {
    return Headers.builder().add(name, value).build();
  }

  private static List<String> lines(Headers headers) {
    return StreamSupport.stream(headers.spliterator(), false)
        .map(field -> field.name() + ": " + field.value())
        .toList();
  }
}
