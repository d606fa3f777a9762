package io.aiproxy.protocol;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * What OpenAI takes for the name of a tool: up to 64 letters, digits, {@code _} and {@code -}. Another one is made fit as APISIX
 * does it, so that it stays the same from request to request and apart from others.
 */
final class OpenAiToolName {
  private static final Pattern GOOD = Pattern.compile("[A-Za-z0-9_-]{1,64}");
  private static final int KEPT = 55;
  private static final int DIGITS = 8;

  private OpenAiToolName() {}

  static String of(String name) {
    if (GOOD.matcher(name).matches()) {
      return name;
    }
    String plain = name.replaceAll("[^A-Za-z0-9_-]", "_");
    return plain.substring(0, Math.min(KEPT, plain.length())) + "_" + digest(name);
  }

  private static String digest(String name) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash).substring(0, DIGITS);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
