package io.aiproxy.config;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * Looks whether a configuration file has changed, by reading it again and again: that works with files that are replaced, with
 * links that lead elsewhere, and with clocks too coarse to tell. A good configuration is handed on if it differs from the one
 * that runs, or if the file was bad before; a bad file, or one that is gone, is reported once for each content and changes
 * nothing. A file that was only touched is read anew, since its references may stand for something else by now.
 *
 * <p>The receivers are called on the scheduler's thread, one at a time, and not any more once {@link #close} has returned.
 * Whatever they throw does not end the watching.
 */
public final class ConfigWatch implements AutoCloseable {
  /** Makes a configuration of a file's content. */
  @FunctionalInterface
  public interface Parser {
    /** Called for each new content of the file, on the scheduler's thread. */
    Configuration parse(byte[] content) throws BadConfiguration;
  }

  private final Path file;
  private final Parser parser;
  private final Consumer<Configuration> accept;
  private final Consumer<List<ConfigError>> refuse;
  private final ScheduledExecutorService scheduler;

  private final ReentrantLock looking = new ReentrantLock();
  private Optional<Configuration> running = Optional.empty();
  private Optional<Look> last = Optional.empty();
  private Optional<Look> bad = Optional.empty();
  private Optional<Future<?>> task = Optional.empty();
  private boolean closed;

  /** What was found in the file's place; {@code trouble} is empty if it could be read. */
  private record Look(ByteBuffer content, FileTime modified, String trouble) {
    static Look at(Path file) {
      try {
        return new Look(ByteBuffer.wrap(SmallFile.read(file)), Files.getLastModifiedTime(file), "");
      } catch (IOException e) {
        // the class alone: messages of the file system differ from look to look and between systems
        String reason = Files.exists(file) ? e.getClass().getSimpleName() : "there is no such file";
        return new Look(ByteBuffer.allocate(0), FileTime.fromMillis(0), reason);
      }
    }

    boolean sameAs(Look other) {
      return content.equals(other.content) && trouble.equals(other.trouble);
    }
  }

  /**
   * Does not begin yet: see {@link #start}.
   *
   * @param accept puts a configuration to work
   * @param refuse reports a file that cannot be used
   */
  public ConfigWatch(
      Path file,
      Parser parser,
      Consumer<Configuration> accept,
      Consumer<List<ConfigError>> refuse,
      ScheduledExecutorService scheduler) {
    this.file = file;
    this.parser = parser;
    this.accept = accept;
    this.refuse = refuse;
    this.scheduler = scheduler;
  }

  /**
   * Begins to look.
   *
   * @param configuration the one that runs, which is what the file held when it was read last
   * @param interval between two looks, longer than zero
   */
  public ConfigWatch start(Configuration configuration, Duration interval) {
    looking.lock();
    try {
      running = Optional.of(configuration);
      long millis = interval.toMillis();
      task = Optional.of(
          scheduler.scheduleWithFixedDelay(this::tick, millis, millis, TimeUnit.MILLISECONDS));
    } finally {
      looking.unlock();
    }
    return this;
  }

  /** Looks now. Without a {@link #start} the first good configuration is handed on. */
  public void poll() {
    looking.lock();
    try {
      Look look = Look.at(file);
      if (!closed && !last.equals(Optional.of(look))) {
        last = Optional.of(look);
        judge(look);
      }
    } finally {
      looking.unlock();
    }
  }

  /** Looks no more; the scheduler is its owner's to close. */
  @Override
  public void close() {
    looking.lock();
    try {
      closed = true;
      task.ifPresent(scheduled -> scheduled.cancel(false));
    } finally {
      looking.unlock();
    }
  }

  private void tick() {
    try {
      poll();
    } catch (RuntimeException | Error e) {
      // only what the receiver of reports throws comes here; a task that throws would never run
      // again
      return;
    }
  }

  private void judge(Look look) {
    if (!look.trouble().isEmpty()) {
      report(look, List.of(new ConfigError(file.toString(), "cannot be read: " + look.trouble())));
      return;
    }
    try {
      Configuration read = parser.parse(look.content().array());
      if (bad.isPresent() || !running.equals(Optional.of(read))) {
        accept.accept(read);
        running = Optional.of(read);
      }
      bad = Optional.empty();
    } catch (BadConfiguration e) {
      report(look, e.errors());
    } catch (RuntimeException | Error e) {
      // its message may hold anything
      report(
          look,
          List.of(new ConfigError(
              file.toString(), "cannot be put to work: " + e.getClass().getName())));
    }
  }

  private void report(Look look, List<ConfigError> errors) {
    boolean known = bad.filter(look::sameAs).isPresent();
    bad = Optional.of(look);
    if (!known) {
      refuse.accept(errors);
    }
  }
}
