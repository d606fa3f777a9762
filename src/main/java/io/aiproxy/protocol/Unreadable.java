package io.aiproxy.protocol;

import io.aiproxy.call.Problem;
import io.aiproxy.wire.Event;
import java.nio.charset.StandardCharsets;

/** Messages of a stream that are no JSON. */
final class Unreadable {
  /** Some send OpenAI's mark of the end in other protocols too. */
  private static final byte[] DONE = "[DONE]".getBytes(StandardCharsets.US_ASCII);

  private Unreadable() {}

  /**
   * Passes over a mark of the end. Of anything else nobody knows what was in it, so that what follows would seem to be whole
   * and is not.
   *
   * @throws Problem if it is anything else
   */
  static void passOver(Event event) {
    if (!event.isData(DONE)) {
      throw Problem.of(
          Problem.Kind.UPSTREAM_BROKEN, "the upstream sent a message that cannot be read");
    }
  }
}
