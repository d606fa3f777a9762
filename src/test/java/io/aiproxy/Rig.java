package io.aiproxy;

import io.aiproxy.testing.JettyContainer;
import io.aiproxy.testing.ScriptedUpstream;
import io.aiproxy.testing.Settings;
import io.aiproxy.testing.Stage;
import jakarta.servlet.ServletException;
import java.time.Duration;

/** A gateway on Jetty with a route for each of the providers that speak natively, all of them the same scripted one. */
final class Rig implements AutoCloseable {
  private static final Duration IDLE = Duration.ofSeconds(30);
  private static final String ROUTE =
      "{'uri':'%s','plugins':{'ai-proxy':{'provider':'%s','auth':{'header':{'X-Key':'k'}},"
          + "'override':{'endpoint':'%s'}}}}";

  /** The key of which Bedrock's requests are signed. */
  static final String AWS_SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

  private static final String SIGNED =
      "{'uri':'%s','plugins':{'ai-proxy':{'provider':'bedrock','auth':{'aws':{'access_key_id':'AKIDEXAMPLE',"
          + "'secret_access_key':'%s'}},'provider_conf':{'region':'eu-west-1'},'override':{'endpoint':'%s'}}}}";

  private final Stage stage = new Stage();
  private final ScriptedUpstream upstream = ScriptedUpstream.open();
  private final JettyContainer container = JettyContainer.open(stage, IDLE);
  private final Gateway gateway = Gateway.open(Settings.configuration("["
      + String.join(
          ",",
          route("/*", "openai"),
          route("/v1/messages", "anthropic"),
          route("/v1beta/*", "gemini"),
          route("/v1beta1/*", "gemini"),
          route("/v1/chat", "cohere"),
          route("/v2/chat", "cohere"),
          route("/api/*", "ollama"),
          signed("/model/*"))
      + "]"));

  Rig() {
    try {
      AiProxyFilter filter = new AiProxyFilter(gateway);
      filter.init(stage.config());
      stage.has(filter);
    } catch (ServletException failure) {
      throw new AssertionError(failure);
    }
  }

  private String route(String uri, String provider) {
    return ROUTE.formatted(uri, provider, upstream.url());
  }

  private String signed(String uri) {
    return SIGNED.formatted(uri, AWS_SECRET, upstream.url());
  }

  int port() {
    return container.port();
  }

  ScriptedUpstream upstream() {
    return upstream;
  }

  Stage stage() {
    return stage;
  }

  @Override
  public void close() {
    gateway.close();
    container.close();
    upstream.close();
  }
}
