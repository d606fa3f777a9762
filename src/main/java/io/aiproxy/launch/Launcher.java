package io.aiproxy.launch;

import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Runs the command of a command line, and says in an exit status how it went. */
public final class Launcher {
  private final Console console;
  private final Function<String, Optional<String>> properties;
  private final Map<String, String> variables;

  Launcher(
      Console console,
      Function<String, Optional<String>> properties,
      Map<String, String> variables) {
    this.console = console;
    this.properties = properties;
    this.variables = Map.copyOf(variables);
  }

  /** Runs the command and ends the JVM: 0 done, 1 failed, 2 not understood. */
  public static void main(String[] args) {
    Console console =
        new Console(new PrintStream(System.out, true), new PrintStream(System.err, true));
    Launcher launcher = new Launcher(
        console, name -> Optional.ofNullable(System.getProperty(name)), System.getenv());
    System.exit(launcher.run(List.of(args)));
  }

  int run(List<String> args) {
    try {
      return CommandLine.parse(args, properties, variables).run(console);
    } catch (Failure e) {
      e.lines().forEach(console::complain);
      return e.status();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Command.FAILED;
    }
  }
}
