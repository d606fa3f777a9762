package io.aiproxy.servlet;

import io.aiproxy.call.Headers;
import io.aiproxy.call.Problem;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;

/**
 * Answers that an upstream compressed although nobody asked it to. They pass as they are, with their header; but a compressed
 * document that cannot be opened is broken, and the client should be told so while that is still possible.
 */
final class ContentCoding {
  /** How much is unpacked to see whether it can be: a small body may unpack to a very large one. */
  private static final int MOST_UNPACKED = 16 * 1024 * 1024;

  private ContentCoding() {}

  /** Of a whole document. */
  static void check(Headers headers, byte[] body, int length) {
    if (headers
        .first("content-encoding")
        .filter(coding -> coding.trim().equalsIgnoreCase("gzip"))
        .isEmpty()) {
      return;
    }
    try (InputStream unpacked = new GZIPInputStream(new ByteArrayInputStream(body, 0, length))) {
      byte[] sink = new byte[8 * 1024];
      long total = 0;
      int count = 0;
      while (count >= 0 && total < MOST_UNPACKED) {
        count = unpacked.read(sink);
        total += count;
      }
    } catch (IOException broken) {
      throw Problem.of(
          Problem.Kind.UPSTREAM_BROKEN, "the upstream's answer cannot be decompressed", broken);
    }
  }
}
