package io.aiproxy.balance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.aiproxy.call.Call;
import io.aiproxy.call.Handler;
import io.aiproxy.call.Headers;
import io.aiproxy.call.Problem;
import io.aiproxy.call.Reply;
import io.aiproxy.config.Balancing;
import io.aiproxy.config.Instance;
import io.aiproxy.config.PassiveCheck;
import io.aiproxy.config.Route;
import io.aiproxy.testing.Calls;
import io.aiproxy.testing.FakeTicker;
import io.aiproxy.testing.ScriptedBody;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BalanceTest {
  private static final Balancing.Fallback ON_5XX = new Balancing.Fallback(
      true, true, Set.of(), OptionalInt.empty(), Optional.empty(), Duration.ofSeconds(10), 100);

  private final FakeTicker ticker = new FakeTicker();
  private final Map<String, Handler> handlers = new LinkedHashMap<>();
  private final Map<String, Integer> priorities = new LinkedHashMap<>();
  private final List<String> asked = new ArrayList<>();
  private Balancing.Fallback fallback = ON_5XX;
  private Optional<PassiveCheck> passive = Optional.empty();

  @Test
  void givesTheAnswerOfTheFirstThatIsAsked() {
    instance("a", answers(200));
    instance("b", answers(200));

    assertThat(handle().status()).isEqualTo(200);
    assertThat(asked).containsExactly("a");
  }

  @Test
  void goesToTheNextOneWhenOneFails() {
    instance("a", answers(503));
    instance("b", answers(200));

    assertThat(handle().status()).isEqualTo(200);
    assertThat(asked).containsExactly("a", "b");
  }

  @Test
  void goesToTheNextOneWhenOneCannotBeReached() {
    instance("a", fails(Problem.Kind.UPSTREAM_UNREACHABLE));
    instance("b", answers(200));

    assertThat(handle().status()).isEqualTo(200);
  }

  @Test
  void closesTheReplyThatItDoesNotUse() {
    ScriptedBody unused = ScriptedBody.of("busy");
    instance("a", call -> new Reply(503, Headers.NONE, unused));
    instance("b", answers(200));

    handle();

    assertThat(unused.closed()).isTrue();
  }

  @Test
  void neverRetriesWhatTheRequestIsToBlameFor() {
    instance("a", answers(400));
    instance("b", answers(200));

    assertThat(handle().status()).isEqualTo(400);
    assertThat(asked).containsExactly("a");
  }

  @Test
  void asksNobodyTwiceAndSaysThatNobodyIsLeft() {
    instance("a", answers(500));
    instance("b", answers(503));

    assertThat(handle().status()).isEqualTo(502);
    assertThat(asked).containsExactly("a", "b");
  }

  @Test
  void leavesAFailureAsItIsIfItMayNotTryAgain() {
    fallback = new Balancing.Fallback(
        false, true, Set.of(), OptionalInt.of(0), Optional.empty(), Duration.ZERO, 100);
    instance("a", answers(500));
    instance("b", answers(200));

    assertThat(handle().status()).isEqualTo(500);
  }

  @Test
  void leavesAFailureAsItIsIfItCameTooLate() {
    fallback = new Balancing.Fallback(
        false,
        true,
        Set.of(),
        OptionalInt.empty(),
        Optional.of(Duration.ofMillis(100)),
        Duration.ZERO,
        100);
    instance("a", call -> {
      ticker.passes(Duration.ofMillis(101));
      return answers(500).handle(call);
    });
    instance("b", answers(200));

    assertThat(handle().status()).isEqualTo(500);
  }

  @Test
  void asksLowerPrioritiesOnlyWhenHigherOnesHaveNobodyLeft() {
    instance("a", answers(200));
    instance("b", answers(500));
    instance("c", answers(500));
    priorities.put("b", 1);
    priorities.put("c", 1);

    assertThat(handle().status()).isEqualTo(200);
    assertThat(asked).containsExactlyInAnyOrder("a", "b", "c").last().isEqualTo("a");
  }

  @Test
  void leavesOneAloneForAsLongAsItWants() {
    instance("a", call -> {
      attempt(call, "a", 429);
      return new Reply(
          429, Headers.builder().add("Retry-After", "5").build(), ScriptedBody.of("{}"));
    });
    instance("b", answers(200));
    Balance balance = balance();
    balance.handle(call());
    asked.clear();

    balance.handle(call());
    balance.handle(call());
    assertThat(asked).containsExactly("b", "b");

    ticker.passes(Duration.ofSeconds(5));
    balance.handle(call());
    balance.handle(call());
    assertThat(asked).contains("a");
  }

  @Test
  void stepsOverWhoIsUnhealthy() {
    instance("a", answers(200));
    instance("b", answers(200));
    Balance balance = balance();
    balance.members().get(0).health().eject();

    balance.handle(call());
    balance.handle(call());

    assertThat(asked).containsExactly("b", "b");
  }

  @Test
  void asksAllIfAllAreUnhealthy() {
    instance("a", answers(200));
    instance("b", answers(200));
    Balance balance = balance();
    balance.members().forEach(member -> member.health().eject());

    balance.handle(call());
    balance.handle(call());

    assertThat(asked).containsExactlyInAnyOrder("a", "b");
  }

  @Test
  void asksTheBestFirstIfAllAreUnhealthy() {
    passive = Optional.of(
        new PassiveCheck(50, 1, Duration.ofSeconds(30), Duration.ofSeconds(5), Optional.empty()));
    instance("a", answers(200));
    instance("b", answers(503));
    instance("c", answers(200));
    Balance balance = balance();
    balance.members().get(0).health().eject();
    balance.members().get(2).health().eject();
    balance.handle(call()); // b fails, and is still better than what an operator does not want
    asked.clear();

    balance.handle(call());

    assertThat(asked.get(0)).isEqualTo("b");
  }

  @Test
  void leavesOneAloneThatFailsTooManyRequests() {
    passive = Optional.of(
        new PassiveCheck(50, 2, Duration.ofSeconds(30), Duration.ofSeconds(5), Optional.empty()));
    instance("a", answers(503));
    instance("b", answers(200));
    Balance balance = balance();
    for (int i = 0; i < 4; i++) {
      balance.handle(call());
    }
    assertThat(balance.standings().get(0).state()).isEqualTo("tripped");
    asked.clear();

    balance.handle(call());
    balance.handle(call());
    assertThat(asked).containsExactly("b", "b");

    ticker.passes(Duration.ofSeconds(5));
    balance.handle(call());
    balance.handle(call());
    assertThat(asked).containsOnlyOnce("a");
  }

  @Test
  void doesNotBlameAnInstanceForARequest() {
    passive = Optional.of(
        new PassiveCheck(1, 1, Duration.ofSeconds(30), Duration.ofSeconds(5), Optional.empty()));
    instance("a", answers(400));
    Balance balance = balance();

    balance.handle(call());

    assertThat(balance.standings().get(0).state()).isEqualTo("healthy");
  }

  @Test
  void asksNobodyWhoIsDraining() {
    instance("a", answers(200));
    Balance balance = balance();
    balance.members().get(0).health().drain();

    Problem problem = catchThrowableOfType(Problem.class, () -> balance.handle(call()));

    assertThat(problem.kind().status()).isEqualTo(503);
    assertThat(asked).isEmpty();
  }

  @Test
  void goesToTheNextOneWhenAStreamBreaksBeforeItsFirstOutput() {
    instance("a", call -> brokenStream(call, "a", ": hello\n\n"));
    instance("b", answers(200));

    assertThat(handle().status()).isEqualTo(200);
    assertThat(asked).containsExactly("a", "b");
  }

  @Test
  void goesToTheNextOneWhenADocumentBreaksOff() {
    instance("a", call -> {
      attempt(call, "a", 200);
      return new Reply(200, Headers.NONE, ScriptedBody.of("{\"id\":").fails());
    });
    instance("b", answers(200));

    assertThat(ScriptedBody.text(handle().body())).isEqualTo("b");
  }

  @Test
  void doesNotTurnToOthersIfNobodyWasAsked() {
    instance("a", call -> {
      throw Problem.of(Problem.Kind.UNSUPPORTED_PROTOCOL, "");
    });
    instance("b", answers(200));

    Problem problem = catchThrowableOfType(Problem.class, this::handle);

    assertThat(problem.kind()).isEqualTo(Problem.Kind.UNSUPPORTED_PROTOCOL);
  }

  @Test
  void listsEachAttemptInTheLedger() {
    instance("a", answers(503));
    instance("b", answers(200));
    Call call = call();

    balance().handle(call);

    assertThat(call.exchange().ledger().attempts())
        .extracting(attempt -> attempt.instance() + " " + attempt.status())
        .containsExactly("a 503", "b 200");
  }

  private void instance(String name, Handler handler) {
    handlers.put(name, handler);
  }

  private Handler answers(int status) {
    return call -> {
      String name = asked.get(asked.size() - 1);
      attempt(call, name, status);
      return new Reply(status, Headers.NONE, ScriptedBody.of(name));
    };
  }

  private static Handler fails(Problem.Kind kind) {
    return call -> {
      attempt(call, "a", 0);
      throw Problem.of(kind, "");
    };
  }

  private static Reply brokenStream(Call call, String name, String text) {
    attempt(call, name, 200);
    Headers events = Headers.builder().add("Content-Type", "text/event-stream").build();
    return new Reply(200, events, ScriptedBody.of(text).fails());
  }

  private static void attempt(Call call, String name, int status) {
    var attempt = call.exchange().ledger().attempt(name, "http", name, 80, "/");
    if (status > 0) {
      attempt.head(status);
    }
  }

  private Reply handle() {
    return balance().handle(call());
  }

  private Call call() {
    return Calls.at("openai-chat", "/v1/chat/completions", "", ticker);
  }

  private Balance balance() {
    List<Instance> instances = handlers.keySet().stream()
        .map(name -> new Instance(
            name,
            1,
            priorities.getOrDefault(name, 0),
            Fleet.SETTINGS,
            Optional.empty(),
            passive,
            Instance.Bulkhead.NONE))
        .toList();
    Balancing settings =
        new Balancing(Balancing.Choosing.by(Balancing.Algorithm.ROUNDROBIN), fallback);
    return Balance.of(
        new Route("r", List.of("/*"), Set.of(), List.of(), 0, instances, Optional.of(settings)),
        instance -> call -> {
          asked.add(instance.name());
          return handlers.get(instance.name()).handle(call);
        },
        Fleet.services(ticker));
  }
}
