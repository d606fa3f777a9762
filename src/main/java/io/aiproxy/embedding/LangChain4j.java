package io.aiproxy.embedding;

import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.spi.model.embedding.EmbeddingModelFactory;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.function.Function;

/** What of LangChain4j is on the class path. Loads only with that. */
final class LangChain4j {
  private LangChain4j() {}

  /** A model, whichever it is. */
  static Optional<ServiceLoader.Provider<EmbeddingModelFactory>> model() {
    return ServiceLoader.load(EmbeddingModelFactory.class, LangChain4j.class.getClassLoader())
        .stream()
        .findFirst();
  }

  static Function<String, float[]> open() {
    EmbeddingModel model = model().orElseThrow().get().create();
    // one by one: several at a time would go to threads of the library's own
    return text -> model.embed(text).content().vector();
  }
}
