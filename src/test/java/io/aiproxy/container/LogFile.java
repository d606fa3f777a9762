package io.aiproxy.container;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** A log file of a running container. */
final class LogFile {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration LOOK_AGAIN = Duration.ofMillis(20);

  private final Path file;

  LogFile(Path file) {
    this.file = file;
  }

  /** The complete lines that there are. */
  List<String> lines() throws IOException {
    if (!Files.exists(file)) {
      return List.of();
    }
    String text = Files.readString(file, StandardCharsets.UTF_8);
    return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
  }

  /** Waits for the line with this word in it. */
  String lineWith(String word) throws IOException {
    return linesWith(word).get(0);
  }

  /** Waits for lines with this word in them; another process writes them, so there is only looking again and again. */
  List<String> linesWith(String word) throws IOException {
    for (long waited = 0; waited < PATIENCE.toNanos(); waited += LOOK_AGAIN.toNanos()) {
      List<String> found = lines().stream().filter(line -> line.contains(word)).toList();
      if (!found.isEmpty()) {
        return found;
      }
      LockSupport.parkNanos(LOOK_AGAIN.toNanos());
    }
    throw new AssertionError("no line with " + word + " in " + file);
  }
}
