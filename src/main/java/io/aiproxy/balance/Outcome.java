package io.aiproxy.balance;

import io.aiproxy.call.Problem;
import io.aiproxy.call.Reply;
import java.util.Optional;

/**
 * What came of an attempt: a reply, or a problem.
 *
 * @param broken whether the reply is a stream that began with an error
 * @param nanos how long it took to know
 */
record Outcome(Optional<Reply> reply, Optional<Problem> problem, boolean broken, long nanos) {
  private static final int BAD_GATEWAY = 502;
  private static final int FIRST_ERROR = 400;
  private static final int FIRST_FAULT = 500;

  static Outcome of(Reply reply, boolean broken, long nanos) {
    return new Outcome(Optional.of(reply), Optional.empty(), broken, nanos);
  }

  static Outcome of(Problem problem, long nanos) {
    return new Outcome(Optional.empty(), Optional.of(problem), false, nanos);
  }

  boolean failed() {
    return status() >= FIRST_ERROR;
  }

  /** Whether the instance itself failed, and neither the request nor the gateway. */
  boolean isOwnFault() {
    return problem
        .map(trouble -> switch (trouble.kind()) {
          case UPSTREAM_UNREACHABLE,
              UPSTREAM_INSECURE,
              UPSTREAM_ERROR,
              UPSTREAM_BROKEN,
              UPSTREAM_TIMEOUT,
              DEADLINE -> true;
          default -> false;
        })
        .orElseGet(() -> status() >= FIRST_FAULT);
  }

  int status() {
    if (broken) {
      return BAD_GATEWAY;
    }
    return reply.map(Reply::status).orElseGet(() -> problem.orElseThrow().kind().status());
  }

  /** The reply, or the problem thrown. */
  Reply give() {
    return reply.orElseThrow(problem::orElseThrow);
  }

  /** The last one of several: its words, with a status that says that nobody is left. */
  Reply exhausted() {
    return reply
        .filter(last -> !last.succeeded())
        .map(last -> new Reply(BAD_GATEWAY, last.headers(), last.format(), last.body()))
        .orElseGet(this::give);
  }

  void discard() {
    reply.ifPresent(Reply::close);
  }
}
