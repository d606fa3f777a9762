package io.aiproxy.auth;

import com.microsoft.aad.msal4j.ClientCredentialFactory;
import com.microsoft.aad.msal4j.ClientCredentialParameters;
import com.microsoft.aad.msal4j.ConfidentialClientApplication;
import com.microsoft.aad.msal4j.IAuthenticationResult;
import com.microsoft.aad.msal4j.IHttpClient;
import com.microsoft.aad.msal4j.ManagedIdentityApplication;
import com.microsoft.aad.msal4j.ManagedIdentityId;
import com.microsoft.aad.msal4j.ManagedIdentityParameters;
import com.microsoft.aad.msal4j.MsalServiceException;
import java.net.MalformedURLException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/** Asks Microsoft for tokens, with Microsoft's own library. Loaded only where that is. */
final class EntraIssuer implements Issuer {
  private static final String AUTHORITY = "https://login.microsoftonline.com/";
  private static final String OF_SCOPE = "/.default";

  private final Source source;

  /** Where a token comes from. */
  private interface Source {
    Future<IAuthenticationResult> token() throws Exception;
  }

  private EntraIssuer(Source source) {
    this.source = source;
  }

  /** For an application that has a secret. */
  static EntraIssuer of(String tenant, String client, String secret, String scope) {
    return of(tenant, client, secret, scope, new EntraHttp());
  }

  /** The same over connections of somebody else's. */
  static EntraIssuer of(
      String tenant, String client, String secret, String scope, IHttpClient http) {
    try {
      ConfidentialClientApplication application = ConfidentialClientApplication.builder(
              client, ClientCredentialFactory.createFromSecret(secret))
          .authority(AUTHORITY + tenant)
          .instanceDiscovery(false) // the host is Microsoft's own
          .httpClient(http)
          .build();
      ClientCredentialParameters parameters =
          ClientCredentialParameters.builder(Set.of(scope)).skipCache(true).build();
      return new EntraIssuer(() -> application.acquireToken(parameters));
    } catch (MalformedURLException wrong) {
      throw new IllegalArgumentException("not the name of a directory");
    }
  }

  /** For the identity of this machine: the one of that id, or the only one. */
  static EntraIssuer ofThisMachine(Optional<String> client, String scope) {
    ManagedIdentityId id = client
        .map(ManagedIdentityId::userAssignedClientId)
        .orElseGet(ManagedIdentityId::systemAssigned);
    ManagedIdentityApplication application =
        ManagedIdentityApplication.builder(id).httpClient(new EntraHttp()).build();
    ManagedIdentityParameters parameters =
        ManagedIdentityParameters.builder(resource(scope)).forceRefresh(true).build();
    return new EntraIssuer(() -> application.acquireTokenForManagedIdentity(parameters));
  }

  private static String resource(String scope) {
    return scope.endsWith(OF_SCOPE)
        ? scope.substring(0, scope.length() - OF_SCOPE.length())
        : scope;
  }

  @Override
  public Issued issue() throws NoToken {
    try {
      IAuthenticationResult result = source.token().get();
      return new Issued(result.accessToken(), result.expiresOnDate().toInstant());
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new NoToken("stopped");
    } catch (ExecutionException trouble) {
      throw said(Optional.ofNullable(trouble.getCause()).orElse(trouble));
    } catch (Exception trouble) { // the library declares no narrower one
      throw said(trouble);
    }
  }

  /** What was answered, by its code: the text that goes with it repeats what was asked. */
  private static NoToken said(Throwable trouble) {
    return trouble instanceof MsalServiceException answer
        ? new NoToken("status " + answer.statusCode() + ", " + answer.errorCode())
        : NoToken.because(trouble);
  }
}
