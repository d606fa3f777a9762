package io.aiproxy.testing;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.util.Base64;

/** A service account of Google Cloud, whose key was made on the spot. */
public final class ServiceAccount {
  private static final KeyPair KEYS = keys();

  private ServiceAccount() {}

  /** Its key file, if tokens are given out there. */
  public static String json(String tokenUri) {
    String key = "-----BEGIN PRIVATE KEY-----\n"
        + Base64.getMimeEncoder().encodeToString(KEYS.getPrivate().getEncoded())
        + "\n-----END PRIVATE KEY-----\n";
    return JsonNodeFactory.instance
        .objectNode()
        .put("type", "service_account")
        .put("client_email", "me@p.iam.gserviceaccount.com")
        .put("private_key", key)
        .put("token_uri", tokenUri)
        .toString();
  }

  /** What its signatures are checked with. */
  public static PublicKey key() {
    return KEYS.getPublic();
  }

  private static KeyPair keys() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2048);
      return generator.generateKeyPair();
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
