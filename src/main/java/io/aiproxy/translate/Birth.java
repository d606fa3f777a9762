package io.aiproxy.translate;

import io.aiproxy.neutral.Delta;
import io.aiproxy.neutral.Response;
import io.aiproxy.stream.Transducer;
import java.time.Instant;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What some protocols say of an answer and others do not: which one it is, and when it was made. What the provider says of that
 * stays.
 *
 * @param id unlike that of any other answer
 * @param created in seconds since 1970
 */
record Birth(String id, long created) implements Transducer<Delta, Delta> {
  /** How the protocol's own providers begin their ids. */
  private static final Map<String, String> PREFIXES =
      Map.of("openai-chat", "chatcmpl-", "openai-responses", "resp_", "anthropic-messages", "msg_");

  /**
   * Of an answer to a client.
   *
   * @param client the name of its protocol
   * @param exchange the id of the exchange
   */
  static Birth of(String client, String exchange, Instant now) {
    return new Birth(PREFIXES.getOrDefault(client, "") + exchange, now.getEpochSecond());
  }

  /** An answer that has one. */
  Response given(Response answer) {
    return new Response(
        known(answer.id()),
        answer.model(),
        known(answer.created()),
        answer.candidates(),
        answer.usage(),
        answer.origin());
  }

  @Override
  public void next(Delta delta, Consumer<? super Delta> out) {
    out.accept(
        delta instanceof Delta.Begun begun
            ? new Delta.Begun(known(begun.id()), begun.model(), known(begun.created()))
            : delta);
  }

  private String known(String said) {
    return said.isEmpty() ? id : said;
  }

  private long known(long said) {
    return said == 0 ? created : said;
  }
}
