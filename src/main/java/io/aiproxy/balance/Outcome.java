package io.aiproxy.balance;

import io.aiproxy.call.Problem;
import io.aiproxy.call.Reply;
import io.aiproxy.ledger.Answer;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * What came of an attempt: a reply, or a problem.
 *
 * @param broken whether the reply is a stream that began with an error
 * @param spent whether the upstream says that what was bought from it is used up, which no waiting helps against
 * @param wanted how long it wants to be left alone; empty if it does not say
 * @param nanos how long it took to know
 */
record Outcome(
    Optional<Reply> reply,
    Optional<Problem> problem,
    boolean broken,
    boolean spent,
    Optional<Duration> wanted,
    long nanos) {
  private static final int BAD_GATEWAY = 502;
  private static final int FIRST_ERROR = 400;
  private static final int FIRST_FAULT = 500;

  /** What OpenAI's and Anthropic's own clients ask again after, unless the reply says otherwise. */
  private static final Set<Integer> PASSING = Set.of(408, 409, 429);

  static Outcome of(Reply reply, Answer answer, Optional<Duration> wanted, long nanos) {
    boolean broken = answer.failed() && !answer.hasOutput();
    return new Outcome(Optional.of(reply), Optional.empty(), broken, answer.spent(), wanted, nanos);
  }

  static Outcome of(Problem problem, long nanos) {
    return new Outcome(
        Optional.empty(), Optional.of(problem), false, false, Optional.empty(), nanos);
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

  /** Whether the same request may do better at the same instance a little later. */
  boolean mayPass() {
    if (spent) {
      return false;
    }
    return reply
        .flatMap(said -> said.headers().first("x-should-retry"))
        .filter(word -> word.equals("true") || word.equals("false"))
        .map(Boolean::parseBoolean)
        .orElseGet(() -> isOwnFault() || PASSING.contains(status()));
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
