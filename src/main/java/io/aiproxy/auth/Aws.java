package io.aiproxy.auth;

import java.util.function.BiConsumer;

/** Amazon Web Services, whose rules for signatures are SigV4. */
public final class Aws implements Authority {
  private static final String ACCESS_KEY_ID = "access_key_id";
  private static final String SECRET_ACCESS_KEY = "secret_access_key";
  private static final String SESSION_TOKEN = "session_token";
  private static final String REGION = "region";

  @Override
  public String name() {
    return "aws";
  }

  @Override
  public String library() {
    return "software.amazon.awssdk:auth";
  }

  @Override
  public boolean available() {
    return Library.has("software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner")
        && Library.has("software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider");
  }

  @Override
  public void check(AuthSettings settings, BiConsumer<String, String> fault) {
    boolean hasId = settings.text(ACCESS_KEY_ID).isPresent();
    boolean hasKey = settings.text(SECRET_ACCESS_KEY).isPresent();
    if (hasId != hasKey) {
      fault.accept(
          hasId ? SECRET_ACCESS_KEY : ACCESS_KEY_ID,
          "is required beside " + (hasId ? ACCESS_KEY_ID : SECRET_ACCESS_KEY));
    }
    if (settings.text(SESSION_TOKEN).isPresent() && !hasId && !hasKey) {
      fault.accept(SESSION_TOKEN, "belongs to a key: give " + ACCESS_KEY_ID + " as well");
    }
    if (settings.providerConf(REGION).isEmpty()) {
      fault.accept("", "requires provider_conf.region, which is part of each signature");
    }
  }

  @Override
  public Signer open(AuthSettings settings) {
    String region = settings.providerConf(REGION).orElseThrow();
    return new SigV4(
        settings
            .text(ACCESS_KEY_ID)
            .map(id -> AwsKeys.written(
                id,
                settings.text(SECRET_ACCESS_KEY).orElseThrow(),
                settings.text(SESSION_TOKEN).orElse("")))
            .orElseGet(AwsKeys::found),
        region);
  }
}
