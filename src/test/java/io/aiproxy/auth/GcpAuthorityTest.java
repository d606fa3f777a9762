package io.aiproxy.auth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.aiproxy.call.Body;
import io.aiproxy.call.Call;
import io.aiproxy.call.Headers;
import io.aiproxy.call.Problem;
import io.aiproxy.call.Reply;
import io.aiproxy.testing.Calls;
import io.aiproxy.testing.LogLines;
import io.aiproxy.testing.ServiceAccount;
import java.net.URLDecoder;
import java.security.Signature;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(30)
class GcpAuthorityTest {
  private static final String TOKEN =
      "{\"access_token\":\"ya29.fresh\",\"expires_in\":3600,\"token_type\":\"Bearer\"}";

  private final GcpAuthority gcp = new GcpAuthority();

  @Test
  void sendsTheTokenInThePlaceOfWhatTheClientSent() {
    try (TokenEndpoint endpoint = TokenEndpoint.answering(200, TOKEN);
        Signer signer = gcp.open(settings(ServiceAccount.json(endpoint.url())))) {
      assertThat(sent(signer, call()).all("authorization")).containsExactly("Bearer ya29.fresh");
    }
  }

  @Test
  void asksOnceForManyCalls() {
    try (TokenEndpoint endpoint = TokenEndpoint.answering(200, TOKEN);
        Signer signer = gcp.open(settings(ServiceAccount.json(endpoint.url())))) {
      sent(signer, call());
      sent(signer, call());

      assertThat(endpoint.requests()).hasSize(1);
    }
  }

  @Test
  void conceals() {
    try (TokenEndpoint endpoint = TokenEndpoint.answering(200, TOKEN);
        Signer signer = gcp.open(settings(ServiceAccount.json(endpoint.url())))) {
      Call call = call();
      sent(signer, call);

      assertThat(call.exchange().concealed()).containsExactly("ya29.fresh");
    }
  }

  @Test
  void provesTheAccountWithItsKey() throws Exception {
    try (TokenEndpoint endpoint = TokenEndpoint.answering(200, TOKEN);
        Signer signer = gcp.open(settings(ServiceAccount.json(endpoint.url())))) {
      sent(signer, call());
      String form = URLDecoder.decode(endpoint.requests().get(0), UTF_8);
      String[] jwt =
          form.substring(form.indexOf("assertion=") + 10).split("&")[0].split("\\.");
      JsonNode claims = new ObjectMapper().readTree(Base64.getUrlDecoder().decode(jwt[1]));
      Signature signature = Signature.getInstance("SHA256withRSA");
      signature.initVerify(ServiceAccount.key());
      signature.update((jwt[0] + "." + jwt[1]).getBytes(UTF_8));

      assertThat(List.of(
              signature.verify(Base64.getUrlDecoder().decode(jwt[2])),
              claims.path("iss").asText(),
              claims.path("scope").asText()))
          .containsExactly(
              true,
              "me@p.iam.gserviceaccount.com",
              "https://www.googleapis.com/auth/cloud-platform");
    }
  }

  @Test
  void answersForTheProviderWhereNoTokenIsToBeHad() {
    try (TokenEndpoint endpoint = TokenEndpoint.answering(
            400, "{\"error\":\"invalid_grant\",\"error_description\":\"no\"}");
        Signer signer = gcp.open(settings(ServiceAccount.json(endpoint.url())))) {
      Problem problem = catchThrowableOfType(Problem.class, () -> sent(signer, call()));

      assertThat(problem.kind()).isEqualTo(Problem.Kind.NO_CREDENTIAL);
    }
  }

  @Test
  void logsWhatTheEndpointCallsWrongAndNothingThatItRepeats() {
    String answer =
        "{\"error\":\"invalid_grant\",\"error_description\":\"Invalid JWT\",\"assertion\":\"eyJ.secret\"}";
    try (LogLines log = LogLines.of(Tokens.class.getName());
        TokenEndpoint endpoint = TokenEndpoint.answering(400, answer);
        Signer signer = gcp.open(settings(ServiceAccount.json(endpoint.url())))) {
      catchThrowableOfType(Problem.class, () -> sent(signer, call()));

      assertThat(log.lines())
          .singleElement()
          .asString()
          .contains("no token from Google: status 400, invalid_grant: Invalid JWT")
          .doesNotContain("secret");
    }
  }

  @Test
  void takesTheAccountOfTheEnvironmentWhereConfigurationNamesNone() {
    try (TokenEndpoint endpoint = TokenEndpoint.answering(200, TOKEN);
        Signer signer = gcp.open(new AuthSettings(
            Map.of(),
            Map.of(),
            name -> Optional.of(ServiceAccount.json(endpoint.url()))
                .filter(account -> name.equals("GCP_SERVICE_ACCOUNT"))))) {
      assertThat(sent(signer, call()).first("authorization")).contains("Bearer ya29.fresh");
    }
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
      sk-secret                                          | must be the JSON key file of a service account, and is no JSON
      {}                                                 | must be the JSON key file of a service account, and lacks client_email
      {"client_email":"sk-secret"}                       | must be the JSON key file of a service account, and lacks private_key
      {"client_email":"me","private_key":"sk-secret"}    | must be the JSON key file of a service account, and its private_key is no PEM of PKCS #8
      """)
  void refusesWhatIsNoKeyFileWithoutShowingIt(String account, String fault) {
    assertThat(faults(settings(account))).containsExactly("service_account_json: " + fault);
  }

  @Test
  void refusesATokenUriThatIsNone() {
    assertThat(faults(settings(ServiceAccount.json("file:///etc/passwd"))))
        .containsExactly(
            "service_account_json: must be the JSON key file of a service account, and its token_uri is"
                + " no http or https URL");
  }

  @Test
  void findsNothingWrongWithAKeyFile() {
    assertThat(faults(settings(ServiceAccount.json("https://oauth2.googleapis.com/token"))))
        .isEmpty();
  }

  private List<String> faults(AuthSettings settings) {
    List<String> faults = new ArrayList<>();
    gcp.check(settings, (key, fault) -> faults.add(key + ": " + fault));
    return faults;
  }

  private static Headers sent(Signer signer, Call call) {
    AtomicReference<Headers> sent = new AtomicReference<>(Headers.NONE);
    signer.handle(call, signed -> {
      sent.set(signed.headers());
      return new Reply(200, Headers.NONE, Body.of(new byte[0]));
    });
    return sent.get();
  }

  private static Call call() {
    return Calls.arrived(
        "/v1/chat/completions",
        "{\"messages\":[]}",
        Headers.builder().add("authorization", "Bearer the client's").build());
  }

  private static AuthSettings settings(String account) {
    return new AuthSettings(
        Map.of("service_account_json", account, "expire_early_secs", "60"),
        Map.of(),
        name -> Optional.empty());
  }
}
