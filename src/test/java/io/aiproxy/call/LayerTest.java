package io.aiproxy.call;

import static org.assertj.core.api.Assertions.assertThat;

import io.aiproxy.testing.Calls;
import io.aiproxy.testing.ScriptedBody;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LayerTest {
  private final List<String> passed = new ArrayList<>();
  private final Call call =
      Calls.arrived("/v1/chat/completions", "{\"messages\":[]}", Headers.NONE);

  @Test
  void areWalkedFromTheFirstToTheHandlerAndBack() {
    Handler handler = Layer.stack(List.of(named("a"), named("b")), this::upstream);

    handler.handle(call);

    assertThat(passed).containsExactly("a in", "b in", "upstream", "b out", "a out");
  }

  @Test
  void runAgainAllThatIsInsideWhenNextIsCalledAgain() {
    Layer twice = (c, next) -> {
      next.handle(c).close();
      return next.handle(c);
    };

    Layer.stack(List.of(named("a"), twice, named("b")), this::upstream).handle(call);

    assertThat(passed)
        .containsExactly("a in", "b in", "upstream", "b out", "b in", "upstream", "b out", "a out");
  }

  @Test
  void mayOnlyLookAtTheWayIn() {
    Layer change = Layer.onCall(c -> c.sending("PUT", c.target(), c.headers(), c.payload()));

    Reply reply = Layer.stack(List.of(change), c -> {
          passed.add(c.method());
          return upstream(c);
        })
        .handle(call);

    assertThat(passed).containsExactly("PUT", "upstream");
    assertThat(reply.status()).isEqualTo(200);
  }

  private Layer named(String name) {
    return (c, next) -> {
      passed.add(name + " in");
      Reply reply = next.handle(c);
      passed.add(name + " out");
      return reply;
    };
  }

  private Reply upstream(Call arrived) {
    passed.add("upstream");
    return new Reply(200, Headers.NONE, ScriptedBody.of());
  }
}
