package io.aiproxy.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.aiproxy.call.Call;
import io.aiproxy.call.Payload;
import io.aiproxy.call.Problem;
import io.aiproxy.call.Reply;
import io.aiproxy.call.Target;
import io.aiproxy.testing.Calls;
import io.aiproxy.testing.ScriptedUpstream;
import io.aiproxy.testing.TestCertificates;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bodies that come while they are sent. */
final class UploadTest {
  private static final int PIECE = 16 * 1024;

  private final TestCertificates certificates = new TestCertificates();
  private final ScriptedUpstream plain = ScriptedUpstream.open();
  private final Rig rig = new Rig();

  @TempDir
  private Path folder;

  @AfterEach
  void close() {
    rig.close();
    plain.close();
  }

  @Test
  void keepTheConnectionWhenTheyWereTakenWhole() {
    for (int i = 0; i < 3; i++) {
      assertThat(rig.text(upload(plain.target("/"), new Pieces(10)))).isEqualTo("{}");
    }
    assertThat(plain.connections()).isEqualTo(1);
    assertThat(plain.request(2).body()).hasSize(10 * PIECE);
  }

  @Test
  void areNotSentAgainOnceSomethingWasTaken() {
    plain.answersInTurn(turn -> turn.json("{}"), turn -> turn.close());
    rig.text(upload(plain.target("/"), new Pieces(1)));

    Problem problem = rig.problem(upload(plain.target("/"), new Pieces(1)));

    assertThat(problem.kind()).isEqualTo(Problem.Kind.UPSTREAM_BROKEN);
    assertThat(plain.connections()).isEqualTo(1);
  }

  @Test
  void mayTakeLongerThanTheFirstByteOfTheAnswer() {
    rig.firstByte = Duration.ofMillis(300);
    Pieces pieces = new Pieces(3);
    pieces.gap = Duration.ofMillis(200);

    assertThat(rig.text(upload(plain.target("/"), pieces))).isEqualTo("{}");
  }

  @Test
  void waitForTheAnswerNoLongerThanOthers() {
    rig.firstByte = Duration.ofMillis(200);
    plain.answers(turn -> turn.stall());

    assertThat(rig.problem(upload(plain.target("/"), new Pieces(1))).kind())
        .isEqualTo(Problem.Kind.UPSTREAM_TIMEOUT);
  }

  @Test
  void endWithTheExchange() {
    rig.request = Duration.ofMillis(300);
    CountDownLatch over = new CountDownLatch(1);
    plain.leavesBodies().answers(turn -> turn.awaits(over));

    Problem problem = rig.problem(upload(plain.target("/"), new Pieces(10_000)));
    over.countDown();

    assertThat(problem.kind()).isEqualTo(Problem.Kind.DEADLINE);
  }

  @Test
  void goOverTls() {
    rig.authorities = Optional.of(certificates.authorityIn(folder));
    try (ScriptedUpstream secure = ScriptedUpstream.secure(certificates.good())) {
      for (int i = 0; i < 2; i++) {
        assertThat(rig.text(upload(secure.target("/"), new Pieces(100)))).isEqualTo("{}");
        assertThat(secure.request(i).body()).hasSize(100 * PIECE);
      }
      assertThat(secure.connections()).isEqualTo(1);
    }
  }

  @Test
  void endWithAnEarlyAnswerOverTls() {
    rig.authorities = Optional.of(certificates.authorityIn(folder));
    try (ScriptedUpstream secure = ScriptedUpstream.secure(certificates.good())) {
      secure.leavesBodies().answers(turn -> {
        turn.in().readNBytes(PIECE);
        turn.status(401).json("{no}");
        turn.stall();
      });
      Pieces pieces = new Pieces(100_000);
      try (Reply reply = rig.send(upload(secure.target("/"), pieces))) {
        assertThat(reply.status()).isEqualTo(401);
        assertThat(Rig.text(reply.body())).isEqualTo("{no}");
      }
      assertThat(pieces.taken).isLessThan(pieces.count);
      secure.request(0).awaitLeft();
    }
  }

  private static Call upload(Target target, Payload payload) {
    Call call = Calls.post(target, "");
    return call.sending("POST", target, call.headers(), payload);
  }

  /** So many pieces, made as they are written. */
  private static final class Pieces implements Payload {
    private final int count;
    private Duration gap = Duration.ZERO;
    private int taken;

    Pieces(int count) {
      this.count = count;
    }

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
      return taken > 0;
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
      while (taken < count) {
        taken++;
        Rig.letPass(gap);
        out.write(new byte[PIECE]);
        out.flush();
      }
    }
  }
}
