package io.aiproxy.auth;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/** Microsoft Entra ID: tokens for an application with a secret, or for the identity that Azure gives the machine. */
public final class AzureAuthority implements Authority {
  private static final Duration EARLY = Duration.ofMinutes(5);
  private static final String TENANT = "tenant_id";
  private static final String CLIENT = "client_id";
  private static final String SECRET = "client_secret";

  @Override
  public String name() {
    return "azure";
  }

  @Override
  public String library() {
    return "com.microsoft.azure:msal4j";
  }

  @Override
  public boolean available() {
    return Library.has("com.microsoft.aad.msal4j.ConfidentialClientApplication");
  }

  @Override
  public void check(AuthSettings settings, BiConsumer<String, String> fault) {
    boolean isApplication =
        settings.text(TENANT).isPresent() || settings.text(SECRET).isPresent();
    if (isApplication) {
      List.of(TENANT, CLIENT, SECRET).stream()
          .filter(key -> settings.text(key).isEmpty())
          .forEach(
              key -> fault.accept(key, "is required where tenant_id or client_secret is given"));
    }
    settings
        .text(TENANT)
        .filter(tenant -> !tenant.matches("[A-Za-z0-9][A-Za-z0-9.-]*"))
        .ifPresent(wrong -> fault.accept(TENANT, "must be the id or the domain of a directory"));
  }

  @Override
  public Signer open(AuthSettings settings) {
    String scope = settings.text("scope").orElseThrow();
    Tokens.Lifetime lifetime =
        new Tokens.Lifetime(EARLY, Tokens.Lifetime.UNBOUNDED, Tokens.Lifetime.PATIENCE);
    return new Bearer(new Tokens(
        "Microsoft Entra ID", issuer(settings, scope), lifetime, InstantSource.system()));
  }

  /** An application of configuration or else of the environment; an id alone is that of the machine's identity. */
  private static Issuer issuer(AuthSettings settings, String scope) {
    boolean isGiven = settings.text(CLIENT).isPresent();
    Optional<String> tenant =
        isGiven ? settings.text(TENANT) : settings.variable("AZURE_TENANT_ID");
    Optional<String> secret =
        isGiven ? settings.text(SECRET) : settings.variable("AZURE_CLIENT_SECRET");
    Optional<String> client =
        isGiven ? settings.text(CLIENT) : settings.variable("AZURE_CLIENT_ID");
    return tenant.isPresent() && secret.isPresent() && client.isPresent()
        ? EntraIssuer.of(tenant.get(), client.get(), secret.get(), scope)
        : EntraIssuer.ofThisMachine(client, scope);
  }
}
