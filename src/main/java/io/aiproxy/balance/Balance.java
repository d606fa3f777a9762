package io.aiproxy.balance;

import io.aiproxy.call.Call;
import io.aiproxy.call.Handler;
import io.aiproxy.call.Problem;
import io.aiproxy.call.Reply;
import io.aiproxy.config.Balancing;
import io.aiproxy.config.Balancing.Fallback;
import io.aiproxy.config.Instance;
import io.aiproxy.ledger.Attempt;
import io.aiproxy.ledger.Ledger;
import io.aiproxy.ledger.Ticker;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;

/**
 * The instances of a route behind one handler: asks one, and the next if that one fails in a way that configuration names and
 * nothing has gone to the client. Each attempt begins with the client's own request. Nobody is asked twice. Safe for all
 * threads.
 */
public final class Balance implements Handler {
  private final List<Member> members;
  private final Picker picker;
  private final Fallback fallback;
  private final RetryBudget budget;
  private final Duration hold;
  private final InstantSource clock;

  private Balance(
      List<Member> members, Picker picker, Balancing settings, Ticker ticker, InstantSource clock) {
    this.members = members;
    this.picker = picker;
    this.fallback = settings.fallback();
    this.budget = new RetryBudget(settings.fallback().budgetPercent(), ticker);
    this.hold = settings.fallback().hold();
    this.clock = clock;
  }

  /**
   * For one route.
   *
   * @param pipeline what leads to an instance
   */
  public static Balance of(
      Balancing settings,
      List<Instance> instances,
      Function<Instance, Handler> pipeline,
      Ticker ticker,
      InstantSource clock) {
    List<Member> members = instances.stream()
        .map(instance -> new Member(instance, pipeline.apply(instance), ticker))
        .toList();
    return new Balance(members, picker(settings, members), settings, ticker, clock);
  }

  private static Picker picker(Balancing settings, List<Member> members) {
    return switch (settings.algorithm()) {
      case ROUNDROBIN -> new RoundRobin();
      case CHASH -> new HashRing(members, new HashKey(settings.hashOn(), settings.key()));
      case LEAST_REQUESTS ->
        new BetterOfTwo(
            member -> member.underWay().get(), n -> ThreadLocalRandom.current().nextInt(n));
      case LATENCY ->
        new BetterOfTwo(
            member -> member.firstTokenNanos() * (1 + member.underWay().get()),
            n -> ThreadLocalRandom.current().nextInt(n));
    };
  }

  @Override
  public Reply handle(Call call) {
    budget.request();
    List<Member> tried = new ArrayList<>();
    Optional<Outcome> last = Optional.empty();
    while (true) {
      Optional<Member> member = next(call, tried);
      if (member.isEmpty()) {
        return last.map(outcome -> tried.size() > 1 ? outcome.exhausted() : outcome.give())
            .orElseThrow(() -> Problem.of(Problem.Kind.SATURATED, "all servers tried"));
      }
      last.ifPresent(Outcome::discard);
      tried.add(member.get());
      Outcome outcome = ask(member.get(), call);
      if (!isRetried(outcome, tried.size(), call)) {
        return outcome.give();
      }
      last = Optional.of(outcome);
    }
  }

  private boolean isRetried(Outcome outcome, int tries, Call call) {
    return outcome.failed()
        && members.size() > 1
        && fallback.covers(outcome.status())
        && tries <= fallback.maxRetries().orElse(Integer.MAX_VALUE)
        && fallback.within().map(limit -> outcome.nanos() <= limit.toNanos()).orElse(true)
        && !call.exchange().ended()
        && tries < members.size()
        && budget.take();
  }

  /** Who is asked next: of those that were not, the highest priority, and nobody who rests while others do not. */
  private Optional<Member> next(Call call, List<Member> tried) {
    List<Member> left = members.stream().filter(member -> !tried.contains(member)).toList();
    List<Member> awake = left.stream().filter(member -> !member.rests()).toList();
    List<Member> possible = awake.isEmpty() ? left : awake;
    if (possible.isEmpty()) {
      return Optional.empty();
    }
    int highest = possible.stream().mapToInt(Member::priority).max().getAsInt();
    List<Member> group =
        possible.stream().filter(member -> member.priority() == highest).toList();
    List<Member> weighty = group.stream().filter(member -> member.weight() > 0).toList();
    return Optional.of(picker.pick(call, weighty.isEmpty() ? group : weighty));
  }

  private Outcome ask(Member member, Call call) {
    Ledger ledger = call.exchange().ledger();
    int before = ledger.attempts().size();
    long begun = ledger.nanos();
    member.underWay().incrementAndGet();
    boolean answers = false;
    try {
      Reply reply = member.handler().handle(call);
      boolean held = false;
      try {
        Optional<Attempt> attempt = ledger.lastAttempt();
        if (reply.hasEvents() && reply.succeeded() && !fallback.isOff() && attempt.isPresent()) {
          reply = FirstOutput.of(reply, attempt.get(), ledger, hold);
        }
        held = true;
      } finally {
        if (!held) {
          reply.close();
        }
      }
      Outcome outcome = new Outcome(Optional.of(reply), Optional.empty(), brokeAtOnce(ledger), ledger.nanos() - begun);
      answers = !outcome.failed();
      learn(member, outcome);
      return outcome;
    } catch (Problem problem) {
      if (ledger.attempts().size() == before) {
        throw problem; // nobody was asked: the request itself is at fault
      }
      return new Outcome(Optional.empty(), Optional.of(problem), false, ledger.nanos() - begun);
    } finally {
      if (answers) {
        call.exchange().atFinish(() -> {
          member.underWay().decrementAndGet();
          ledger.lastAttempt().ifPresent(member::succeeded);
        });
      } else {
        member.underWay().decrementAndGet();
      }
    }
  }

  private static boolean brokeAtOnce(Ledger ledger) {
    return ledger
        .lastAttempt()
        .map(Attempt::answer)
        .filter(answer -> answer.failed() && !answer.hasOutput())
        .isPresent();
  }

  private void learn(Member member, Outcome outcome) {
    if (!fallback.isOff() && outcome.failed()) {
      outcome.reply().flatMap(reply -> RetryAfter.of(reply.headers(), clock)).ifPresent(member::rest);
    }
  }

  /**
   * What came of an attempt: a reply, or a problem.
   *
   * @param broke whether the stream began with an error
   */
  private record Outcome(
      Optional<Reply> reply, Optional<Problem> problem, boolean broke, long nanos) {
    private static final int BAD_GATEWAY = 502;

    boolean failed() {
      return broke || status() >= 400;
    }

    int status() {
      return broke
          ? BAD_GATEWAY
          : reply.map(Reply::status).orElseGet(() -> problem.orElseThrow().kind().status());
    }

    Reply give() {
      return reply.orElseThrow(problem::orElseThrow);
    }

    /** The last of several: its words, with a status that says so. */
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
}
