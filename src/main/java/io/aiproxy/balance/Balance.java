package io.aiproxy.balance;

import io.aiproxy.call.Call;
import io.aiproxy.call.Handler;
import io.aiproxy.call.Problem;
import io.aiproxy.call.Reply;
import io.aiproxy.config.Balancing;
import io.aiproxy.config.Balancing.Fallback;
import io.aiproxy.config.Instance;
import io.aiproxy.config.Route;
import io.aiproxy.ledger.Attempt;
import io.aiproxy.ledger.Ledger;
import io.aiproxy.ledger.Ticker;
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
  /** What the outcomes begin with for which an upstream is to blame. */
  private static final String UPSTREAM = "upstream_";

  private static final String COMPLETED = "completed";

  private final String route;
  private final List<Member> members;
  private final Picker picker;
  private final Fallback fallback;
  private final RetryBudget budget;
  private final InstantSource clock;

  private Balance(
      Route route, List<Member> members, Balancing settings, Ticker ticker, InstantSource clock) {
    this.route = route.id();
    this.members = members;
    this.picker = picker(settings, members);
    this.fallback = settings.fallback();
    this.budget = new RetryBudget(settings.fallback().budgetPercent(), ticker);
    this.clock = clock;
  }

  /**
   * For one route, which says how its instances share the requests.
   *
   * @param pipeline what leads to an instance
   */
  public static Balance of(
      Route route, Function<Instance, Handler> pipeline, Ticker ticker, InstantSource clock) {
    Fallback fallback = route.balancing().orElseThrow().fallback();
    List<Member> members = route.instances().stream()
        .map(instance -> new Member(
            instance,
            pipeline.apply(instance),
            new Health("instance " + instance.name() + " of route " + route.id(), clock),
            instance
                .passive()
                .filter(check -> !fallback.isOff())
                .map(check -> new Breaker(check, ticker)),
            ticker))
        .toList();
    return new Balance(route, members, route.balancing().orElseThrow(), ticker, clock);
  }

  /** The id of the route. */
  public String route() {
    return route;
  }

  /** How the instances stand now, in the order of configuration. */
  public List<Standing> standings() {
    return members.stream().map(Standing::of).toList();
  }

  List<Member> members() {
    return members;
  }

  private static Picker picker(Balancing settings, List<Member> members) {
    return switch (settings.algorithm()) {
      case ROUNDROBIN -> new RoundRobin();
      case CHASH -> {
        HashKey key = new HashKey(settings.hashOn(), settings.key());
        yield new HashRing(
            members,
            call -> HashRing.hash(key.apply(call)),
            settings.factor().orElse(HashRing.UNBOUNDED));
      }
      case LEAST_REQUESTS ->
        new BetterOfTwo(
            member -> member.underWay(), n -> ThreadLocalRandom.current().nextInt(n));
      case LATENCY ->
        new BetterOfTwo(
            member -> member.firstTokenNanos() * (1 + member.underWay()),
            n -> ThreadLocalRandom.current().nextInt(n));
      case MODEL -> new ByModel(members, settings.names());
      case PREFIX -> new HashRing(members, new Prefix(), settings.factor().orElse(Prefix.FACTOR));
    };
  }

  @Override
  public Reply handle(Call call) {
    budget.request();
    Choice choice = picker.begin(call);
    return choice.told(handle(choice.asked(call), choice, choice.able(members)));
  }

  private Reply handle(Call call, Choice choice, List<Member> able) {
    List<Member> tried = new ArrayList<>();
    Outcome outcome = ask(first(choice, able), call, tried);
    while (asksAnother(outcome, tried.size(), call)) {
      Optional<Member> other = next(choice, able, tried);
      if (other.isEmpty()) {
        return able.size() > 1 ? outcome.exhausted() : outcome.give();
      }
      if (!budget.take()) {
        return outcome.give();
      }
      outcome.discard();
      outcome = ask(other.get(), call, tried);
    }
    return outcome.give();
  }

  private static Member first(Choice choice, List<Member> able) {
    return next(choice, able, List.of())
        .orElseThrow(() -> Problem.of(
            Problem.Kind.SATURATED, "no provider takes requests at the moment, try again later"));
  }

  private boolean asksAnother(Outcome outcome, int tries, Call call) {
    return outcome.failed()
        && fallback.covers(outcome.status())
        && tries <= fallback.maxRetries().orElse(Integer.MAX_VALUE)
        && fallback.within().map(limit -> outcome.nanos() <= limit.toNanos()).orElse(true)
        && !call.exchange().ended();
  }

  /**
   * Who is asked next: of those that were not, the highest priority, nobody who is unhealthy unless all are, and nobody who
   * rests while others do not.
   */
  private static Optional<Member> next(Choice choice, List<Member> able, List<Member> tried) {
    boolean anyHealthy = able.stream().anyMatch(Member::isHealthy);
    List<Member> left = able.stream()
        .filter(member -> anyHealthy ? member.isHealthy() : member.isOpen())
        .filter(member -> !tried.contains(member))
        .toList();
    List<Member> awake = left.stream().filter(member -> !member.isResting()).toList();
    List<Member> possible = awake.isEmpty() ? left : awake;
    if (possible.isEmpty()) {
      return Optional.empty();
    }
    int highest = possible.stream().mapToInt(Member::priority).max().getAsInt();
    List<Member> group =
        possible.stream().filter(member -> member.priority() == highest).toList();
    List<Member> weighty = group.stream().filter(member -> member.weight() > 0).toList();
    return Optional.of(choice.pick(weighty.isEmpty() ? group : weighty));
  }

  private Outcome ask(Member member, Call call, List<Member> tried) {
    tried.add(member);
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
      if (outcome.isOwnFault() && !call.exchange().ended()) {
        member.told(begun, false);
      }
      rest(member, outcome);
    } else {
      Ledger ledger = call.exchange().ledger();
      call.exchange().atFinish(() -> {
        member.ends();
        ledger.lastAttempt().ifPresent(attempt -> {
          member.answered(attempt);
          judge(member, begun, attempt, ledger.outcome());
        });
      });
    }
    return outcome;
  }

  /** How a reply that began well has ended; one whose client has left says nothing. */
  private static void judge(Member member, int begun, Attempt attempt, String outcome) {
    boolean broken = outcome.startsWith(UPSTREAM) || attempt.answer().failed();
    if (broken || member.isSlow(attempt)) {
      member.told(begun, false);
    } else if (outcome.equals(COMPLETED)) {
      member.told(begun, true);
    }
  }

  private Outcome answer(Member member, Call call) {
    Ledger ledger = call.exchange().ledger();
    int before = ledger.attempts().size();
    long begun = ledger.nanos();
    try {
      Reply reply = held(member.handler().handle(call), ledger);
      return Outcome.of(reply, beganWithAnError(ledger), ledger.nanos() - begun);
    } catch (Problem problem) {
      if (ledger.attempts().size() == before) {
        throw problem; // nobody was asked: the request itself is at fault
      }
      return Outcome.of(problem, ledger.nanos() - begun);
    }
  }

  /** A good reply of which so much was read that it is worth to be passed on. */
  private Reply held(Reply reply, Ledger ledger) {
    Optional<Attempt> attempt = ledger.lastAttempt();
    if (fallback.isOff() || !reply.succeeded() || attempt.isEmpty()) {
      return reply;
    }
    try {
      return Held.of(reply, attempt.get(), ledger, fallback.hold());
    } catch (RuntimeException broken) {
      reply.close();
      throw broken;
    }
  }

  private static boolean beganWithAnError(Ledger ledger) {
    return ledger
        .lastAttempt()
        .map(Attempt::answer)
        .filter(answer -> answer.failed() && !answer.hasOutput())
        .isPresent();
  }

  private void rest(Member member, Outcome outcome) {
    if (!fallback.isOff()) {
      outcome
          .reply()
          .flatMap(reply -> RetryAfter.of(reply.headers(), clock))
          .ifPresent(member::rests);
    }
  }
}
