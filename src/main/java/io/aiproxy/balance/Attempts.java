package io.aiproxy.balance;

import io.aiproxy.call.Call;
import io.aiproxy.call.Ending;
import io.aiproxy.call.Exchange;
import io.aiproxy.call.Problem;
import io.aiproxy.call.Reply;
import io.aiproxy.config.Balancing;
import io.aiproxy.ledger.Attempt;
import io.aiproxy.ledger.Ledger;
import java.time.InstantSource;
import java.util.Optional;

/** Asks one instance once, and takes note of what that tells of it. Safe for all threads. */
final class Attempts {
  /** What the outcomes begin with for which an upstream is to blame. */
  private static final String UPSTREAM = "upstream_";

  private static final String COMPLETED = "completed";

  private final Balancing settings;
  private final InstantSource clock;

  /** For one route. */
  Attempts(Balancing settings, InstantSource clock) {
    this.settings = settings;
    this.clock = clock;
  }

  /**
   * Asks.
   *
   * @param member in whose bulkhead there is a place for it, which it gives back at its end
   * @throws Problem if the request itself is at fault, so that no instance was asked
   */
  Outcome ask(Member member, Call call) {
    int begun = member.begins();
    Outcome outcome;
    try {
      outcome = answer(member, call);
    } catch (RuntimeException | Error fault) {
      member.ends();
      throw fault;
    }
    if (outcome.failed()) {
      member.ends();
      failed(member, begun, call.exchange(), outcome);
    } else {
      watch(member, begun, call.exchange());
    }
    return outcome;
  }

  private Outcome answer(Member member, Call call) {
    Ledger ledger = call.exchange().ledger();
    int before = ledger.attempts().size();
    long begun = ledger.nanos();
    try {
      Reply reply = member.handler().handle(call);
      Optional<Attempt> attempt = ledger.lastAttempt();
      if (attempt.isEmpty()) {
        return new Outcome(Optional.of(reply), Optional.empty(), false, false, Optional.empty(), 0);
      }
      Reply held = held(reply, attempt.get(), ledger);
      return Outcome.of(
          held,
          attempt.get().answer(),
          RetryAfter.of(held.headers(), clock),
          ledger.nanos() - begun);
    } catch (Problem problem) {
      if (ledger.attempts().size() == before) {
        throw problem; // nobody was asked: the request itself is at fault
      }
      return Outcome.of(problem, ledger.nanos() - begun);
    }
  }

  /** A good reply of which so much was read that it is worth to be passed on. */
  private Reply held(Reply reply, Attempt attempt, Ledger ledger) {
    if (!settings.holds() || !reply.succeeded()) {
      return reply;
    }
    try {
      return Held.of(reply, attempt, ledger, settings.fallback().hold());
    } catch (RuntimeException broken) {
      reply.close();
      throw broken;
    }
  }

  private void failed(Member member, int begun, Exchange exchange, Outcome outcome) {
    if (exchange.ending().equals(Optional.of(Ending.OUTPACED))) {
      exchange.ledger().lastAttempt().map(Attempt::endNanos).ifPresent(member::began);
    } else if (outcome.isOwnFault() && !exchange.ended()) {
      member.told(begun, false);
    }
    if (settings.holds()) {
      (outcome.spent() ? Optional.of(Member.LONGEST_REST) : outcome.wanted())
          .ifPresent(member::rests);
    }
  }

  /** What the first output tells is known long before the end of a stream, if it was waited for. */
  private void watch(Member member, int begun, Exchange exchange) {
    Ledger ledger = exchange.ledger();
    Optional<Attempt> attempt = ledger.lastAttempt();
    boolean hasOutput =
        attempt.filter(one -> one.firstOutputNanos() != Attempt.NEVER).isPresent();
    attempt.filter(one -> hasOutput).ifPresent(one -> began(member, begun, one));
    exchange.atFinish(() -> {
      member.ends();
      attempt.filter(one -> !hasOutput).ifPresent(one -> began(member, begun, one));
      attempt.ifPresent(one -> ended(member, begun, one, ledger.outcome()));
    });
  }

  private void began(Member member, int begun, Attempt attempt) {
    long first = attempt.firstOutputNanos();
    member.began(first == Attempt.NEVER ? attempt.endNanos() : first);
    if (member.isSlow(attempt)) {
      member.told(begun, false);
    }
  }

  /** How a reply that began well has ended; one whose client has left says nothing. */
  private static void ended(Member member, int begun, Attempt attempt, String outcome) {
    if (member.isSlow(attempt)) {
      return; // that was told
    }
    if (outcome.startsWith(UPSTREAM) || attempt.answer().failed()) {
      member.told(begun, false);
    } else if (outcome.equals(COMPLETED)) {
      member.told(begun, true);
    }
  }
}
