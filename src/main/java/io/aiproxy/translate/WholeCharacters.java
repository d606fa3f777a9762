package io.aiproxy.translate;

import io.aiproxy.json.WellFormed;
import io.aiproxy.neutral.Delta;
import io.aiproxy.stream.Transducer;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Joins characters whose halves came in two pieces: some providers cut their texts between any two units of UTF-16. One per
 * answer, for one thread.
 */
final class WholeCharacters implements Transducer<Delta, Delta> {
  /** By candidate, a piece that ends with the first half. */
  private final Map<Integer, Delta.Grown> halves = new HashMap<>();

  @Override
  public void next(Delta delta, Consumer<? super Delta> out) {
    if (delta instanceof Delta.Grown grown) {
      grow(grown, out);
    } else if (!halves.isEmpty() && !(delta instanceof Delta.Ping)) {
      halves.values().forEach(half -> out.accept(more(half, WellFormed.text(half.more()))));
      halves.clear();
      out.accept(delta);
    } else {
      out.accept(delta);
    }
  }

  private void grow(Delta.Grown grown, Consumer<? super Delta> out) {
    Delta.Grown half = halves.remove(grown.candidate());
    String text = half == null ? grown.more() : half.more() + grown.more();
    int whole = text.length();
    if (whole > 0 && Character.isHighSurrogate(text.charAt(whole - 1))) {
      whole--;
      halves.put(grown.candidate(), more(grown, text.substring(whole)));
    }
    if (whole > 0) {
      out.accept(more(grown, hasHalves(text) ? WellFormed.text(text.substring(0, whole)) : text));
    }
  }

  private static boolean hasHalves(String text) {
    return text.chars().anyMatch(unit -> Character.isSurrogate((char) unit));
  }

  private static Delta.Grown more(Delta.Grown grown, String more) {
    return new Delta.Grown(grown.candidate(), grown.part(), grown.growth(), more);
  }
}
