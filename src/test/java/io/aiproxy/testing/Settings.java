package io.aiproxy.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.aiproxy.config.AiProxy;
import io.aiproxy.config.BadConfiguration;
import io.aiproxy.config.ConfigReader;
import io.aiproxy.config.Configuration;
import io.aiproxy.config.Environment;
import io.aiproxy.provider.Providers;
import java.nio.file.Path;

/** Configurations as an operator writes them, but for single quotes in the place of double ones. */
public final class Settings {
  private Settings() {}

  /** What the plugin of a route says. */
  public static AiProxy of(String plugin) {
    return configuration("{'uri':'/*','plugins':{'ai-proxy':" + plugin + "}}")
        .routes()
        .get(0)
        .aiProxy();
  }

  /** A whole file. */
  public static Configuration configuration(String file) {
    ConfigReader reader = new ConfigReader(Providers.installed(), Environment.system(Path.of("")));
    try {
      return reader.read(file.replace('\'', '"').getBytes(UTF_8));
    } catch (BadConfiguration wrong) {
      throw new AssertionError(wrong.errors().toString(), wrong);
    }
  }
}
