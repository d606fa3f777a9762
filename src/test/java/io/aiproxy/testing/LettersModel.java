package io.aiproxy.testing;

import io.aiproxy.embedding.InProcessModel;
import java.util.function.Function;

/** A model as somebody else would write one, which counts letters; no test finds it unless a service file names it. */
public final class LettersModel implements InProcessModel {
  @Override
  public String name() {
    return "letters";
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
    return text -> {
      float[] counts = new float[128];
      text.chars().filter(letter -> letter < 128).forEach(letter -> counts[letter]++);
      return counts;
    };
  }
}
