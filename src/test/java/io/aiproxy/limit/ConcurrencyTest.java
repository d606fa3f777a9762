package io.aiproxy.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.aiproxy.call.Call;
import io.aiproxy.call.Handler;
import io.aiproxy.call.Headers;
import io.aiproxy.call.Problem;
import io.aiproxy.call.Reply;
import io.aiproxy.testing.Calls;
import io.aiproxy.testing.ScriptedBody;
import org.junit.jupiter.api.Test;

class ConcurrencyTest {
  private final Handler answer = call -> new Reply(200, Headers.NONE, ScriptedBody.of());

  @Test
  void turnsAwayWhoeverIsOneTooMany() {
    Handler handler = new Concurrency(2).around(answer);
    handler.handle(call());
    handler.handle(call());

    Problem problem = catchThrowableOfType(Problem.class, () -> handler.handle(call()));

    assertThat(problem.kind()).isEqualTo(Problem.Kind.SATURATED);
    assertThat(problem.headers().first("retry-after")).contains("1");
  }

  @Test
  void keepsAPlaceUntilTheExchangeIsOver() {
    Handler handler = new Concurrency(1).around(answer);
    Call first = call();
    handler.handle(first).close();
    assertThatThrownBy(() -> handler.handle(call())).isInstanceOf(Problem.class);

    first.exchange().finish();

    assertThat(handler.handle(call()).status()).isEqualTo(200);
  }

  @Test
  void givesAPlaceBackAlsoAfterAFailure() {
    Handler handler = new Concurrency(1).around(call -> {
      throw Problem.of(Problem.Kind.UPSTREAM_UNREACHABLE, "");
    });
    for (int i = 0; i < 3; i++) {
      Call call = call();
      Problem problem = catchThrowableOfType(Problem.class, () -> handler.handle(call));
      assertThat(problem.kind()).isEqualTo(Problem.Kind.UPSTREAM_UNREACHABLE);
      call.exchange().finish();
    }
  }

  @Test
  void givesNoPlaceBackThatItDidNotGive() {
    Handler handler = new Concurrency(1).around(answer);
    handler.handle(call());
    Call turnedAway = call();
    assertThatThrownBy(() -> handler.handle(turnedAway)).isInstanceOf(Problem.class);

    turnedAway.exchange().finish();

    assertThatThrownBy(() -> handler.handle(call())).isInstanceOf(Problem.class);
  }

  private static Call call() {
    return Calls.arrived("/v1/chat/completions", "{\"messages\":[]}", Headers.NONE);
  }
}
