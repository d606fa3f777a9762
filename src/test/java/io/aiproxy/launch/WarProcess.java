package io.aiproxy.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** {@code java -jar ai-proxy.war} in a folder of its own. */
final class WarProcess implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String LISTENING = "listening on ";

  private final Process process;
  private final Path errors;
  private final CompletableFuture<URI> address = new CompletableFuture<>();
  private final CompletableFuture<List<String>> output;

  private WarProcess(Process process, Path errors) {
    this.process = process;
    this.errors = errors;
    this.output =
        CompletableFuture.supplyAsync(this::read, task -> new Thread(task, "war-output").start());
  }

  static WarProcess start(Path folder, String... args) throws IOException {
    return start(folder, Path.of(System.getProperty("ai-proxy.war")), args);
  }

  static WarProcess start(Path folder, Path jar, String... args) throws IOException {
    Path temporary = Files.createDirectories(temporary(folder));
    List<String> command = new ArrayList<>(List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:TieredStopAtLevel=1",
        "-Djava.io.tmpdir=" + temporary,
        "-jar",
        jar.toString()));
    command.addAll(List.of(args));
    Path errors = folder.resolve("errors.txt");
    return new WarProcess(
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectError(errors.toFile())
            .start(),
        errors);
  }

  /** Where it unpacks itself. */
  static Path temporary(Path folder) {
    return folder.resolve("tmp");
  }

  /** Once it listens. */
  URI address() {
    return address.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
  }

  void signal() {
    process.destroy();
  }

  /** Its exit status, once it has ended. */
  int end() throws InterruptedException {
    assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
        .as("ended")
        .isTrue();
    return process.exitValue();
  }

  /** All that it printed, once it has ended. */
  List<String> output() {
    return output.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
  }

  List<String> errors() throws IOException {
    return Files.readAllLines(errors);
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  private List<String> read() {
    List<String> lines = new ArrayList<>();
    process.inputReader().lines().forEach(line -> {
      lines.add(line);
      if (line.contains(LISTENING)) {
        address.complete(URI.create(line.substring(line.indexOf(LISTENING) + LISTENING.length())));
      }
    });
    address.completeExceptionally(new IOException("it ended before it listened: " + lines));
    return lines;
  }
}
