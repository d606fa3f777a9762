package io.aiproxy.upstream;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.management.ThreadMXBean;
import io.aiproxy.call.Call;
import io.aiproxy.call.Problem;
import io.aiproxy.call.Problem.Kind;
import io.aiproxy.call.Reply;
import io.aiproxy.testing.Calls;
import io.aiproxy.testing.ScriptedUpstream;
import java.lang.management.ManagementFactory;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class SizesTest {
  private final ScriptedUpstream provider = ScriptedUpstream.open();
  private final Rig rig = new Rig();

  @AfterEach
  void close() {
    rig.close();
    provider.close();
  }

  @Test
  void refusesAnAnswerThatIsAnnouncedTooLarge() {
    rig.maxResponse = OptionalLong.of(10);
    provider.answers(turn -> turn.header("Content-Length", "11").head().stall());
    Problem problem = catchThrowableOfType(Problem.class, () -> rig.send(call()));
    assertThat(problem.kind()).isEqualTo(Kind.RESPONSE_TOO_LARGE);
    assertThat(problem.message()).isEqualTo("max_response_bytes exceeded");
    provider.request(0).awaitLeft();
  }

  @Test
  void takesAnAnswerOfTheLargestSize() {
    rig.maxResponse = OptionalLong.of(10);
    provider.answersInTurn(
        turn -> turn.body("text/plain", new byte[10]),
        turn -> turn.chunk(new byte[6]).chunk(new byte[4]).end());
    assertThat(rig.text(call())).hasSize(10);
    assertThat(rig.text(call())).hasSize(10);
  }

  @Test
  void handsOutWhatCameUpToThePieceThatIsTooMuch() {
    rig.maxResponse = OptionalLong.of(10);
    provider.answers(turn -> turn.raw(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n6\r\naaaaaa\r\n6\r\nbbbbbb\r\n6\r\ncccccc\r\n")
        .stall());
    StringBuilder seen = new StringBuilder();
    try (Reply reply = rig.send(call())) {
      Problem problem = catchThrowableOfType(Problem.class, () -> {
        while (reply
            .body()
            .advance(piece -> seen.append(
                new String(piece.array(), piece.offset(), piece.length(), ISO_8859_1)))) {
          continue;
        }
      });
      assertThat(problem.kind()).isEqualTo(Kind.RESPONSE_TOO_LARGE);
      assertThat(problem.message()).isEqualTo("max_response_bytes exceeded");
    }
    assertThat(seen).hasToString("aaaaaabbbbbb");
    provider.request(0).awaitLeft();
  }

  @Test
  void isReadyForMoreWhereAReadFilledItsBuffer() {
    int length = 100 * ReplyBody.MOST_OF_STREAM + 1;
    provider.answers(turn -> turn.header("Content-Type", "text/event-stream")
        .header("Content-Length", Integer.toString(length))
        .head()
        .raw(new byte[length - 1])
        .stall());
    try (Reply reply = rig.send(call())) {
      int[] seen = new int[1];
      boolean[] filled = new boolean[1];
      while (seen[0] < length - 1) {
        reply.body().advance(piece -> {
          seen[0] += piece.length();
          filled[0] = piece.length() == piece.array().length;
        });
        assertThat(!filled[0] || reply.body().ready()).isTrue();
      }
      assertThat(filled[0] || !reply.body().ready()).isTrue();
    }
  }

  @Test
  void readsAnyLengthThroughOneBuffer() {
    byte[] megabyte = new byte[1 << 20];
    provider.answers(turn -> {
      turn.header("Content-Length", Integer.toString(64 << 20)).head();
      for (int i = 0; i < 64; i++) {
        turn.raw(megabyte);
      }
    });
    long[] total = new long[1];
    try (Reply reply = rig.send(call())) {
      ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
      long before = threads.getCurrentThreadAllocatedBytes();
      while (reply.body().advance(piece -> {
        assertThat(piece.array().length).isLessThanOrEqualTo(ReplyBody.MOST);
        total[0] += piece.length();
      })) {
        continue;
      }
      assertThat(total[0]).isEqualTo(64 << 20);
      assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(16 << 20);
    }
  }

  @Test
  void stopsTheUpstreamWhileNobodyReads() {
    byte[] megabyte = new byte[1 << 20];
    AtomicInteger sent = new AtomicInteger();
    provider.answers(turn -> {
      turn.begin();
      while (true) {
        turn.chunk(megabyte);
        sent.incrementAndGet();
      }
    });
    try (Reply reply = rig.send(call())) {
      reply.body().advance(piece -> {});
      int before = -1;
      while (sent.get() != before) {
        before = sent.get();
        LockSupport.parkNanos(100_000_000);
      }
      assertThat(before).isLessThan(24);
    }
  }

  private Call call() {
    return Calls.post(provider.target("/"), "{}");
  }
}
