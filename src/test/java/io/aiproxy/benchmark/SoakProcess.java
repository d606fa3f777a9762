package io.aiproxy.benchmark;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.aiproxy.testing.WireClient;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The gateway's process under a soak, as its operator can see it. For one thread. */
final class SoakProcess implements AutoCloseable {
  private static final String LISTENING = "listening on ";
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration TICK = Duration.ofMillis(100);
  private static final String METASPACE = "sun.gc.metaspace.used=";
  private static final Pattern USED = Pattern.compile("used (\\d+)K");
  private static final Pattern NUMBER = Pattern.compile("\\d+");

  private final Process process;
  private final Path log;
  private final int port;

  private SoakProcess(Process process, Path log, int port) {
    this.process = process;
    this.log = log;
    this.port = port;
  }

  /** Starts the WAR on the JDK that this runs on, and waits until it listens. */
  static SoakProcess start(Path war, Path folder, Path config) throws IOException {
    Path log = folder.resolve("gateway.log");
    Process process = new ProcessBuilder(
            tool("java"),
            "-Xmx128m",
            "-jar",
            war.toAbsolutePath().toString(),
            "--config",
            config.toString(),
            "--port",
            "0")
        .directory(folder.toFile())
        .redirectErrorStream(true)
        .redirectOutput(log.toFile())
        .start();
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < end && process.isAlive()) {
      for (String line : Files.readAllLines(log)) {
        if (line.startsWith(LISTENING)) {
          URI address = URI.create(line.substring(LISTENING.length()));
          return new SoakProcess(process, log, address.getPort());
        }
      }
      LockSupport.parkNanos(TICK.toNanos());
    }
    process.destroy();
    throw new IOException("it does not start: " + Files.readString(log));
  }

  int port() {
    return port;
  }

  /** Waits until nothing runs any more, if that comes to be, and looks. */
  SoakSample sample(Duration at, long visits, int errors, int reloads)
      throws IOException, InterruptedException {
    JsonNode health = health();
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (busy(health) && System.nanoTime() < end) {
      LockSupport.parkNanos(TICK.toNanos());
      health = health();
    }
    jcmd("GC.run");
    return new SoakSample(
        at,
        visits,
        errors,
        reloads,
        heap(),
        metaspace(),
        status("VmRSS:") * 1024,
        status("Threads:"),
        files(),
        health.path("exchanges").asLong(),
        health.path("connections").path("leased").asLong(),
        health.path("connections").path("available").asLong());
  }

  private static boolean busy(JsonNode health) {
    return health.path("exchanges").asLong() > 0
        || health.path("connections").path("leased").asLong() > 0;
  }

  private JsonNode health() throws IOException {
    try (WireClient client = WireClient.to(port)) {
      return new ObjectMapper()
          .readTree(client.send("GET", "/health", "").answer().body());
    }
  }

  /** In bytes; of all its parts, whichever the collector has. */
  private long heap() throws IOException, InterruptedException {
    long sum = 0;
    for (String line : jcmd("GC.heap_info")) {
      Matcher used = USED.matcher(line);
      if (!line.contains("Metaspace") && !line.contains("class space") && used.find()) {
        sum += Long.parseLong(used.group(1)) * 1024;
      }
    }
    return sum;
  }

  /** In bytes. */
  private long metaspace() throws IOException, InterruptedException {
    for (String line : jcmd("PerfCounter.print")) {
      if (line.startsWith(METASPACE)) {
        return Long.parseLong(line.substring(METASPACE.length()));
      }
    }
    return 0;
  }

  private List<String> jcmd(String command) throws IOException, InterruptedException {
    Process jcmd = new ProcessBuilder(tool("jcmd"), Long.toString(process.pid()), command).start();
    List<String> lines = jcmd.inputReader().lines().toList();
    jcmd.waitFor();
    return lines;
  }

  private long status(String field) throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/" + process.pid() + "/status"))) {
      Matcher number = NUMBER.matcher(line);
      if (line.startsWith(field) && number.find()) {
        return Long.parseLong(number.group());
      }
    }
    return 0;
  }

  private long files() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("/proc/" + process.pid() + "/fd"))) {
      return files.count();
    }
  }

  /** What it complains of in its log. */
  List<String> faults() throws IOException {
    return Files.readAllLines(log).stream()
        .filter(line -> line.contains(" ERROR ") || line.startsWith("Exception in thread"))
        .toList();
  }

  private static String tool(String name) {
    return Path.of(System.getProperty("java.home"), "bin", name).toString();
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException hurried) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
