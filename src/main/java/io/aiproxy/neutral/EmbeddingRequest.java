package io.aiproxy.neutral;

import java.util.List;
import java.util.Optional;

/**
 * Texts of which a client wants vectors. Immutable, but for the JSON that it holds, which nobody may change.
 *
 * @param model empty if the request names none
 * @param inputs in the order of the vectors that are wanted
 * @param single whether the client wrote a mere text, and not a list
 * @param dimensions how long the vectors are to be; empty if the client did not say
 * @param base64 whether the vectors are wanted as base64 of little-endian floats, where the client can be given that
 * @param user who the client's user is; empty if the client did not say
 * @param origin all else
 */
public record EmbeddingRequest(
    String model,
    List<Input> inputs,
    boolean single,
    Optional<Given> dimensions,
    boolean base64,
    Optional<Given> user,
    Origin origin) {
  public EmbeddingRequest {
    inputs = List.copyOf(inputs);
  }

  /**
   * One text.
   *
   * @param task what the vector is for, in Google's words such as {@code RETRIEVAL_QUERY}; empty if the client did not say
   * @param title of the document that the text is from; empty if it has none
   */
  public record Input(String text, Optional<Given> task, Optional<Given> title, Origin origin) {}
}
