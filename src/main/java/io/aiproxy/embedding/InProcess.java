package io.aiproxy.embedding;

import io.aiproxy.call.Exchange;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Makes vectors with a model in this JVM, which is loaded when the first text comes. Safe for all threads. */
public final class InProcess implements Embedder {
  private final InProcessModel model;
  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable Function<String, float[]> opened;

  /** With a model that is available. */
  public InProcess(InProcessModel model) {
    this.model = model;
  }

  @Override
  public List<Vector> embed(List<String> texts, Exchange asking) throws NoVectors {
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
