package io.aiproxy.balance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.aiproxy.call.Ending;
import io.aiproxy.call.Exchange;
import io.aiproxy.embedding.Embedder;
import io.aiproxy.embedding.NoVectors;
import io.aiproxy.embedding.Vector;
import io.aiproxy.ledger.Ledger;
import io.aiproxy.testing.Calls;
import io.aiproxy.testing.FakeTicker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ExamplesTest {
  private static final Vector ONE = Vector.of(new float[] {1});

  private final FakeTicker ticker = new FakeTicker();
  private final Exchange asking = new Exchange("id", new Ledger("id", ticker), Calls.SCHEDULER);
  private final List<List<String>> asked = new ArrayList<>();
  private boolean fails;

  @Test
  void areEmbeddedOnceAndInOneBatch() throws Exception {
    Examples examples = examples(this::embed);

    assertThat(examples.vectors(asking)).hasSize(2);
    assertThat(examples.vectors(asking)).hasSize(2);

    assertThat(asked).containsExactly(List.of("a", "b"));
  }

  @Test
  void areTriedAgainAfterAPauseIfThatFailed() throws Exception {
    Examples examples = examples(this::embed);
    fails = true;
    none(examples);
    none(examples);
    assertThat(asked).hasSize(1);

    ticker.passes(Pause.FIRST);
    none(examples);
    none(examples);
    assertThat(asked).hasSize(2);

    fails = false;
    ticker.passes(Pause.FIRST.multipliedBy(2));
    assertThat(examples.vectors(asking)).hasSize(2);
  }

  @Test
  void areTriedAgainAfterAFault() throws Exception {
    Examples examples = examples((texts, exchange) -> {
      if (asked.isEmpty()) {
        asked.add(texts);
        throw new IllegalStateException("a fault");
      }
      return embed(texts, exchange);
    });
    none(examples);

    ticker.passes(Pause.FIRST);

    assertThat(examples.vectors(asking)).hasSize(2);
  }

  @Test
  void areForAllAndNotForTheOneExchangeInWhichTheyAreMade() throws Exception {
    Examples examples = examples((texts, exchange) -> {
      asking.end(Ending.CLIENT_GONE);
      assertThat(exchange.ended()).isFalse();
      return embed(texts, exchange);
    });

    assertThat(examples.vectors(asking)).hasSize(2);
  }

  @Test
  void areNotWaitedForLongerThanIsAllowed() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    Examples examples = new Examples(
        List.of("a"),
        (texts, exchange) -> {
          begun.countDown();
          await(go);
          return List.of(ONE);
        },
        Duration.ofMillis(10),
        ticker);
    Thread first = new Thread(() -> {
      try {
        examples.vectors(asking);
      } catch (NoVectors none) {
        throw new AssertionError(none);
      }
    });
    first.start();
    await(begun);

    none(examples);

    go.countDown();
    first.join();
    assertThat(examples.vectors(asking)).hasSize(1);
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException interrupted) {
      throw new AssertionError(interrupted);
    }
  }

  private void none(Examples examples) {
    assertThatExceptionOfType(NoVectors.class).isThrownBy(() -> examples.vectors(asking));
  }

  private List<Vector> embed(List<String> texts, Exchange exchange) throws NoVectors {
    asked.add(texts);
    if (fails) {
      throw NoVectors.atTheMoment("not now");
    }
    return texts.stream().map(text -> ONE).toList();
  }

  private Examples examples(Embedder embedder) {
    return new Examples(List.of("a", "b"), embedder, Duration.ofSeconds(10), ticker);
  }
}
