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
  private static final String SEMANTIC = """
      {'uri':'/*','plugins':{'ai-proxy-multi':{'balancer':{'algorithm':'semantic'},'semantic_opts':{'debugging':true,
      'embeddings':{'provider':'in-process','model':'%1$s'}},'instances':[
      {'name':'weather','provider':'openai','weight':1,'auth':{},'override':{'endpoint':'%2$s'},'examples':['What will the weather be?']},
      {'name':'code','provider':'openai','weight':1,'auth':{},'override':{'endpoint':'%2$s'},'examples':['Write a Python function']}]}}}
      """;

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
    return refused(
        "{'uri':'/*','plugins':{'ai-proxy':{'provider':'bedrock','provider_conf':{'region':'eu-west-1'},"
            + "'auth':{'" + method + "':{}}}}}");
  }

  /** What is said of a configuration whose route wants that model in this JVM for its vectors. */
  public static String refusalOfVectors(String model) {
    return refused(SEMANTIC.formatted(model, "http://localhost"));
  }

  /** The instance that gets a prompt by the vectors of that model in this JVM. */
  public static String picked(String model, String prompt) throws IOException {
    try (ScriptedUpstream upstream = ScriptedUpstream.open();
        Gateway gateway =
            Gateway.open(Settings.configuration(SEMANTIC.formatted(model, upstream.url())))) {
      FakeServlet client = FakeServlet.post("/v1/completions", "{\"prompt\":\"" + prompt + "\"}");
      gateway.serve(client.request(), client.response());
      return client.header("X-AI-Semantic-Picked-Instance");
    }
  }

  private static String refused(String file) {
    ConfigReader reader = new ConfigReader(Providers.installed(), Environment.system(Path.of("")));
    try {
      reader.read(file.replace('\'', '"').getBytes(UTF_8));
      return "";
    } catch (BadConfiguration wrong) {
      return wrong.errors().toString();
    }
  }
}
