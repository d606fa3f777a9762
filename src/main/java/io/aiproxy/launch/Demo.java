package io.aiproxy.launch;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aiproxy.Gateway;
import io.aiproxy.config.BadConfiguration;
import io.aiproxy.config.ConfigReader;
import io.aiproxy.config.Configuration;
import io.aiproxy.config.Environment;
import io.aiproxy.provider.Providers;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Serves one route to a model that is built in, and says how to try it.
 *
 * @param variables the environment
 */
record Demo(ServeOptions options, Map<String, String> variables) implements Command {
  @Override
  public int run(Console console) throws Failure, InterruptedException {
    Logs.open(options.logConfig());
    try (DemoUpstream upstream = DemoUpstream.open();
        Gateway gateway = Gateway.open(configuration(upstream.address()))) {
      return new Serving(options, variables).run(gateway, console, Demo::greeting);
    }
  }

  private static Configuration configuration(URI upstream) {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    ObjectNode route = root.putArray("routes").addObject().put("id", "demo").put("uri", "/v1/*");
    route.putArray("methods").add("POST");
    ObjectNode plugin =
        route.putObject("plugins").putObject("ai-proxy").put("provider", "openai-compatible");
    plugin.putObject("auth").putObject("header").put("Authorization", "Bearer " + DemoUpstream.KEY);
    plugin.putObject("override").put("endpoint", upstream.toString());
    try {
      return new ConfigReader(
              Providers.installed(), Environment.system(Path.of("").toAbsolutePath()))
          .read(root.toString().getBytes(StandardCharsets.UTF_8));
    } catch (BadConfiguration e) {
      throw new IllegalStateException("the demo's own configuration: " + e.errors(), e);
    }
  }

  private static List<String> greeting(URI address) {
    return List.of(Texts.read("demo.txt").replace("{address}", address.toString()));
  }
}
