package io.aiproxy.container;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.stream.Stream;

/** A servlet container that runs as a process of its own, on the loopback and a port of the system's choice. */
final class Container implements AutoCloseable {
  private static final Path RUNS = Path.of("target", "containers", "runs").toAbsolutePath();
  private static final Duration STOP = Duration.ofSeconds(20);

  private final Recipe recipe;
  private final Path base;
  private final AccessLog log;
  private final Process process;
  private final Console console;
  private final int port;

  private Container(
      Recipe recipe, Path base, AccessLog log, Process process, Console console, int port) {
    this.recipe = recipe;
    this.base = base;
    this.log = log;
    this.process = process;
    this.console = console;
    this.port = port;
  }

  /** Sets the container up as its recipe says and waits until it serves. */
  static Container start(Distribution distribution, Deployment deployment)
      throws IOException, InterruptedException {
    Recipe recipe = distribution.recipe();
    Path base = emptyFolder(distribution + "-" + deployment.log());
    recipe.lay(base, deployment);
    ProcessBuilder builder =
        recipe.start(base, Jdk.ofContainers(), deployment).redirectErrorStream(true);
    builder.environment().putAll(deployment.variables());
    Process process = builder.start();
    Console console = Console.of(process, base.resolve("console.txt"));
    try {
      Matcher listening = console.await(recipe.listening());
      console.await(recipe.ready());
      return new Container(
          recipe, base, deployment.log(), process, console, Integer.parseInt(listening.group(1)));
    } catch (TimeoutException e) {
      process.destroyForcibly();
      throw new IOException(distribution + " does not start: " + base.resolve("console.txt"), e);
    }
  }

  private static Path emptyFolder(String name) throws IOException {
    Path folder = RUNS.resolve(name.toLowerCase(Locale.ROOT));
    if (Files.exists(folder)) {
      try (Stream<Path> old = Files.walk(folder)) {
        for (Path path : old.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      }
    }
    return Files.createDirectories(folder);
  }

  URI uri(String path) {
    return URI.create("http://127.0.0.1:" + port + path);
  }

  /** What it writes to its console. */
  Console console() {
    return console;
  }

  LogFile accessLog() {
    return new LogFile(base.resolve("logs").resolve(log.file()));
  }

  /** Has the container deploy its web application anew, by a file time that is new to it. */
  void redeploy(FileTime time) throws IOException {
    Files.setLastModifiedTime(recipe.war(base), time);
  }

  /** Has the container undeploy its web application. */
  void takeAway() throws IOException {
    for (Path file : recipe.webapp(base)) {
      Files.delete(file);
    }
  }

  Recipe recipe() {
    return recipe;
  }

  /** Asks the running virtual machine something, as {@code jcmd} does. */
  List<String> jcmd(String command) throws IOException, InterruptedException {
    Process jcmd = new ProcessBuilder(
            Jdk.ofContainers().tool("jcmd"), Long.toString(process.pid()), command)
        .redirectErrorStream(true)
        .start();
    List<String> lines;
    try (var reader = jcmd.inputReader()) {
      lines = reader.lines().toList();
    }
    jcmd.waitFor();
    return lines;
  }

  /** Asks it to stop, as a service manager does, and waits for its end. */
  @Override
  public void close() throws InterruptedException {
    process.toHandle().destroy();
    if (!process.waitFor(STOP.toSeconds(), TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IllegalStateException("did not stop within " + STOP + ": " + base);
    }
  }
}
