package io.aiproxy.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.aiproxy.Gateway;
import io.aiproxy.config.BadConfiguration;
import io.aiproxy.config.ConfigReader;
import io.aiproxy.config.Environment;
import io.aiproxy.provider.Providers;
import java.io.IOException;
import java.nio.file.Path;

/** Tries a gateway in a class loader of the test's making; so it has no more than the JDK's types on its outside. */
public final class PlainGateway {
  private PlainGateway() {}

  /** Status and body of a chat that a whole gateway answers. */
  public static String answer() throws IOException {
    try (ScriptedUpstream upstream = ScriptedUpstream.open();
        Gateway gateway = Gateway.open(Settings.configuration(
            "{'uri':'/*','plugins':{'ai-proxy':{'provider':'openai','auth':{},'override':{'endpoint':'"
                + upstream.url() + "'}}}}"))) {
      FakeServlet client = FakeServlet.post("/v1/chat/completions", "{\"messages\":[{}]}");
      gateway.serve(client.request(), client.response());
      return client.status() + " " + client.written();
    }
  }

  /** What is said of a configuration whose route wants that method of authentication. */
  public static String refusal(String method) {
    String file =
        "{'uri':'/*','plugins':{'ai-proxy':{'provider':'bedrock','provider_conf':{'region':'eu-west-1'},"
            + "'auth':{'" + method + "':{}}}}}";
    ConfigReader reader = new ConfigReader(Providers.installed(), Environment.system(Path.of("")));
    try {
      reader.read(file.replace('\'', '"').getBytes(UTF_8));
      return "";
    } catch (BadConfiguration wrong) {
      return wrong.errors().toString();
    }
  }
}
