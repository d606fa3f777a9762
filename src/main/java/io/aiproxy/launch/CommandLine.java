package io.aiproxy.launch;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.IntFunction;

/** Understands a command line: a verb, then {@code --option VALUE} or {@code --option=VALUE}, and files. */
final class CommandLine {
  private static final String CONFIG_PROPERTY = "ai-proxy.config";
  private static final String CONFIG_VARIABLE = "AI_PROXY_CONFIG";
  private static final List<String> SERVING =
      List.of("--host", "--port", "--access-log-config", "--log-config", "--drain-timeout");
  private static final int LAST_PORT = 65_535;
  private static final int LONGEST_DRAIN = 3_600;

  private final Map<String, String> options = new TreeMap<>();
  private final List<String> files = new ArrayList<>();

  private CommandLine() {}

  /**
   * The command that the arguments ask for.
   *
   * @param properties the system property of a name
   * @param variables the environment
   */
  static Command parse(
      List<String> args,
      Function<String, Optional<String>> properties,
      Map<String, String> variables)
      throws Failure {
    if (args.contains("--help") || args.contains("-h")) {
      return new Help();
    }
    if (args.contains("--version")) {
      return new Version();
    }
    boolean named = !args.isEmpty() && !args.get(0).startsWith("-");
    String verb = named ? args.get(0) : "serve";
    List<String> rest = named ? args.subList(1, args.size()) : args;
    CommandLine line = new CommandLine();
    switch (verb) {
      case "serve" -> {
        line.read(rest, true, "--config");
        return new Serve(line.config(properties, variables), line.serveOptions(), variables);
      }
      case "check" -> {
        line.read(rest, false);
        return line.check();
      }
      case "demo" -> {
        line.read(rest, true);
        return new Demo(line.serveOptions(), variables);
      }
      case "help" -> {
        return new Help();
      }
      default ->
        throw Failure.misuse("unknown command: " + verb + " (there are serve, check and demo)");
    }
  }

  private void read(List<String> args, boolean serves, String... others) throws Failure {
    List<String> known = new ArrayList<>(List.of(others));
    known.addAll(serves ? SERVING : List.of());
    for (int i = 0; i < args.size(); i++) {
      String arg = args.get(i);
      if (!arg.startsWith("-")) {
        files.add(arg);
        continue;
      }
      int equals = arg.indexOf('=');
      String name = equals < 0 ? arg : arg.substring(0, equals);
      if (!known.contains(name)) {
        throw Failure.misuse("unknown option: " + name);
      }
      if (equals < 0 && ++i == args.size()) {
        throw Failure.misuse(name + " needs a value");
      }
      options.put(name, equals < 0 ? args.get(i) : arg.substring(equals + 1));
    }
    if (serves && !files.isEmpty()) {
      throw Failure.misuse("unexpected argument: " + files.get(0));
    }
  }

  private String config(
      Function<String, Optional<String>> properties, Map<String, String> variables) throws Failure {
    return Optional.ofNullable(options.get("--config"))
        .or(() -> properties.apply(CONFIG_PROPERTY))
        .or(() -> Optional.ofNullable(variables.get(CONFIG_VARIABLE)))
        .filter(name -> !name.isBlank())
        .orElseThrow(
            () -> Failure.misuse("no configuration: give --config FILE, the system property "
                + CONFIG_PROPERTY + " or the variable " + CONFIG_VARIABLE));
  }

  private ServeOptions serveOptions() throws Failure {
    return new ServeOptions(
        options.getOrDefault("--host", ServeOptions.HOST),
        number("--port", LAST_PORT, port -> port, ServeOptions.PORT),
        Optional.ofNullable(options.get("--access-log-config")).map(Path::of),
        Optional.ofNullable(options.get("--log-config")).map(Path::of),
        number("--drain-timeout", LONGEST_DRAIN, Duration::ofSeconds, ServeOptions.DRAIN));
  }

  private Check check() throws Failure {
    if (files.isEmpty()) {
      throw Failure.misuse("check needs a file: check FILE...");
    }
    return new Check(files);
  }

  private <T> T number(String option, int last, IntFunction<T> as, T otherwise) throws Failure {
    String value = options.get(option);
    if (value == null) {
      return otherwise;
    }
    if (!value.matches("\\d{1,9}") || Integer.parseInt(value) > last) {
      throw Failure.misuse(
          option + " must be a whole number from 0 to " + last + ", was \"" + value + "\"");
    }
    return as.apply(Integer.parseInt(value));
  }
}
