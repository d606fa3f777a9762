package io.aiproxy.embedding;

import io.aiproxy.call.Exchange;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Makes vectors with a model in this JVM, which is loaded when the first text comes; no more of them at a time than there are
 * processors, since each takes memory that no collector knows of. Safe for all threads.
 */
public final class InProcess implements Embedder {
  private final InProcessModel model;
  private final Duration patience;
  private final Semaphore places;
  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable Function<String, float[]> opened;

  /**
   * With a model that is available.
   *
   * @param patience how long somebody waits for others; not for the model itself, which cannot be stopped
   */
  public InProcess(InProcessModel model, Duration patience) {
    this(model, patience, Runtime.getRuntime().availableProcessors());
  }

  InProcess(InProcessModel model, Duration patience, int places) {
    this.model = model;
    this.patience = patience;
    this.places = new Semaphore(places, true);
  }

  @Override
  public List<Vector> embed(List<String> texts, Exchange asking) throws NoVectors {
    enter();
    try {
      return vectors(texts);
    } finally {
      places.release();
    }
  }

  private void enter() throws NoVectors {
    try {
      if (!places.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS)) {
        throw NoVectors.atTheMoment("the model " + model.name() + " has too much to do");
      }
    } catch (InterruptedException hurried) {
      Thread.currentThread().interrupt();
      throw NoVectors.atTheMoment("there was no time to wait for the model " + model.name());
    }
  }

  private List<Vector> vectors(List<String> texts) throws NoVectors {
    List<Vector> vectors = new ArrayList<>();
    for (String text : texts) {
      vectors.add(vector(text));
    }
    return vectors;
  }

  private Vector vector(String text) throws NoVectors {
    try {
      return Vector.of(open().apply(text));
    } catch (RuntimeException | LinkageError failure) {
      throw NoVectors.atTheMoment("the model " + model.name() + " failed", failure);
    }
  }

  private Function<String, float[]> open() {
    lock.lock();
    try {
      Function<String, float[]> ready = opened;
      if (ready == null) {
        ready = model.open();
        opened = ready;
      }
      return ready;
    } finally {
      lock.unlock();
    }
  }
}
