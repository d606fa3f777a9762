package io.aiproxy.container;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The lines that a process writes, to wait for; they are kept in a file as well. Safe for any thread. */
final class Console {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Lock lock = new ReentrantLock();
  private final Condition more = lock.newCondition();
  private final List<String> lines = new ArrayList<>();
  private boolean ended;

  static Console of(Process process, Path copy) {
    Console console = new Console();
    Thread reader = new Thread(() -> console.read(process.inputReader(), copy), "console");
    reader.setDaemon(true);
    reader.start();
    return console;
  }

  private void read(BufferedReader reader, Path copy) {
    try (reader;
        PrintWriter file = new PrintWriter(Files.newBufferedWriter(copy), true)) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        file.println(line);
        add(line);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      end();
    }
  }

  private void add(String line) {
    lock.lock();
    try {
      lines.add(line);
      more.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void end() {
    lock.lock();
    try {
      ended = true;
      more.signalAll();
    } finally {
      lock.unlock();
    }
  }

  List<String> lines() {
    lock.lock();
    try {
      return List.copyOf(lines);
    } finally {
      lock.unlock();
    }
  }

  /** Waits for a line since the start. */
  Matcher await(Pattern pattern) throws InterruptedException, TimeoutException {
    return await(pattern, 0);
  }

  /** Waits for a line after the first so many. */
  Matcher await(Pattern pattern, int from) throws InterruptedException, TimeoutException {
    long left = PATIENCE.toNanos();
    lock.lock();
    try {
      for (int next = from; ; ) {
        for (; next < lines.size(); next++) {
          Matcher matcher = pattern.matcher(lines.get(next));
          if (matcher.find()) {
            return matcher;
          }
        }
        if (ended || left <= 0) {
          throw new TimeoutException((ended ? "ended without " : "waited in vain for ") + pattern);
        }
        left = more.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }
}
