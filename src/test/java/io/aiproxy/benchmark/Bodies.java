package io.aiproxy.benchmark;

import static java.nio.charset.StandardCharsets.UTF_8;

/** Requests of several lengths. */
final class Bodies {
  private Bodies() {}

  /** A chat of turns that are about a kilobyte long each, with text as people and programs write it; at least that long. */
  static byte[] chat(int atLeastBytes) {
    StringBuilder body =
        new StringBuilder("{\"model\":\"gpt-5\",\"temperature\":0.7,\"messages\":[");
    body.append("{\"role\":\"system\",\"content\":\"Answer briefly.\"}");
    for (int turn = 0; body.length() < atLeastBytes; turn++) {
      body.append(",{\"role\":\"").append(turn % 2 == 0 ? "user" : "assistant");
      body.append("\",\"content\":\"");
      for (int line = 0; line < 12 && body.length() < atLeastBytes; line++) {
        body.append("Line ")
            .append(line)
            .append(": a \\\"quoted\\\" word, caf\u00e9, and a path C:\\\\temp;");
        body.append(" then plain text that needs no escape.\\n");
      }
      body.append("\"}");
    }
    return body.append("],\"stream\":false,\"user\":\"u-1\"}").toString().getBytes(UTF_8);
  }
}
