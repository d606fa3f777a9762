package io.aiproxy.neutral;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Names that all providers take: letters, digits, low lines and hyphens, and no more than 64 of them. The bounds and the
 * spelling are those of Apache APISIX, so that prompts cached through it stay cached.
 */
public final class PortableName {
  private static final int MOST = 64;
  private static final int KEPT = 55;
  private static final int MARK_BYTES = 4;

  private PortableName() {}

  /** The name itself if all take it; else one that comes of it, always the same one, and of no other name. */
  public static String of(String name) {
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    byte[] plain = bytes.clone();
    boolean changed = false;
    for (int i = 0; i < plain.length; i++) {
      if (!isPlain(plain[i])) {
        plain[i] = '_';
        changed = true;
      }
    }
    if (!changed && plain.length <= MOST) {
      return name;
    }
    String beginning =
        new String(plain, 0, Math.min(KEPT, plain.length), StandardCharsets.US_ASCII);
    return beginning + "_" + HexFormat.of().formatHex(sha256(bytes), 0, MARK_BYTES);
  }

  private static boolean isPlain(byte b) {
    boolean isAscii = b >= 0;
    return (isAscii && Character.isLetterOrDigit(b)) || b == '_' || b == '-';
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
