package io.aiproxy.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.aiproxy.provider.Providers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigWatchTest {
  private static final Duration NEVER = Duration.ofDays(1);

  @TempDir
  private Path folder;

  private final ScriptedEnvironment environment = new ScriptedEnvironment().with("MODEL", "small");
  private final ConfigReader reader = new ConfigReader(Providers.installed(), environment);
  private final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();
  private final List<String> accepted = new ArrayList<>();
  private final List<List<ConfigError>> refused = new ArrayList<>();
  private Path file;
  private ConfigWatch watch;

  @BeforeEach
  void startWithAGoodFile() throws Exception {
    file = folder.resolve("ai-proxy.json");
    Files.writeString(file, config("/a"));
    watch = new ConfigWatch(file, reader::read, this::take, refused::add, scheduler)
        .start(reader.read(Files.readAllBytes(file)), NEVER);
  }

  @AfterEach
  void stop() {
    watch.close();
    scheduler.shutdownNow();
  }

  @Test
  void isSilentWhileTheFileIsAsItWas() {
    watch.poll();
    watch.poll();

    assertThat(accepted).isEmpty();
    assertThat(refused).isEmpty();
  }

  @Test
  void handsAChangedConfigurationOn() throws IOException {
    Files.writeString(file, config("/b"));
    watch.poll();
    watch.poll();

    assertThat(accepted).containsExactly("/b");
  }

  @Test
  void doesNotMissAChangeFromBeforeItsFirstLook() throws IOException {
    Files.writeString(file, config("/b"));
    watch.poll();

    assertThat(accepted).containsExactly("/b");
  }

  @Test
  void noticesAChangeThatNeitherSizeNorTimeShows() throws IOException {
    watch.poll();
    FileTime time = Files.getLastModifiedTime(file);
    Files.writeString(file, config("/b"));
    Files.setLastModifiedTime(file, time);
    watch.poll();

    assertThat(accepted).containsExactly("/b");
  }

  @Test
  void isSilentAboutAChangeThatMeansNothing() throws IOException {
    Files.writeString(file, config("/a") + "\n\n");
    watch.poll();

    assertThat(accepted).isEmpty();
  }

  @Test
  void noticesAFileThatIsReplaced() throws IOException {
    Path next = Files.writeString(folder.resolve("next"), config("/b"));
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    watch.poll();

    assertThat(accepted).containsExactly("/b");
  }

  @Test
  void noticesALinkToAFolderThatIsSwapped() throws Exception {
    Path first = Files.createDirectory(folder.resolve("first"));
    Path second = Files.createDirectory(folder.resolve("second"));
    Files.writeString(first.resolve("config"), config("/first"));
    Files.writeString(second.resolve("config"), config("/second"));
    Path data = Files.createSymbolicLink(folder.resolve("..data"), first);
    Path mounted = Files.createSymbolicLink(folder.resolve("config"), Path.of("..data/config"));
    ConfigWatch mountedWatch =
        new ConfigWatch(mounted, reader::read, this::take, refused::add, scheduler);
    mountedWatch.poll();

    Path swap = Files.createSymbolicLink(folder.resolve("..swap"), second);
    Files.move(swap, data, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    mountedWatch.poll();

    assertThat(accepted).containsExactly("/first", "/second");
  }

  @Test
  void reportsABadFileOnce() throws IOException {
    Files.writeString(file, "{");
    watch.poll();
    watch.poll();
    Files.setLastModifiedTime(file, FileTime.fromMillis(1));
    watch.poll();

    assertThat(refused).hasSize(1);
    assertThat(accepted).isEmpty();
  }

  @Test
  void reportsABadFileAgainWhenItIsBadInAnotherWay() throws IOException {
    Files.writeString(file, "{");
    watch.poll();
    Files.writeString(file, "[");
    watch.poll();

    assertThat(refused).hasSize(2);
  }

  @Test
  void handsOnEvenAnEqualConfigurationAfterABadOne() throws IOException {
    Files.writeString(file, "{");
    watch.poll();
    Files.writeString(file, config("/a"));
    watch.poll();
    watch.poll();

    assertThat(accepted).containsExactly("/a");
  }

  @Test
  void reportsAFileThatIsGoneOnceAndTakesItWhenItIsBack() throws IOException {
    Files.delete(file);
    watch.poll();
    watch.poll();
    Files.writeString(file, config("/a"));
    watch.poll();

    assertThat(refused)
        .containsExactly(
            List.of(new ConfigError(file.toString(), "cannot be read: there is no such file")));
    assertThat(accepted).containsExactly("/a");
  }

  @Test
  void reportsAFolderInThePlaceOfTheFile() throws IOException {
    Files.delete(file);
    Files.createDirectory(file);
    watch.poll();

    assertThat(refused).hasSize(1);
  }

  @Test
  void readsATouchedFileAnewSinceItsReferencesMayHaveChanged() throws IOException {
    Files.writeString(file, config("/${MODEL}"));
    watch.poll();
    environment.with("MODEL", "large");
    Files.setLastModifiedTime(file, FileTime.fromMillis(1));
    watch.poll();

    assertThat(accepted).containsExactly("/small", "/large");
  }

  @Test
  void reportsAConfigurationThatCannotBePutToWork() throws IOException {
    ConfigWatch failing = new ConfigWatch(
        file,
        reader::read,
        configuration -> {
          throw new IllegalStateException("sk-secret");
        },
        refused::add,
        scheduler);
    failing.poll();
    failing.poll();

    assertThat(refused)
        .containsExactly(List.of(new ConfigError(
            file.toString(), "cannot be put to work: java.lang.IllegalStateException")));
  }

  @Test
  void goesOnWhateverTheReceiversThrow() throws Exception {
    CountDownLatch refusals = new CountDownLatch(2);
    Files.writeString(file, "{");
    try (ConfigWatch stubborn = new ConfigWatch(
        file,
        content -> {
          throw new BadConfiguration(List.of(new ConfigError("", "no")));
        },
        configuration -> {},
        errors -> {
          refusals.countDown();
          write("[" + refusals.getCount());
          throw new StackOverflowError();
        },
        scheduler)) {
      stubborn.start(new Configuration(List.of()), Duration.ofMillis(1));

      assertThat(refusals.await(10, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void looksNoMoreOnceItIsClosed() throws IOException {
    watch.close();
    Files.writeString(file, config("/b"));
    watch.poll();

    assertThat(accepted).isEmpty();
  }

  @Test
  void canBeClosedByItsReceiver() throws IOException {
    ConfigWatch closing = new ConfigWatch(
        file, reader::read, configuration -> watch.close(), refused::add, scheduler);

    assertThatCode(closing::poll).doesNotThrowAnyException();
  }

  private void take(Configuration configuration) {
    accepted.add(configuration.routes().get(0).uris().get(0));
  }

  private void write(String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String config(String uri) {
    return "{\"uri\": \"" + uri
        + "\", \"plugins\": {\"ai-proxy\": {\"provider\": \"openai\", \"auth\": {}}}}";
  }
}
