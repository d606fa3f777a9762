package io.aiproxy.launch;

import io.aiproxy.Gateway;
import io.aiproxy.config.BadConfiguration;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Serves the routes of a configuration until a signal ends it.
 *
 * @param config the file, as it was given
 * @param variables the environment
 */
record Serve(String config, ServeOptions options, Map<String, String> variables)
    implements Command {
  @Override
  public int run(Console console) throws Failure, InterruptedException {
    Logs.open(options.logConfig());
    try (Gateway gateway = gateway()) {
      return new Serving(options, variables).run(gateway, console, address -> List.of());
    }
  }

  private Gateway gateway() throws Failure {
    try {
      return Gateway.open(Path.of(config));
    } catch (BadConfiguration e) {
      throw Failure.of(Check.lines(config, e));
    } catch (IOException e) {
      throw Failure.of(Check.unreadable(config, e));
    }
  }
}
