package io.aiproxy.container;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aiproxy.testing.OddPaths;
import io.aiproxy.testing.ScriptedUpstream;
import io.aiproxy.testing.ServiceAccount;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/** Configuration files of the gateway. */
final class Configurations {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  /** The credential of the upstream, which must not show anywhere. */
  static final String CREDENTIAL = "sk-canary-5150";

  static final String CHAT = "/v1/chat/completions";

  /** Signed with keys that are written down. */
  static final String WRITTEN = "/model/written/converse";
  /** Signed with keys that Amazon's library finds in the environment. */
  static final String FOUND = "/model/found/converse";
  /** With a token of Google Cloud. */
  static final String GEMINI = "/v1beta/models/m:generateContent";
  /** Where the upstream is asked for one. */
  static final String TOKENS = "/token";

  static final int MOST_BYTES = 65_536;

  private Configurations() {}

  /**
   * Chat completions of an upstream, and, under {@code /dead}, of one where nobody listens; besides those that odd paths are
   * aimed at.
   */
  static String chatTo(ScriptedUpstream upstream) throws IOException {
    return """
        { "routes": [ %s, %s, %s ] }
        """.formatted(
            route("chat", CHAT, upstream.port()),
            route("dead", "/dead" + CHAT, deadPort()),
            OddPaths.routes(upstream));
  }

  /** The same chat, and routes whose credentials are made with the libraries of Amazon and Google. */
  static String signedTo(ScriptedUpstream upstream) {
    ObjectNode keys = JSON.objectNode().put("access_key_id", "AKID").put("secret_access_key", "K");
    ObjectNode account =
        JSON.objectNode().put("service_account_json", ServiceAccount.json(upstream.url() + TOKENS));
    return """
        { "routes": [ %s, %s, %s, %s ] }
        """.formatted(
            route("chat", CHAT, upstream.port()),
            signed("bedrock", WRITTEN, "aws", keys, upstream),
            signed("bedrock", FOUND, "aws", JSON.objectNode(), upstream),
            signed("vertex-ai", GEMINI, "gcp", account, upstream));
  }

  private static String signed(
      String provider, String uri, String method, ObjectNode settings, ScriptedUpstream upstream) {
    ObjectNode route = JSON.objectNode().put("uri", uri);
    ObjectNode plugin = route.putObject("plugins").putObject("ai-proxy").put("provider", provider);
    plugin.putObject("auth").set(method, settings);
    plugin.putObject("provider_conf").put("region", "eu-west-1").put("project_id", "p");
    plugin.putObject("override").put("endpoint", upstream.url());
    return route.toString();
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
