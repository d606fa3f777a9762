package io.aiproxy.balance;

import io.aiproxy.call.Call;
import io.aiproxy.call.Problem;
import io.aiproxy.call.Reply;
import io.aiproxy.config.Balancing.Fallback;
import io.aiproxy.ledger.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;

/**
 * One request on its way to the best reply that can be had: asks one instance, others if that one fails, and in the end those
 * again that may do better a little later. Each attempt begins with the client's own request.
 */
final class Asking {
  /**
   * What holds for all requests of a route.
   *
   * @param hedges empty if nobody is asked beside another
   */
  record Policy(
      Fallback fallback,
      Attempts attempts,
      RetryBudget budget,
      Backoff backoff,
      Optional<Hedges> hedges,
      Ticker ticker) {}

  private final Policy policy;
  private final Call call;
  private final Choice choice;
  private final List<Member> able;
  private final Map<Member, Integer> tries = new ConcurrentHashMap<>(4);
  private final Map<Member, Long> again = new ConcurrentHashMap<>(1);
  private int retries;

  /** For one request, which those instances can serve. */
  Asking(Policy policy, Call call, Choice choice, List<Member> able) {
    this.policy = policy;
    this.call = call;
    this.choice = choice;
    this.able = able;
  }

  /**
   * Asks until a reply is good, or nobody is left or may be asked.
   *
   * @throws Problem if there is no reply
   */
  Reply reply() {
    Outcome outcome = first(fresh().orElseThrow(Asking::nobody));
    while (outcome.failed() && mayGoOn(outcome)) {
      boolean others = covers(outcome) && !left().isEmpty();
      if (!others && again.isEmpty()) {
        return covers(outcome) ? last(outcome) : outcome.give();
      }
      if (!policy.budget().take()) {
        return outcome.give();
      }
      Optional<Member> next = others ? fresh() : rested();
      if (next.isEmpty()) {
        return last(outcome);
      }
      retries++;
      outcome.discard();
      outcome = ask(next.get(), call);
    }
    return outcome.give();
  }

  private static Problem nobody() {
    return Problem.of(
            Problem.Kind.SATURATED, "no provider takes requests at the moment, try again later")
        .with("Retry-After", "1");
  }

  private Reply last(Outcome outcome) {
    return able.size() > 1 ? outcome.exhausted() : outcome.give();
  }

  private Outcome first(Member member) {
    Optional<Hedges> hedges = policy.hedges().filter(any -> !call.payload().streams());
    Optional<Duration> patience = hedges.flatMap(Hedges::after);
    return patience.isPresent()
        ? new Race(call, this::ask, failed -> covers(failed) || failed.mayPass())
            .run(member, patience.get(), () -> free(awake(left())), hedges.orElseThrow())
        : ask(member, call);
  }

  private Outcome ask(Member member, Call asked) {
    int tried = tries.merge(member, 1, Integer::sum);
    Outcome outcome = policy.attempts().ask(member, asked);
    if (outcome.failed()) {
      policy
          .backoff()
          .before(tried, outcome)
          .ifPresentOrElse(
              wait -> again.put(member, policy.ticker().nanos() + wait.toNanos()),
              () -> again.remove(member));
    }
    return outcome;
  }

  private boolean mayGoOn(Outcome outcome) {
    Fallback fallback = policy.fallback();
    return retries < fallback.maxRetries().orElse(Integer.MAX_VALUE)
        && fallback.within().map(limit -> outcome.nanos() <= limit.toNanos()).orElse(true)
        && !call.exchange().ended()
        && !call.payload().spent();
  }

  /** Whether another instance could mend a failure; one whose money has run out has had enough in its own way. */
  private boolean covers(Outcome outcome) {
    return policy.fallback().covers(outcome.status())
        || (outcome.spent() && policy.fallback().on429());
  }

  /** Who was not asked yet, and is healthy; if nobody is, not even among those who were asked, the best of all. */
  private List<Member> left() {
    boolean anyHealthy = able.stream().anyMatch(Member::isHealthy);
    List<Member> left = able.stream()
        .filter(member -> anyHealthy ? member.isHealthy() : member.isOpen())
        .filter(member -> !tries.containsKey(member))
        .toList();
    int best = left.stream().mapToInt(Member::illness).min().orElse(0);
    return left.stream().filter(member -> member.illness() == best).toList();
  }

  /** Those who do not rest. */
  private static List<Member> awake(List<Member> members) {
    return members.stream().filter(member -> !member.isResting()).toList();
  }

  /** One that was not asked yet, with a place in its bulkhead; nobody who rests while others do not. */
  private Optional<Member> fresh() {
    List<Member> left = left();
    List<Member> awake = awake(left);
    return free(awake)
        .or(() -> queued(awake))
        .or(() -> free(left))
        .or(() -> awake.size() < left.size() ? queued(left) : Optional.empty());
  }

  private Optional<Member> free(List<Member> members) {
    List<Member> free = new ArrayList<>(members);
    free.removeIf(member -> !member.bulkhead().hasRoom());
    while (!free.isEmpty()) {
      Member best = best(free);
      if (best.bulkhead().enter()) {
        return Optional.of(best);
      }
      free.remove(best);
    }
    return Optional.empty();
  }

  private Optional<Member> queued(List<Member> members) {
    return members.isEmpty()
        ? Optional.empty()
        : Optional.of(best(members)).filter(member -> member.bulkhead().await(call.exchange()));
  }

  /** Of the highest priority, and somebody without a share only if there is nobody else. */
  private Member best(List<Member> members) {
    int highest = members.stream().mapToInt(Member::priority).max().orElseThrow();
    List<Member> group =
        members.stream().filter(member -> member.priority() == highest).toList();
    List<Member> weighty = group.stream().filter(member -> member.weight() > 0).toList();
    return choice.pick(weighty.isEmpty() ? group : weighty);
  }

  /** Who may be asked again soonest, when that time has come; with a place in its bulkhead. */
  private Optional<Member> rested() {
    Map.Entry<Member, Long> next =
        again.entrySet().stream().min(Map.Entry.comparingByValue()).orElseThrow();
    long wait = next.getValue() - policy.ticker().nanos();
    boolean goesOn =
        wait <= 0 || call.exchange().await(new CountDownLatch(1), Duration.ofNanos(wait));
    return Optional.of(next.getKey())
        .filter(member -> goesOn && member.isOpen() && member.bulkhead().await(call.exchange()));
  }
}
