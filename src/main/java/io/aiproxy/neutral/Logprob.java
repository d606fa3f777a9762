package io.aiproxy.neutral;

import java.util.List;

/**
 * How likely a token was.
 *
 * @param logprob its natural logarithm
 * @param top what else was likely, with empty lists of their own
 */
public record Logprob(String token, double logprob, List<Logprob> top) {
  public Logprob {
    top = List.copyOf(top);
  }
}
