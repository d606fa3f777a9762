package io.aiproxy.neutral;

import io.aiproxy.usage.Usage;
import java.util.List;

/**
 * What a model answered. Immutable.
 *
 * @param id the provider's; empty if it gave none
 * @param model which one answered; empty if the provider did not say
 * @param created in seconds since 1970; 0 if the provider did not say
 */
public record Response(
    String id, String model, long created, List<Candidate> candidates, Usage usage, Origin origin) {
  public Response {
    candidates = List.copyOf(candidates);
  }

  /** One of the answers; nearly always the only one. */
  public record Candidate(List<Part> parts, Stop stop, List<Logprob> logprobs, Origin origin) {
    public Candidate {
      parts = List.copyOf(parts);
      logprobs = List.copyOf(logprobs);
    }
  }
}
