package io.aiproxy.upstream;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.aiproxy.call.Call;
import io.aiproxy.call.Problem;
import io.aiproxy.call.Problem.Kind;
import io.aiproxy.call.Reply;
import io.aiproxy.config.Endpoint;
import io.aiproxy.config.Limits;
import io.aiproxy.config.Timeouts;
import io.aiproxy.testing.Calls;
import io.aiproxy.testing.ScriptedUpstream;
import io.aiproxy.testing.TestCertificates;
import java.io.ByteArrayOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Waiting in slices: the caller gets a word in while a stream is silent, and no byte is lost to it. */
final class HeartbeatTest {
  private static final Duration BEAT = Duration.ofMillis(4);
  private static final Duration FAR = Duration.ofSeconds(10);
  private static final Duration GAP = Duration.ofMillis(10);
  private static final String CHUNKS =
      "b;ext=1\r\ndata: one\n\n\r\n0b\r\ndata: two\n\n\r\n0\r\nTrailer: x\r\n\r\n";

  private final ScriptedUpstream provider = ScriptedUpstream.open();
  private final CountDownLatch release = new CountDownLatch(1);
  private final Rig rig = new Rig();

  @TempDir
  private Path folder;

  @AfterEach
  void close() {
    release.countDown();
    rig.close();
    provider.close();
  }

  @Test
  void returnsWithoutAPieceWhileAStreamIsSilent() {
    rig.heartbeat = BEAT;
    provider.answers(turn -> turn.begin().awaits(release).sse("one"));
    try (Reply reply = rig.send(call())) {
      for (int i = 0; i < 5; i++) {
        assertThat(reply.body().advance(piece -> assertThat(piece).isNull())).isTrue();
      }
      release.countDown();
      assertThat(Rig.text(reply.body())).isEqualTo("data: one\n\n");
    }
  }

  @Test
  void beatsOnlyUntilThereIsOutputIfNoMoreIsWanted() {
    Upstream upstream = new Upstream(
        rig.lease(),
        new Timeouts(FAR, FAR, FAR, FAR),
        new Limits(1 << 20, OptionalLong.empty(), Optional.empty(), 0),
        new Slices(BEAT, Duration.ZERO));
    provider.answers(turn -> turn.begin().awaits(release).sse("one"));
    Call call = call();
    try (Reply reply = upstream.handle(call)) {
      assertThat(reply.body().advance(piece -> assertThat(piece).isNull())).isTrue();
      call.exchange().ledger().lastAttempt().orElseThrow().answer().output();
      CompletableFuture<Boolean> waiting = Rig.beside(() -> {
        boolean[] came = new boolean[1];
        reply.body().advance(piece -> came[0] = true);
        return came[0];
      });
      Rig.letPass(BEAT.multipliedBy(5));
      release.countDown();
      assertThat(Rig.soon(waiting)).isTrue();
      Rig.text(reply.body());
    }
  }

  @Test
  void doesNotBeatForAnAnswerThatIsNoStream() {
    rig.heartbeat = BEAT;
    provider.answers(
        turn -> turn.header("Content-Length", "2").head().drip("{}".getBytes(US_ASCII), GAP));
    try (Reply reply = rig.send(call())) {
      int[] pieces = new int[1];
      reply.body().advance(piece -> pieces[0]++);
      assertThat(pieces[0]).isEqualTo(1);
      Rig.text(reply.body());
    }
  }

  @Test
  void losesNoByteWhereverASliceEnds() {
    rig.heartbeat = BEAT;
    provider.answers(turn -> turn.begin().drip(CHUNKS.getBytes(US_ASCII), GAP));
    try (Reply reply = rig.send(call())) {
      assertBeatsAndText(reply, CHUNKS.length());
    }
    provider.answers(turn -> turn.json("{}"));
    rig.text(call());
    assertThat(provider.connections()).isEqualTo(1);
  }

  @Test
  void losesNoByteWhereverASliceEndsWithinATlsRecord() {
    TestCertificates certificates = new TestCertificates();
    try (ScriptedUpstream secure = ScriptedUpstream.secure(certificates.good())) {
      Dripping[] link = new Dripping[1];
      provider.answers(turn -> turn.tunnel(toClient -> link[0] = new Dripping(toClient)));
      secure.answers(turn -> turn.begin().awaits(release).raw(CHUNKS));
      rig.heartbeat = BEAT;
      rig.authorities = Optional.of(certificates.authorityIn(folder));
      rig.proxy = Optional.of(Endpoint.parse(provider.url()));
      try (Reply reply = rig.send(Calls.post(secure.target("/"), "{}"))) {
        link[0].slow = true;
        release.countDown();
        assertBeatsAndText(reply, CHUNKS.length());
      }
      assertThat(rig.stats().available()).isEqualTo(1);
      link[0].slow = false;
      secure.answers(turn -> turn.json("{}"));
      assertThat(rig.text(Calls.post(secure.target("/"), "{}"))).isEqualTo("{}");
      assertThat(secure.connections()).isEqualTo(1);
    }
  }

  @Test
  void doesNotTakeATimeoutWithinTheTrailersForTheEnd() {
    rig.heartbeat = BEAT;
    rig.idle = Duration.ofMillis(100);
    provider.answers(turn -> turn.begin().raw("1\r\nx\r\n0\r\nTrail").stall());
    assertThat(rig.problem(call()).kind()).isEqualTo(Kind.UPSTREAM_TIMEOUT);
  }

  @Test
  void keepsTheIdleClockGoing() {
    rig.heartbeat = BEAT;
    rig.idle = Duration.ofMillis(150);
    provider.answers(turn -> turn.event("one").stall());
    try (Reply reply = rig.send(call())) {
      Duration time = Rig.time(() -> assertThat(
              catchThrowableOfType(Problem.class, () -> Rig.text(reply.body())).kind())
          .isEqualTo(Kind.UPSTREAM_TIMEOUT));
      assertThat(time).isBetween(Duration.ofMillis(145), Duration.ofSeconds(2));
    }
  }

  private static void assertBeatsAndText(Reply reply, int atLeast) {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    int turns = 1;
    while (reply
        .body()
        .advance(piece -> text.write(piece.array(), piece.offset(), piece.length()))) {
      turns++;
    }
    assertThat(text).hasToString("data: one\n\ndata: two\n\n");
    assertThat(turns).isGreaterThan(atLeast);
  }

  private Call call() {
    return Calls.post(provider.target("/"), "{}");
  }

  /** Passes bytes on one by one with a pause before each, once it is told to. */
  private static final class Dripping extends FilterOutputStream {
    volatile boolean slow;

    Dripping(OutputStream out) {
      super(out);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      if (!slow) {
        out.write(bytes, offset, length);
        return;
      }
      for (int i = offset; i < offset + length; i++) {
        LockSupport.parkNanos(GAP.toNanos());
        out.write(bytes[i]);
        out.flush();
      }
    }
  }
}
