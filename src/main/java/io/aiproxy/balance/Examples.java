package io.aiproxy.balance;

import io.aiproxy.call.Ending;
import io.aiproxy.call.Exchange;
import io.aiproxy.embedding.Embedder;
import io.aiproxy.embedding.NoVectors;
import io.aiproxy.embedding.Vector;
import io.aiproxy.ledger.Ledger;
import io.aiproxy.ledger.Ticker;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The vectors of all examples of a route: made in one batch by the first request that needs them, while the others wait for
 * them. If that fails it is tried again by a later request, after a pause. Safe for all threads.
 */
final class Examples {
  private final List<String> texts;
  private final Embedder embedder;
  private final Duration patience;
  private final Ticker ticker;
  private final Pause pause;
  private final ReentrantLock lock = new ReentrantLock();
  private FutureTask<List<Vector>> making = new FutureTask<>(List::of);
  private boolean wanted = true;

  /** @param patience how long a request waits for what another one makes */
  Examples(List<String> texts, Embedder embedder, Duration patience, Ticker ticker) {
    this.texts = List.copyOf(texts);
    this.embedder = embedder;
    this.patience = patience;
    this.ticker = ticker;
    this.pause = new Pause(1, ticker);
  }

  /** One for each text, in their order. */
  List<Vector> vectors(Exchange asking) throws NoVectors {
    FutureTask<List<Vector>> current = current(asking);
    current.run(); // by the first one who comes here, for others it does nothing
    try {
      return current.get(patience.toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException failed) {
      throw because(failed.getCause());
    } catch (TimeoutException late) {
      throw NoVectors.atTheMoment("the examples did not get their vectors in time");
    } catch (InterruptedException hurried) {
      Thread.currentThread().interrupt();
      throw NoVectors.atTheMoment("there was no time to wait for the vectors of the examples");
    }
  }

  private static NoVectors because(@Nullable Throwable failure) {
    return failure instanceof NoVectors none
        ? none
        : NoVectors.atTheMoment("the examples got no vectors: " + failure);
  }

  /** What is done or under way; something new if that has failed and the pause is over. */
  private FutureTask<List<Vector>> current(Exchange asking) {
    lock.lock();
    try {
      if (wanted && pause.lets()) {
        wanted = false;
        making = new FutureTask<>(() -> make(asking));
      }
      return making;
    } finally {
      lock.unlock();
    }
  }

  /** For all: it ends with the gateway, and not when the one client leaves for whom it is made. */
  private List<Vector> make(Exchange asking) throws NoVectors {
    Exchange own = new Exchange(asking.id(), new Ledger(asking.id(), ticker), asking::after);
    Runnable forget =
        asking.onEnd(() -> asking.ending().filter(Ending.SHUTDOWN::equals).ifPresent(own::end));
    boolean made = false;
    try {
      List<Vector> vectors = embedder.embed(texts, own);
      made = true;
      return vectors;
    } finally {
      forget.run();
      ended(made);
    }
  }

  private void ended(boolean made) {
    lock.lock();
    try {
      wanted = !made;
      if (made) {
        pause.succeeded();
      } else {
        pause.failed();
      }
    } finally {
      lock.unlock();
    }
  }
}
