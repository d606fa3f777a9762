package io.aiproxy.testing.sdk;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/**
 * What an official SDK made of an answer, in words that all of them share.
 *
 * @param text of the first candidate; what a model refuses with included
 * @param calls in their order
 * @param input all tokens that were read, cached ones included; -1 if the SDK found none
 * @param output all tokens that were written, thoughts included; -1 if the SDK found none
 * @param cached tokens read from a cache; -1 if the SDK found none
 * @param ended whether the answer had the end that its protocol wants
 */
public record Heard(
    String text, List<Call> calls, long input, long output, long cached, boolean ended) {
  public Heard {
    calls = List.copyOf(calls);
  }

  /** A tool that the model wants called. */
  public record Call(String name, JsonNode arguments) {}
}
