package io.aiproxy.embedding;

import io.aiproxy.call.Exchange;
import java.util.List;

/** Makes vectors of texts. Safe for all threads. */
@FunctionalInterface
public interface Embedder {
  /**
   * Blocks until they are there.
   *
   * @param texts at least one, none of them blank
   * @param asking for whom: once it has ended nobody waits any more; its ledger is told nothing, since this is no attempt of it
   * @return one for each text, in their order, all of the same size
   */
  List<Vector> embed(List<String> texts, Exchange asking) throws NoVectors;
}
