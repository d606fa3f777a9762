package io.aiproxy.container;

/** Configuration files of the gateway. */
final class Configurations {
  private Configurations() {}

  /** One route for chat completions. */
  static String chatTo(Upstream upstream) {
    return """
        {
          "routes": [
            {
              "id": "chat",
              "uri": "/v1/chat/completions",
              "methods": ["POST"],
              "plugins": {
                "ai-proxy": {
                  "provider": "openai-compatible",
                  "auth": { "header": { "Authorization": "Bearer sk-canary" } },
                  "override": { "endpoint": "http://127.0.0.1:%d/v1/chat/completions" }
                }
              }
            }
          ]
        }
        """.formatted(upstream.port());
  }
}
