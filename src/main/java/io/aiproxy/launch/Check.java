package io.aiproxy.launch;

import io.aiproxy.config.BadConfiguration;
import io.aiproxy.config.ConfigReader;
import io.aiproxy.config.Environment;
import io.aiproxy.provider.Providers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Reads configurations and says what is wrong with them, without serving any. */
record Check(List<String> files) implements Command {
  Check {
    files = List.copyOf(files);
  }

  @Override
  public int run(Console console) {
    Providers providers = Providers.installed();
    boolean good = true;
    for (String file : files) {
      List<String> errors = errors(file, providers);
      if (errors.isEmpty()) {
        console.out().println(file + ": ok");
      }
      errors.forEach(console::complain);
      good &= errors.isEmpty();
    }
    return good ? DONE : FAILED;
  }

  private static List<String> errors(String file, Providers providers) {
    try {
      Path path = Path.of(file);
      new ConfigReader(providers, Environment.system(path.toAbsolutePath().resolveSibling("")))
          .read(Files.readAllBytes(path));
      return List.of();
    } catch (BadConfiguration e) {
      return lines(file, e);
    } catch (IOException e) {
      return List.of(unreadable(file, e));
    }
  }

  static List<String> lines(String file, BadConfiguration bad) {
    return bad.errors().stream().map(error -> file + ": " + error).toList();
  }

  static String unreadable(String file, IOException reason) {
    return file + ": " + new Reason(reason);
  }
}
