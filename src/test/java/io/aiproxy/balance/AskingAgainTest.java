package io.aiproxy.balance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.aiproxy.call.Call;
import io.aiproxy.call.Ending;
import io.aiproxy.call.Exchange;
import io.aiproxy.call.Headers;
import io.aiproxy.call.Payload;
import io.aiproxy.call.Problem;
import io.aiproxy.call.Reply;
import io.aiproxy.call.Scheduler;
import io.aiproxy.config.Balancing;
import io.aiproxy.config.Balancing.Again;
import io.aiproxy.config.Balancing.Fallback;
import io.aiproxy.config.Instance;
import io.aiproxy.config.Route;
import io.aiproxy.ledger.Attempt;
import io.aiproxy.ledger.Ledger;
import io.aiproxy.testing.Calls;
import io.aiproxy.testing.FakeTicker;
import io.aiproxy.testing.ScriptedBody;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Waiting lets a clock go on, and takes no time. */
class AskingAgainTest {
  private static final Fallback OFF = new Fallback(
      false, false, Set.of(), OptionalInt.empty(), Optional.empty(), Duration.ofSeconds(10), 100);
  private static final Fallback ON = new Fallback(
      true, true, Set.of(), OptionalInt.empty(), Optional.empty(), Duration.ofSeconds(10), 100);

  private final FakeTicker ticker = new FakeTicker();
  private final List<Duration> waits = new ArrayList<>();
  private final Scheduler scheduler = (delay, task) -> {
    waits.add(delay);
    ticker.passes(delay);
    task.run();
    return () -> {};
  };
  private final Exchange exchange = new Exchange("x", new Ledger("x", ticker), scheduler);
  private final Map<String, Iterator<Reply>> scripts = new HashMap<>();
  private final Map<String, Instance.Bulkhead> bulkheads = new HashMap<>();
  private final List<String> asked = new ArrayList<>();
  private Fallback fallback = ON;
  private final Again again = new Again(2, Duration.ofSeconds(5));
  private Payload payload = Payload.NONE;

  @Test
  void asksTheOnlyInstanceAgainAfterAWhile() {
    fallback = OFF;
    script("a", reply(503), reply(503), reply(200));

    assertThat(handle().status()).isEqualTo(200);
    assertThat(asked).containsExactly("a", "a", "a");
    assertThat(waits).hasSize(2);
  }

  @Test
  void givesUpWhenItMayNotAskAgain() {
    fallback = OFF;
    script("a", reply(503), reply(503), reply(503), reply(200));

    assertThat(handle().status()).isEqualTo(503);
    assertThat(asked).hasSize(3);
  }

  @Test
  void asksAllOthersFirst() {
    script("a", reply(503), reply(200));
    script("b", reply(503), reply(200));

    assertThat(handle().status()).isEqualTo(200);
    assertThat(asked).hasSize(3).startsWith("a", "b");
  }

  @Test
  void asksFirstWhoWantsToBeLeftAloneForTheShortestTime() {
    script("a", wanting(429, "3"));
    script("b", wanting(429, "1"), reply(200));

    assertThat(handle().status()).isEqualTo(200);
    assertThat(asked).containsExactly("a", "b", "b");
    assertThat(waits).containsExactly(Duration.ofSeconds(1));
  }

  @Test
  void doesNotAskAgainWhatWouldFailAgain() {
    fallback = OFF;
    script("a", reply(400), reply(200));

    assertThat(handle().status()).isEqualTo(400);
  }

  @Test
  void asksAnotherInsteadOfOneWhoseMoneyHasRunOut() {
    fallback = new Fallback(
        true, false, Set.of(), OptionalInt.empty(), Optional.empty(), Duration.ofSeconds(10), 100);
    script("a", reply(402), reply(200));
    script("b", reply(200), reply(200), reply(200));
    Balance balance = balance();

    assertThat(balance.handle(call()).status()).isEqualTo(200);
    assertThat(asked).containsExactly("a", "b");

    balance.handle(call());
    balance.handle(call());
    assertThat(asked).as("it is left alone").containsExactly("a", "b", "b", "b");
  }

  @Test
  void asksNobodyAgainOnceTheExchangeWasEnded() {
    fallback = OFF;
    script("a", reply(503), reply(200));
    exchange.end(Ending.SHUTDOWN);

    assertThat(handle().status()).isEqualTo(503);
    assertThat(asked).containsExactly("a");
  }

  @Test
  void asksNobodyElseWhenABodyThatCannotBeRepeatedIsGone() {
    payload = new Payload() {
      @Override
      public long length() {
        return -1;
      }

      @Override
      public boolean streams() {
        return true;
      }

      @Override
      public boolean spent() {
        return true;
      }

      @Override
      public void writeTo(OutputStream out) {}
    };
    script("a", reply(503), reply(200));
    script("b", reply(200));

    assertThat(handle().status()).isEqualTo(503);
    assertThat(asked).containsExactly("a");
  }

  @Test
  void asksAnotherWhileOneHasNoPlace() {
    bulkheads.put("a", new Instance.Bulkhead(1, 0, Duration.ofSeconds(1)));
    script("a", reply(200));
    script("b", reply(200), reply(200));
    Balance balance = balance();

    balance.handle(call());
    balance.handle(call());
    balance.handle(call());

    assertThat(asked).containsExactly("a", "b", "b");
  }

  @Test
  void turnsAwayWhatNobodyHasAPlaceFor() {
    bulkheads.put("a", new Instance.Bulkhead(1, 1, Duration.ofMillis(250)));
    script("a", reply(200));
    Balance balance = balance();
    balance.handle(call());

    Problem full = catchThrowableOfType(Problem.class, () -> balance.handle(call()));

    assertThat(full.kind()).isEqualTo(Problem.Kind.SATURATED);
    assertThat(full.headers().first("Retry-After")).contains("1");
    assertThat(waits).containsExactly(Duration.ofMillis(250));
  }

  @Test
  void givesThePlaceBackWhenTheExchangeIsOver() {
    bulkheads.put("a", new Instance.Bulkhead(1, 0, Duration.ofSeconds(1)));
    script("a", reply(200), reply(200));
    Balance balance = balance();

    balance.handle(call());
    exchange.finish();

    assertThat(balance.handle(call()).status()).isEqualTo(200);
  }

  private void script(String name, Reply... replies) {
    scripts.put(name, List.of(replies).iterator());
  }

  private static Reply reply(int status) {
    return new Reply(status, Headers.NONE, ScriptedBody.of("{}"));
  }

  private static Reply wanting(int status, String seconds) {
    return new Reply(
        status, Headers.builder().add("Retry-After", seconds).build(), ScriptedBody.of("{}"));
  }

  private Reply handle() {
    return balance().handle(call());
  }

  private Call call() {
    Call call = Calls.at("openai-chat", "/", "", ticker).in(exchange);
    return call.sending(call.method(), call.target(), call.headers(), payload);
  }

  private Balance balance() {
    List<Instance> instances = scripts.keySet().stream()
        .sorted()
        .map(name -> new Instance(
            name,
            1,
            0,
            Fleet.SETTINGS,
            Optional.empty(),
            Optional.empty(),
            bulkheads.getOrDefault(name, Instance.Bulkhead.NONE)))
        .toList();
    Balancing settings = new Balancing(
        Balancing.Choosing.by(Balancing.Algorithm.ROUNDROBIN), fallback, again, Optional.empty());
    return Balance.of(
        new Route("r", List.of("/*"), Set.of(), List.of(), 0, instances, Optional.of(settings)),
        instance -> call -> {
          asked.add(instance.name());
          Reply reply = scripts.get(instance.name()).next();
          Attempt attempt = call.exchange().ledger().attempt(instance.name(), "http", "h", 80, "/");
          attempt.head(reply.status());
          if (reply.status() == 402) {
            attempt.answer().moneyRanOut();
          }
          return reply;
        },
        Fleet.services(ticker));
  }
}
