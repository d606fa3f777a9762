package io.aiproxy.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.aiproxy.call.Call;
import io.aiproxy.call.Ending;
import io.aiproxy.call.Problem;
import io.aiproxy.call.Problem.Kind;
import io.aiproxy.call.Reply;
import io.aiproxy.testing.Calls;
import io.aiproxy.testing.ScriptedUpstream;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Many exchanges on few connections, ended and given up at every moment. */
final class CrowdTest {
  private static final int THREADS = 8;
  private static final int EXCHANGES = 150;

  @Test
  void givesEverybodyTheirOwnAnswerAndLosesNoConnection() {
    Rig rig = new Rig();
    rig.poolSize = 4;
    rig.keepalivePool = 3;
    rig.upstream();
    try (ScriptedUpstream provider = ScriptedUpstream.open()) {
      provider.answers(
          turn -> turn.sse(turn.request().text(), "middle", turn.request().text()));
      CompletableFuture<?>[] threads = IntStream.range(0, THREADS)
          .mapToObj(thread -> Rig.beside(() -> run(rig, provider, thread)))
          .toArray(CompletableFuture[]::new);
      Rig.soon(CompletableFuture.allOf(threads));
      assertThat(rig.stats().leased()).isZero();
      assertThat(rig.stats().pending()).isZero();
      assertThat(rig.stats().available()).isBetween(0, 3);
      rig.close();
      provider.awaitAllClosed();
    }
  }

  private static boolean run(Rig rig, ScriptedUpstream provider, int thread) {
    Random random = new Random(thread);
    for (int i = 0; i < EXCHANGES; i++) {
      String nonce = "nonce-" + thread + "-" + i;
      Call call = Calls.post(provider.target("/" + nonce), nonce);
      switch (random.nextInt(4)) {
        case 0 -> giveUp(rig, call);
        case 1 -> endSoon(rig, call, nonce, random.nextInt(1_500_000));
        default -> assertThat(rig.text(call)).isEqualTo(answer(nonce));
      }
    }
    return true;
  }

  private static void giveUp(Rig rig, Call call) {
    try (Reply reply = rig.send(call)) {
      reply.body().advance(piece -> {});
    }
  }

  private static void endSoon(Rig rig, Call call, String nonce, int nanos) {
    Calls.SCHEDULER.after(Duration.ofNanos(nanos), () -> call.exchange().end(Ending.CLIENT_GONE));
    try {
      assertThat(rig.text(call)).isEqualTo(answer(nonce));
    } catch (Problem ended) {
      assertThat(ended.kind()).isEqualTo(Kind.DEADLINE);
    }
  }

  private static String answer(String nonce) {
    return "data: " + nonce + "\n\ndata: middle\n\ndata: " + nonce + "\n\n";
  }
}
