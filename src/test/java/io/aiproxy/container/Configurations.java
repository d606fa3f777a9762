package io.aiproxy.container;

import io.aiproxy.testing.ScriptedUpstream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/** Configuration files of the gateway. */
final class Configurations {
  /** The credential of the upstream, which must not show anywhere. */
  static final String CREDENTIAL = "sk-canary-5150";

  static final String CHAT = "/v1/chat/completions";
  static final int MOST_BYTES = 65_536;

  private Configurations() {}

  /** Chat completions of an upstream, and, under {@code /dead}, of one where nobody listens. */
  static String chatTo(ScriptedUpstream upstream) throws IOException {
    return """
        { "routes": [ %s, %s ] }
        """.formatted(
            route("chat", CHAT, upstream.port()), route("dead", "/dead" + CHAT, deadPort()));
  }

  private static String route(String id, String uri, int port) {
    return """
        {
          "id": "%s",
          "uri": "%s",
          "methods": ["POST"],
          "plugins": {
            "ai-proxy": {
              "provider": "openai-compatible",
              "auth": { "header": { "Authorization": "Bearer %s" } },
              "override": { "endpoint": "http://127.0.0.1:%d/v1/chat/completions" },
              "max_req_body_size": %d
            }
          }
        }""".formatted(id, uri, CREDENTIAL, port, MOST_BYTES);
  }

  private static int deadPort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
