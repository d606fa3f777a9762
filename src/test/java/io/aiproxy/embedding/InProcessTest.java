package io.aiproxy.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.aiproxy.call.Exchange;
import io.aiproxy.ledger.Ledger;
import io.aiproxy.ledger.Ticker;
import io.aiproxy.testing.Calls;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class InProcessTest {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Exchange asking =
      new Exchange("id", new Ledger("id", Ticker.SYSTEM), Calls.SCHEDULER);

  @Test
  void knowsWhatTextsAreAbout() throws Exception {
    Embedder embedder = new InProcess(
        InProcessModels.installed().named(LangChain4jModel.NAME).orElseThrow(), PATIENCE);

    List<Vector> vectors = embedder.embed(
        List.of(
            "Write a Python function",
            "What will the weather be?",
            "My Java code does not compile, what is wrong with it?",
            "Do I need an umbrella tomorrow?"),
        asking);

    assertThat(vectors).extracting(Vector::size).containsOnly(384);
    Vector code = vectors.get(0);
    Vector weather = vectors.get(1);
    assertThat(vectors.get(2).similarity(code)).isGreaterThan(vectors.get(2).similarity(weather));
    assertThat(vectors.get(3).similarity(weather)).isGreaterThan(vectors.get(3).similarity(code));
  }

  @Test
  void takesTextsOfAnyLengthAndLanguage() throws Exception {
    Embedder embedder = new InProcess(
        InProcessModels.installed().named(LangChain4jModel.NAME).orElseThrow(), PATIENCE);

    assertThat(embedder.embed(List.of("€ 漢字 \n ".repeat(1_000), "?"), asking)).hasSize(2);
  }

  @Test
  void loadsItsModelWhenTheFirstTextComesAndOnlyOnce() throws Exception {
    AtomicInteger loaded = new AtomicInteger();
    Embedder embedder = new InProcess(
        model(() -> {
          loaded.incrementAndGet();
          return text -> new float[] {text.length()};
        }),
        PATIENCE);
    assertThat(loaded).hasValue(0);

    embedder.embed(List.of("a"), asking);
    embedder.embed(List.of("a", "b"), asking);

    assertThat(loaded).hasValue(1);
  }

  @Test
  void hasNoVectorsIfItsModelFails() {
    Embedder embedder = new InProcess(
        model(() -> {
          throw new UnsatisfiedLinkError("no such library");
        }),
        PATIENCE);

    NoVectors none =
        catchThrowableOfType(NoVectors.class, () -> embedder.embed(List.of("a"), asking));

    assertThat(none.words())
        .isEqualTo("the model fake failed: java.lang.UnsatisfiedLinkError: no such library");
    assertThat(none.isTransitory()).isTrue();
  }

  @Test
  void letsOnlySoManyInAndNobodyWaitForLong() throws Exception {
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    Embedder embedder = new InProcess(
        model(() -> text -> {
          inside.countDown();
          await(go);
          return new float[] {1};
        }),
        Duration.ofMillis(10),
        1);
    FutureTask<List<Vector>> first = new FutureTask<>(() -> embedder.embed(List.of("a"), asking));
    new Thread(first).start();
    await(inside);

    NoVectors none =
        catchThrowableOfType(NoVectors.class, () -> embedder.embed(List.of("b"), asking));

    assertThat(none).hasMessage("the model fake has too much to do");
    go.countDown();
    assertThat(first.get()).hasSize(1);
    assertThat(embedder.embed(List.of("c"), asking)).hasSize(1);
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException interrupted) {
      throw new AssertionError(interrupted);
    }
  }

  private static InProcessModel model(Supplier<Function<String, float[]>> opening) {
    return new InProcessModel() {
      @Override
      public String name() {
        return "fake";
      }

      @Override
      public String library() {
        return "none";
      }

      @Override
      public boolean available() {
        return true;
      }

      @Override
      public Function<String, float[]> open() {
        return opening.get();
      }
    };
  }
}
