package io.aiproxy.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import io.aiproxy.call.Headers;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReplyHeadersTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Type",
        "Content-Encoding",
        "Content-Language",
        "Retry-After",
        "retry-after-ms",
        "x-should-retry",
        "X-Request-ID",
        "request-id",
        "apim-request-id",
        "x-ms-region",
        "x-envoy-upstream-service-time",
        "Server-Timing",
        "Deprecation",
        "Sunset",
        "X-RateLimit-Limit-Requests",
        "RateLimit-Remaining",
        "anthropic-organization-id",
        "OpenAI-Version",
        "x-groq-region"
      })
  void passWhatSaysSomethingOfTheAnswer(String name) {
    assertThat(passed(name, "x")).containsExactly(name + ": x");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Set-Cookie",
        "Server",
        "Via",
        "Alt-Svc",
        "Connection",
        "Keep-Alive",
        "Transfer-Encoding",
        "Content-Length",
        "Trailer",
        "Upgrade",
        "WWW-Authenticate",
        "Location",
        "Link",
        "Access-Control-Allow-Origin",
        "Strict-Transport-Security",
        "X-AI-Request-ID",
        "Cache-Control",
        "Date",
        "X-Powered-By",
        "CF-Ray",
        "Openai"
      })
  void leaveOutWhatBelongsToTheProvidersOwnEnd(String name) {
    assertThat(passed(name, "x")).isEmpty();
  }

  @Test
  void passOneContentTypeOnly() {
    assertThat(passed("content-type", "application/json", "Content-Type", "text/html"))
        .containsExactly("content-type: application/json");
  }

  @Test
  void passAllOfOtherRepeatedFields() {
    assertThat(passed("Server-Timing", "a", "server-timing", "b"))
        .containsExactly("Server-Timing: a", "server-timing: b");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\r\nSet-Cookie: a=b", "\n", "\u0000", "\u001b", "\u007f"})
  void cannotBeginAHeaderOfTheProvidersOwn(String sign) {
    assertThat(passed("x-request-id", "a" + sign))
        .allMatch(line -> line.chars().allMatch(c -> c >= ' ' && c != 0x7f));
  }

  private static List<String> passed(String... fields) {
    Headers.Builder sent = Headers.builder();
    for (int i = 0; i < fields.length; i += 2) {
      sent.add(fields[i], fields[i + 1]);
    }
    List<String> passed = new ArrayList<>();
    ReplyHeaders.of(sent.build()).forEach(field -> passed.add(field.name() + ": " + field.value()));
    return passed;
  }
}
