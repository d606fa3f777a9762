package io.aiproxy.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.aiproxy.call.Exchange;
import io.aiproxy.ledger.Ledger;
import io.aiproxy.ledger.Ticker;
import io.aiproxy.testing.Calls;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class InProcessTest {
  private final Exchange asking =
      new Exchange("id", new Ledger("id", Ticker.SYSTEM), Calls.SCHEDULER);

  @Test
  void knowsWhatTextsAreAbout() throws Exception {
    Embedder embedder =
        new InProcess(InProcessModels.installed().named(LangChain4jModel.NAME).orElseThrow());

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
    Embedder embedder =
        new InProcess(InProcessModels.installed().named(LangChain4jModel.NAME).orElseThrow());

    assertThat(embedder.embed(List.of("€ 漢字 \n ".repeat(1_000), "?"), asking)).hasSize(2);
  }

  @Test
  void loadsItsModelWhenTheFirstTextComesAndOnlyOnce() throws Exception {
    AtomicInteger loaded = new AtomicInteger();
    Embedder embedder = new InProcess(model(() -> {
      loaded.incrementAndGet();
      return text -> new float[] {text.length()};
    }));
    assertThat(loaded).hasValue(0);

    embedder.embed(List.of("a"), asking);
    embedder.embed(List.of("a", "b"), asking);

    assertThat(loaded).hasValue(1);
  }

  @Test
  void hasNoVectorsIfItsModelFails() {
    Embedder embedder = new InProcess(model(() -> {
      throw new UnsatisfiedLinkError("no such library");
    }));

    NoVectors none =
        catchThrowableOfType(NoVectors.class, () -> embedder.embed(List.of("a"), asking));

    assertThat(none.words())
        .isEqualTo("the model fake failed: java.lang.UnsatisfiedLinkError: no such library");
    assertThat(none.isTransitory()).isTrue();
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
