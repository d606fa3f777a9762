package io.aiproxy.protocol;

import java.util.Map;

/** What an image is, by the beginning of its base64, where a protocol does not say it. */
final class ImageType {
  private static final Map<String, String> TYPES = Map.of(
      "/9j/", "image/jpeg",
      "iVBORw0KGgo", "image/png",
      "R0lGOD", "image/gif",
      "UklGR", "image/webp");

  private ImageType() {}

  /** Its media type; empty if it is unknown. */
  static String of(String base64) {
    return TYPES.entrySet().stream()
        .filter(known -> base64.startsWith(known.getKey()))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse("");
  }
}
