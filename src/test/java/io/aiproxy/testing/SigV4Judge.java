package io.aiproxy.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.aiproxy.call.Headers;
import java.net.URLEncoder;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Says which {@code Authorization} a request must have, from the bytes that arrived and by the text of AWS's documentation
 * alone: the canonical request, the string to sign, the signing key.
 *
 * @param target as it stands in the request line
 */
public record SigV4Judge(
    String secret, String method, String target, Headers headers, byte[] body) {
  private static final Pattern FORM =
      Pattern.compile("AWS4-HMAC-SHA256 Credential=([^/]+)/(\\d{8}/([^/]+)/([^/]+)/aws4_request), ?"
          + "SignedHeaders=([a-z0-9;-]+), ?Signature=([0-9a-f]{64})");

  /** The signature that it has. */
  public String claimed() {
    return authorization().group(6);
  }

  /** The one that it should have. */
  public String due() {
    Matcher claim = authorization();
    String scope = claim.group(2);
    List<String> signed = List.of(claim.group(5).split(";", -1));
    String canonical = String.join(
        "\n",
        method,
        path(),
        query(),
        signed.stream()
            .map(name -> name + ":" + String.join(",", headers.all(name)).trim() + "\n")
            .collect(Collectors.joining()),
        claim.group(5),
        hex(sha256(body)));
    String date = headers.first("x-amz-date").orElseThrow();
    String toSign =
        String.join("\n", "AWS4-HMAC-SHA256", date, scope, hex(sha256(canonical.getBytes(UTF_8))));
    byte[] key = ("AWS4" + secret).getBytes(UTF_8);
    for (String part : scope.split("/", -1)) {
      key = hmac(key, part);
    }
    return hex(hmac(key, toSign));
  }

  /** Which headers are signed. */
  public List<String> signedHeaders() {
    return List.of(authorization().group(5).split(";", -1));
  }

  private Matcher authorization() {
    Matcher matcher = FORM.matcher(headers.first("authorization").orElse(""));
    if (!matcher.matches()) {
      throw new AssertionError("not signed: " + headers.first("authorization"));
    }
    return matcher;
  }

  /** Encoded once more, segment by segment. */
  private String path() {
    return Arrays.stream(target.split("\\?", -1)[0].split("/", -1))
        .map(SigV4Judge::encoded)
        .collect(Collectors.joining("/"));
  }

  private String query() {
    int question = target.indexOf('?');
    if (question < 0) {
      return "";
    }
    return Arrays.stream(target.substring(question + 1).split("&", -1))
        .map(part -> part.contains("=") ? part : part + "=")
        .sorted()
        .collect(Collectors.joining("&"));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, UTF_8)
        .replace("+", "%20")
        .replace("*", "%2A")
        .replace("%7E", "~");
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static byte[] hmac(byte[] key, String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(text.getBytes(UTF_8));
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
