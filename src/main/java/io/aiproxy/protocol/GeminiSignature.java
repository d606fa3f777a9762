package io.aiproxy.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.aiproxy.neutral.Signature;
import java.util.Base64;

/** Signatures in {@code thoughtSignature}, which holds bytes: what is not Google's own is put in base64 once more. */
final class GeminiSignature {
  private GeminiSignature() {}

  static Signature read(String found) {
    Signature inside = Signature.from(decoded(found), GeminiJson.PROTOCOL);
    return inside.protocol().equals(GeminiJson.PROTOCOL)
        ? new Signature(GeminiJson.PROTOCOL, found)
        : inside;
  }

  static String written(Signature signature) {
    return isOwn(signature)
        ? signature.value()
        : Base64.getEncoder().encodeToString(signature.in(GeminiJson.PROTOCOL).getBytes(UTF_8));
  }

  static boolean isOwn(Signature signature) {
    return signature.protocol().equals(GeminiJson.PROTOCOL);
  }

  private static String decoded(String base64) {
    try {
      return new String(Base64.getDecoder().decode(base64), UTF_8);
    } catch (IllegalArgumentException other) {
      return "";
    }
  }
}
