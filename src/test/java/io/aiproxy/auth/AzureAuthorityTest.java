package io.aiproxy.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.microsoft.aad.msal4j.HttpResponse;
import com.microsoft.aad.msal4j.IHttpClient;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

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
    IHttpClient http = request -> {
      asked.add(request.url().toString());
      HttpResponse response = new HttpResponse().statusCode(status).body(answer);
      response.addHeaders(Map.of("Content-Type", List.of("application/json")));
      return response;
    };
    return EntraIssuer.of("t-1", "c-1", "s3cret", "https://x/.default", http);
  }
}
