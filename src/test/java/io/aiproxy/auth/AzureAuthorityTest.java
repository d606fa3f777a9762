package io.aiproxy.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.microsoft.aad.msal4j.HttpRequest;
import com.microsoft.aad.msal4j.HttpResponse;
import com.microsoft.aad.msal4j.IHttpClient;
import io.aiproxy.testing.LogLines;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mockito.Mockito;

@Timeout(30)
class AzureAuthorityTest {
  private static final String TOKEN =
      "{\"access_token\":\"eyJ.fresh\",\"expires_in\":3600,\"ext_expires_in\":3600,\"token_type\":\"Bearer\"}";

  private final List<String> asked = new ArrayList<>();

  @Test
  void asksForATokenWithTheSecretOfTheApplication() throws Exception {
    Issuer.Issued issued = issuer(200, TOKEN).issue();

    assertThat(issued.value() + asked)
        .isEqualTo("eyJ.fresh[" + "https://login.microsoftonline.com/t-1/oauth2/v2.0/token]");
  }

  @Test
  void readsWhenTheTokenEnds() throws Exception {
    Instant before = Instant.now();

    assertThat(Duration.between(before, issuer(200, TOKEN).issue().end()))
        .isBetween(Duration.ofSeconds(3590), Duration.ofSeconds(3610));
  }

  @Test
  void asksAnewEachTime() throws Exception {
    Issuer issuer = issuer(200, TOKEN);
    issuer.issue();
    issuer.issue();

    assertThat(asked).hasSize(2);
  }

  @Test
  void namesTheErrorAndNothingThatTheAnswerRepeats() {
    Issuer issuer = issuer(
        401,
        "{\"error\":\"invalid_client\",\"error_description\":\"AADSTS7000215: s3cret is invalid\"}");

    NoToken none = catchThrowableOfType(NoToken.class, issuer::issue);

    assertThat(none.getMessage()).isEqualTo("status 401, invalid_client");
  }

  @Test
  void letsTheLibraryLogNothingThatTheAnswerRepeats() throws Exception {
    try (LogLines logged = LogLines.of("com.microsoft.aad.msal4j");
        TokenEndpoint endpoint = TokenEndpoint.answering(
            401,
            "{\"error\":\"invalid_client\",\"error_description\":\"AADSTS7000215: s3cret is invalid\","
                + "\"claims\":\"s3cret\",\"suberror\":\"s3cret\"}")) {
      Issuer issuer = issuer(request -> new EntraHttp().send(to(endpoint, request)));

      assertThatExceptionOfType(NoToken.class)
          .isThrownBy(issuer::issue)
          .withMessage("status 401, invalid_client");
      assertThat(logged.lines())
          .isNotEmpty()
          .noneMatch(line -> line.contains("s3cret"))
          .anyMatch(line -> line.contains("AADSTS7000215"));
    }
  }

  @Test
  void readsATokenFromTheNetwork() throws Exception {
    try (TokenEndpoint endpoint = TokenEndpoint.answering(200, TOKEN)) {
      Issuer issuer = issuer(request -> new EntraHttp().send(to(endpoint, request)));

      assertThat(issuer.issue().value()).isEqualTo("eyJ.fresh");
      assertThat(endpoint.requests()).singleElement().asString().contains("client_secret=s3cret");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "<html>s3cret</html>                           | unknown        | ''",
        "''                                            | unknown        | ''",
        "{\"error\":{\"code\":\"s3cret\"}}               | unknown        | ''",
        "{\"error\":\"s3cret in a text\"}              | unknown        | ''",
        "{\"error\":\"invalid_scope\",\"error_description\":\"s3cret\"} | invalid_scope | ''",
      })
  void keepsOfAnErrorOnlyItsCodes(String body, String error, String number) throws Exception {
    JsonNode codes = new ObjectMapper().readTree(EntraHttp.codes(body));

    assertThat(codes.path("error").asText()).isEqualTo(error);
    assertThat(codes.path("error_description").asText()).isEqualTo(number);
    assertThat(codes.toString()).doesNotContain("s3cret");
  }

  @Test
  void wantsAllThatAnApplicationHas() {
    assertThat(faults(Map.of("tenant_id", "t", "client_secret", "s")))
        .containsExactly("client_id: is required where tenant_id or client_secret is given");
  }

  @Test
  void refusesATenantThatWouldLeadElsewhere() {
    assertThat(faults(Map.of("tenant_id", "../x", "client_id", "c", "client_secret", "s")))
        .containsExactly("tenant_id: must be the id or the domain of a directory");
  }

  @Test
  void findsNothingWrongWithTheIdentityOfTheMachine() {
    assertThat(faults(Map.of())).isEmpty();
  }

  private static List<String> faults(Map<String, String> settings) {
    List<String> faults = new ArrayList<>();
    new AzureAuthority()
        .check(
            new AuthSettings(settings, Map.of(), name -> Optional.empty()),
            (key, fault) -> faults.add(key + ": " + fault));
    return faults;
  }

  private Issuer issuer(int status, String answer) {
    return issuer(request -> {
      asked.add(request.url().toString());
      HttpResponse response = new HttpResponse().statusCode(status).body(answer);
      response.addHeaders(Map.of("Content-Type", List.of("application/json")));
      return response;
    });
  }

  /** The library's own request, to somebody else. */
  private static HttpRequest to(TokenEndpoint endpoint, HttpRequest request) throws Exception {
    HttpRequest moved = Mockito.spy(request);
    Mockito.when(moved.url()).thenReturn(URI.create(endpoint.url()).toURL());
    return moved;
  }

  private static Issuer issuer(IHttpClient http) {
    return EntraIssuer.of("t-1", "c-1", "s3cret", "https://x/.default", http);
  }
}
