package io.aiproxy.auth;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.BiConsumer;

/** Google Cloud: tokens of OAuth for a service account, or for whoever the machine runs as. */
public final class GcpAuthority implements Authority {
  private static final String KEY = "service_account_json";
  private static final String VARIABLE = "GCP_SERVICE_ACCOUNT";

  @Override
  public String name() {
    return "gcp";
  }

  @Override
  public String library() {
    return "com.google.auth:google-auth-library-oauth2-http";
  }

  @Override
  public boolean available() {
    return Library.has("com.google.auth.oauth2.ServiceAccountCredentials");
  }

  @Override
  public void check(AuthSettings settings, BiConsumer<String, String> fault) {
    account(settings)
        .flatMap(GcpIssuer::fault)
        .ifPresent(wrong -> fault.accept(
            KEY,
            (settings.text(KEY).isPresent()
                    ? ""
                    : "from the environment variable " + VARIABLE + ": ")
                + wrong));
  }

  @Override
  public Signer open(AuthSettings settings) {
    Tokens.Lifetime lifetime = new Tokens.Lifetime(
        settings.seconds("expire_early_secs").orElse(Duration.ZERO),
        settings.seconds("max_ttl").orElse(Tokens.Lifetime.UNBOUNDED),
        Tokens.Lifetime.PATIENCE);
    Issuer issuer = account(settings).map(GcpIssuer::of).orElseGet(GcpIssuer::ofThisMachine);
    return new Bearer(new Tokens("Google", issuer, lifetime, InstantSource.system()));
  }

  private static Optional<String> account(AuthSettings settings) {
    return settings.text(KEY).or(() -> settings.variable(VARIABLE));
  }
}
