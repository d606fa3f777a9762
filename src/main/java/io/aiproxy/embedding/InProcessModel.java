package io.aiproxy.embedding;

import java.util.function.Function;

/**
 * A model that makes vectors in this JVM. Found by {@link java.util.ServiceLoader}; it must load without the library that it
 * works with, so that the gateway runs where nobody needs that. Has no state; safe for all threads.
 */
public interface InProcessModel {
  /** As {@code semantic_opts.embeddings.model} names it. */
  String name();

  /** What must be on the class path, as {@code group:artifact}. */
  String library();

  /** Whether that is there. */
  boolean available();

  /**
   * Loads the model, which may take seconds. Called once by each user, and only if it is {@link #available}.
   *
   * @return makes the numbers of a text, any amount of them but always the same; safe for all threads
   */
  Function<String, float[]> open();
}
