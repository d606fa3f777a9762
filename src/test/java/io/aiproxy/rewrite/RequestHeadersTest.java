package io.aiproxy.rewrite;

import static org.assertj.core.api.Assertions.assertThat;

import io.aiproxy.call.Headers;
import io.aiproxy.config.AiProxy;
import io.aiproxy.testing.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestHeadersTest {
  private static final String KEY = "{'header':{'Authorization':'Bearer ours'}}";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Accept",
        "User-Agent",
        "traceparent",
        "tracestate",
        "baggage",
        "b3",
        "X-B3-TraceId",
        "X-Request-ID",
        "Idempotency-Key",
        "anthropic-version",
        "Anthropic-Beta",
        "OpenAI-Beta",
        "openai-organization",
        "x-stainless-lang"
      })
  void passWhatProvidersMakeUseOf(String name) {
    assertThat(sent(KEY, "none", name + ": x")).contains(name + ": x");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "X-Forwarded-For",
        "Forwarded",
        "X-Real-IP",
        "Origin",
        "Referer",
        "Via",
        "Cookie",
        "X-Anything",
        "Date",
        "X-Api-Keys"
      })
  void leaveOutWhatIsNobodyElsesBusiness(String name) {
    assertThat(sent(KEY, "none", name + ": x")).doesNotContain(name + ": x");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Authorization", "x-api-key", "Api-Key", "X-Goog-Api-Key"})
  void passTheClientsOwnCredentialsOnlyWhereTheRouteHasNone(String name) {
    assertThat(sent("{}", "none", name + ": mine")).contains(name + ": mine");
    assertThat(sent("{'query':{'key':'k'}}", "none", name + ": mine"))
        .doesNotContain(name + ": mine");
    assertThat(sent("{'header':{'X-Other':'k'}}", "none", name + ": mine"))
        .doesNotContain(name + ": mine");
    assertThat(sent(KEY, "'all'", name + ": mine")).doesNotContain(name + ": mine");
    assertThat(sent(KEY, "['" + name + "']", name + ": mine")).doesNotContain(name + ": mine");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Authorization", "authorization", "AUTHORIZATION"})
  void putTheRoutesCredentialInThePlaceOfTheClients(String name) {
    assertThat(sent(KEY, "none", name + ": mine", name + ": mine too"))
        .filteredOn(line -> line.toLowerCase(java.util.Locale.ROOT).startsWith("authorization:"))
        .containsExactly("Authorization: Bearer ours");
  }

  @Test
  void letConfigurationGoBeforeWhatPassesAnyway() {
    assertThat(sent("{'header':{'user-agent':'ours'}}", "none", "User-Agent: theirs"))
        .contains("user-agent: ours")
        .doesNotContain("User-Agent: theirs");
  }

  @Test
  void passCookiesOnlyIfTheyAreNamed() {
    assertThat(sent(KEY, "'all'", "Cookie: a=b")).doesNotContain("Cookie: a=b");
    assertThat(sent(KEY, "['cookie']", "Cookie: a=b")).contains("Cookie: a=b");
  }

  @Test
  void passWhatConfigurationNames() {
    assertThat(sent(KEY, "['X-Tenant']", "x-tenant: 1", "X-Other: 2"))
        .contains("x-tenant: 1")
        .doesNotContain("X-Other: 2");
    assertThat(sent(KEY, "'all'", "x-tenant: 1", "X-Other: 2"))
        .contains("x-tenant: 1", "X-Other: 2");
  }

  @ParameterizedTest
  @CsvSource({
    "Host, a", "Content-Length, 7", "Content-Type, text/plain", "Content-Encoding, gzip",
    "Accept-Encoding, br", "Connection, close", "Keep-Alive, timeout=1", "Proxy-Connection, close",
    "Proxy-Authorization, x", "Proxy-Authenticate, x", "TE, trailers", "Trailer, x",
    "Transfer-Encoding, chunked", "Upgrade, h2c", "Expect, 100-continue", "HTTP2-Settings, x"
  })
  void makeAnewWhatBelongsToOneConnection(String name, String value) {
    assertThat(sent(KEY, "'all'", name + ": " + value)).doesNotContain(name + ": " + value);
  }

  @Test
  void leaveOutWhatTheConnectionHeaderNames() {
    assertThat(sent(
            KEY,
            "'all'",
            "Connection: close, X-One",
            "Connection:  x-TWO ,,",
            "X-One: 1",
            "X-Two: 2",
            "X-Three: 3"))
        .contains("X-Three: 3")
        .doesNotContain("X-One: 1", "X-Two: 2");
  }

  @Test
  void keepTheRoutesCredentialWhateverTheConnectionHeaderNames() {
    assertThat(sent(KEY, "none", "Connection: Authorization, Content-Type"))
        .contains("Authorization: Bearer ours", "Content-Type: application/json");
  }

  @Test
  void askForPlainJson() {
    assertThat(sent(KEY, "none"))
        .containsExactly(
            "Content-Type: application/json",
            "Accept-Encoding: identity",
            "Authorization: Bearer ours");
  }

  @Test
  void keepRepeatedFieldsInTheirOrder() {
    assertThat(sent(KEY, "none", "baggage: a=1", "baggage: b=2"))
        .startsWith("baggage: a=1", "baggage: b=2");
  }

  private static List<String> sent(String auth, String forwarded, String... lines) {
    String forward = forwarded.equals("none") ? "" : ",'forward_headers':" + forwarded;
    AiProxy settings = Settings.of("{'provider':'openai','auth':" + auth + forward + "}");
    Headers.Builder client = Headers.builder();
    for (String line : lines) {
      int colon = line.indexOf(':');
      client.add(line.substring(0, colon), line.substring(colon + 2));
    }
    List<String> sent = new ArrayList<>();
    new RequestHeaders(settings.auth(), settings.forwardHeaders())
        .of(client.build(), Map.of(), "application/json")
        .forEach(field -> sent.add(field.name() + ": " + field.value()));
    return sent;
  }
}
