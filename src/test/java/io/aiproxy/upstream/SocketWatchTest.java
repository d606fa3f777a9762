package io.aiproxy.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aiproxy.call.Body;
import io.aiproxy.call.Call;
import io.aiproxy.call.Ending;
import io.aiproxy.call.Problem;
import io.aiproxy.call.Problem.Kind;
import io.aiproxy.call.Reply;
import io.aiproxy.call.Watch;
import io.aiproxy.config.Endpoint;
import io.aiproxy.stream.Piece;
import io.aiproxy.testing.Calls;
import io.aiproxy.testing.ScriptedUpstream;
import io.aiproxy.testing.TestCertificates;
import java.io.ByteArrayOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Streams that nobody waits for: a turn for each that has something, and no byte is lost between two turns. */
final class SocketWatchTest {
  private static final String CHUNKS =
      "b;ext=1\r\ndata: two\n\n\r\n0d\r\ndata: three\n\n\r\n0\r\nTrailer: x\r\n\r\n";

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
  void takesATurnWhenSomethingComesAndGivesTheConnectionBack() {
    provider.answers(turn -> turn.event("one").awaits(release).sse("two", "three"));
    try (Reply reply = rig.send(call())) {
      Turns turns = new Turns(reply.body());
      turns.awaitText("data: one\n\n");
      release.countDown();
      assertThat(turns.end()).isEqualTo("data: one\n\ndata: two\n\ndata: three\n\n");
    }
    provider.answers(turn -> turn.sse("again"));
    assertThat(rig.text(call())).as("a body that is waited for").isEqualTo("data: again\n\n");
    try (Reply reply = rig.send(call())) {
      assertThat(new Turns(reply.body()).end()).isEqualTo("data: again\n\n");
    }
    assertThat(provider.connections()).isEqualTo(1);
  }

  @Test
  void goesOnWhereverATurnEnds() {
    Acknowledged[] link = new Acknowledged[1];
    Semaphore taken = new Semaphore(0);
    provider.answers(turn -> turn.tunnel(out -> link[0] = new Acknowledged(out, taken)));
    TestCertificates certificates = new TestCertificates();
    try (ScriptedUpstream secure = ScriptedUpstream.secure(certificates.good())) {
      secure.answers(turn -> turn.event("one").awaits(release).raw(CHUNKS));
      rig.authorities = Optional.of(certificates.authorityIn(folder));
      rig.proxy = Optional.of(Endpoint.parse(provider.url()));
      try (Reply reply = rig.send(Calls.post(secure.target("/"), "{}"))) {
        Turns turns = new Turns(reply.body(), taken);
        turns.awaitText("data: one\n\n");
        link[0].slow = true;
        release.countDown();
        assertThat(turns.end()).isEqualTo("data: one\n\ndata: two\n\ndata: three\n\n");
      }
      link[0].slow = false;
    }
  }

  @Test
  void servesManyWithAThreadForEachProcessor() {
    int many = 60;
    provider.answers(turn -> turn.event("one").awaits(release).sse("two"));
    List<Reply> replies = new ArrayList<>();
    List<Turns> turns = new ArrayList<>();
    for (int i = 0; i < many; i++) {
      Reply reply = rig.send(call());
      replies.add(reply);
      turns.add(new Turns(reply.body()));
    }
    turns.forEach(each -> each.awaitText("data: one\n\n"));
    release.countDown();
    turns.forEach(each -> assertThat(each.end()).isEqualTo("data: one\n\ndata: two\n\n"));
    replies.forEach(Reply::close);
    assertThat(Thread.getAllStackTraces().keySet().stream()
            .filter(thread -> thread.getName().equals("ai-proxy-streams")))
        .hasSizeLessThanOrEqualTo(Runtime.getRuntime().availableProcessors());
  }

  @Test
  void tellsOfAnExchangeThatIsEnded() {
    Call call = call();
    provider.answers(turn -> turn.event("one").stall());
    try (Reply reply = rig.send(call)) {
      Turns turns = new Turns(reply.body());
      turns.awaitText("data: one\n\n");
      call.exchange().end(Ending.SHUTDOWN);
      assertThat(turns.problem().kind()).isEqualTo(Kind.DRAINING);
    }
    provider.request(0).awaitLeft();
  }

  @Test
  void tellsOfAnExchangeThatIsEndedWhileItLooksForNothing() {
    Call call = call();
    provider.answers(turn -> turn.event("one").stall());
    try (Reply reply = rig.send(call)) {
      Turns turns = new Turns(reply.body());
      turns.awaitText("data: one\n\n");
      turns.pause();
      call.exchange().end(Ending.SHUTDOWN);
      assertThat(turns.problem().kind()).isEqualTo(Kind.DRAINING);
    }
  }

  @Test
  void looksForNothingWhileItIsPaused() {
    provider.answers(turn -> turn.event("one").awaits(release).sse("two"));
    try (Reply reply = rig.send(call())) {
      Turns turns = new Turns(reply.body());
      turns.awaitText("data: one\n\n");
      turns.pause();
      release.countDown();
      provider.request(0).awaitPlayed();
      turns.wake();
      assertThat(turns.text()).isEqualTo("data: one\n\n");
      turns.look();
      assertThat(turns.end()).isEqualTo("data: one\n\ndata: two\n\n");
    }
  }

  @Test
  void endsASilenceThatIsTooLong() {
    rig.idle = Duration.ofMillis(100);
    provider.answers(turn -> turn.event("one").stall());
    try (Reply reply = rig.send(call())) {
      assertThat(new Turns(reply.body()).problem().kind()).isEqualTo(Kind.UPSTREAM_TIMEOUT);
    }
  }

  /** A client that takes nothing is not the upstream's fault. */
  @Test
  void doesNotCountASilenceWhileItLooksForNothing() {
    rig.idle = Duration.ofMillis(200);
    provider.answers(turn -> turn.event("one").awaits(release).sse("two"));
    try (Reply reply = rig.send(call())) {
      Turns turns = new Turns(reply.body());
      turns.awaitText("data: one\n\n");
      turns.pause();
      Rig.letPass(rig.idle.multipliedBy(3));
      release.countDown();
      turns.look();
      assertThat(turns.end()).isEqualTo("data: one\n\ndata: two\n\n");
    }
  }

  @Test
  void takesATurnNowAndThenThoughNothingComes() {
    rig.heartbeat = Duration.ofMillis(4);
    provider.answers(turn -> turn.event("one").awaits(release).sse("two"));
    try (Reply reply = rig.send(call())) {
      Semaphore taken = new Semaphore(0);
      Turns turns = new Turns(reply.body(), taken);
      turns.awaitText("data: one\n\n");
      acquire(taken, 5);
      release.countDown();
      assertThat(turns.end()).isEqualTo("data: one\n\ndata: two\n\n");
    }
  }

  @Test
  void isABodyThatIsWaitedForOnceTheWatchHasEnded() {
    provider.answers(turn -> turn.event("one").awaits(release).sse("two"));
    try (Reply reply = rig.send(call())) {
      Watch watch = reply.body().watch().orElseThrow();
      watch.end();
      CompletableFuture<String> text = Rig.beside(() -> Rig.text(reply.body()));
      release.countDown();
      assertThat(Rig.soon(text)).isEqualTo("data: one\n\ndata: two\n\n");
    }
  }

  @Test
  void doesNotWatchADocument() {
    provider.answers(turn -> turn.json("{}"));
    try (Reply reply = rig.send(call())) {
      assertThat(reply.body().watch()).isEmpty();
      assertThat(Rig.text(reply.body())).isEqualTo("{}");
    }
  }

  @Test
  void beginsNoThreadOnceTheGatewayIsClosed() {
    try (EventLoops loops = new EventLoops()) {
      loops.close();
      assertThatThrownBy(loops::next).isInstanceOf(IOException.class);
    }
  }

  private Call call() {
    return Calls.post(provider.target("/"), "{}");
  }

  private static void acquire(Semaphore semaphore, int permits) {
    try {
      assertThat(semaphore.tryAcquire(
              permits, ScriptedUpstream.PATIENCE.toMillis(), TimeUnit.MILLISECONDS))
          .isTrue();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new AssertionError(interrupted);
    }
  }

  /** Reads a body turn by turn. */
  private static final class Turns {
    private final Body body;
    private final Watch watch;
    private final Semaphore taken;
    private final ByteArrayOutputStream text = new ByteArrayOutputStream();
    private final CompletableFuture<String> over = new CompletableFuture<>();
    private volatile CompletableFuture<Void> pausing = new CompletableFuture<>();
    private volatile boolean paused;

    Turns(Body body) {
      this(body, new Semaphore(0));
    }

    Turns(Body body, Semaphore taken) {
      this.body = body;
      this.taken = taken;
      this.watch = body.watch().orElseThrow();
      look();
    }

    void look() {
      paused = false;
      pausing = new CompletableFuture<>();
      watch.look(this::take);
    }

    /** Returns once it is done: only a turn may do it. */
    void pause() {
      paused = true;
      wake();
    }

    void wake() {
      CompletableFuture<Void> next = new CompletableFuture<>();
      pausing = next;
      watch.wake();
      Rig.soon(next);
    }

    private void take() {
      try {
        if (paused && watch.isOpen()) {
          watch.pause();
          pausing.complete(null);
          return;
        }
        boolean more = true;
        do {
          more = body.advance(this::note);
        } while (more && body.ready());
        taken.release();
        if (!more) {
          watch.end();
          over.complete(text());
        }
      } catch (Problem problem) {
        watch.end();
        over.completeExceptionally(problem);
      }
    }

    private synchronized void note(Piece piece) {
      text.write(piece.array(), piece.offset(), piece.length());
      notifyAll();
    }

    synchronized String text() {
      return text.toString(StandardCharsets.ISO_8859_1);
    }

    synchronized void awaitText(String wanted) {
      try {
        long end = System.nanoTime() + ScriptedUpstream.PATIENCE.toNanos();
        while (!text().equals(wanted)) {
          assertThat(System.nanoTime()).as(text()).isLessThan(end);
          wait(10);
        }
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        throw new AssertionError(interrupted);
      }
    }

    String end() {
      return Rig.soon(over);
    }

    Problem problem() {
      try {
        over.get(ScriptedUpstream.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        throw new AssertionError("it came to its end");
      } catch (ExecutionException failure) {
        return (Problem) failure.getCause();
      } catch (Exception failure) {
        throw new AssertionError(failure);
      }
    }
  }

  /** Once it is told to, passes bytes on one by one, each when the one before it has had a turn of its own. */
  private static final class Acknowledged extends FilterOutputStream {
    private final Semaphore taken;
    volatile boolean slow;

    Acknowledged(OutputStream out, Semaphore taken) {
      super(out);
      this.taken = taken;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      if (!slow) {
        out.write(bytes, offset, length);
        return;
      }
      for (int i = offset; i < offset + length; i++) {
        taken.drainPermits();
        out.write(bytes[i]);
        out.flush();
        acquire(taken, 1);
      }
    }
  }
}
