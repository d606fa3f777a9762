package io.aiproxy.balance;

import io.aiproxy.call.Call;
import io.aiproxy.call.Handler;
import io.aiproxy.call.Reply;
import io.aiproxy.config.Balancing;
import io.aiproxy.config.Instance;
import io.aiproxy.config.Route;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The instances of a route behind one handler: asks one, and others if that one fails in a way that configuration names, or is
 * late, and nothing has gone to the client. Safe for all threads.
 */
public final class Balance implements Handler {
  private final String route;
  private final List<Member> members;
  private final Picker picker;
  private final RetryBudget budget;
  private final Optional<Hedges> hedges;
  private final Asking.Policy policy;

  private Balance(Route route, List<Member> members, Balancing settings, Services services) {
    this.route = route.id();
    this.members = members;
    this.picker = picker(route, members, services);
    this.budget = new RetryBudget(settings.fallback().budgetPercent(), services.ticker());
    this.hedges = settings
        .hedging()
        .map(hedging -> new Hedges(hedging, members, services.ticker(), services.threads()));
    this.policy = new Asking.Policy(
        settings.fallback(),
        new Attempts(settings, services.clock()),
        budget,
        new Backoff(settings.again(), services.random()),
        hedges,
        services.ticker());
  }

  /**
   * For one route, which says how its instances share the requests.
   *
   * @param pipeline what leads to an instance
   */
  public static Balance of(Route route, Function<Instance, Handler> pipeline, Services services) {
    return of(route, pipeline, services, List.of());
  }

  /**
   * The same after others that did so until now: of an instance whose route, name and settings are as before stays known what
   * was known.
   *
   * @param before those of all routes
   */
  public static Balance of(
      Route route, Function<Instance, Handler> pipeline, Services services, List<Balance> before) {
    Balancing settings = route.balancing().orElseThrow();
    boolean watches = !settings.fallback().isOff() && route.instances().size() > 1;
    List<Member> members = route.instances().stream()
        .map(instance -> new Member(
            instance,
            pipeline.apply(instance),
            new Health("instance " + instance.name() + " of route " + route.id(), services.clock()),
            instance
                .passive()
                .filter(check -> watches)
                .map(check -> new Breaker(check, services.ticker())),
            services.ticker()))
        .map(member -> before.stream()
            .filter(old -> old.route.equals(route.id()))
            .flatMap(old -> old.members.stream())
            .filter(member::isConfiguredAs)
            .findFirst()
            .map(member::knowing)
            .orElse(member))
        .toList();
    return new Balance(route, members, settings, services);
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

  private static Picker picker(Route route, List<Member> members, Services services) {
    Balancing.Choosing settings = route.balancing().orElseThrow().choosing();
    return switch (settings.algorithm()) {
      case ROUNDROBIN -> new RoundRobin();
      case CHASH -> {
        HashKey key = new HashKey(settings.hashOn(), settings.key());
        yield new HashRing(
            members,
            call -> HashRing.hash(key.apply(call)),
            settings.factor().orElse(HashRing.UNBOUNDED));
      }
      case LEAST_REQUESTS -> new BetterOfTwo(member -> member.underWay(), services.random());
      case LATENCY -> new BetterOfTwo(Balance::slowness, services.random());
      case MODEL -> new ByModel(members, settings.names());
      case PREFIX ->
        new Sequels(new HashRing(members, new Prefix(), settings.factor().orElse(Prefix.FACTOR)));
      case SEMANTIC -> new Topics(route.id(), members, settings.semantic().orElseThrow(), services);
    };
  }

  /** Squared, or one that is slow would get many requests just because it has fewer of them under way. */
  private static double slowness(Member member) {
    return Math.pow(member.firstTokenNanos(), 2) * (1 + member.underWay());
  }

  @Override
  public Reply handle(Call call) {
    budget.request();
    hedges.ifPresent(Hedges::request);
    Choice choice = picker.begin(call);
    Asking asking = new Asking(policy, choice.asked(call), choice, choice.able(members));
    return choice.told(asking.reply());
  }
}
