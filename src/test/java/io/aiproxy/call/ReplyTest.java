package io.aiproxy.call;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.aiproxy.stream.Chunk;
import io.aiproxy.stream.Piece;
import io.aiproxy.stream.Transducer;
import io.aiproxy.testing.ScriptedBody;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReplyTest {
  @ParameterizedTest
  @CsvSource({
    "text/event-stream, true",
    "Text/Event-Stream ; charset=utf-8, true",
    "text/event-streams, false",
    "application/json, false",
    "'', false"
  })
  void isAStreamIfItsTypeSaysSo(String type, boolean stream) {
    assertThat(reply(200, type).isStream()).isEqualTo(stream);
  }

  @ParameterizedTest
  @CsvSource({"199, false", "200, true", "299, true", "300, false", "404, false"})
  void succeededIfItsStatusSaysSo(int status, boolean succeeded) {
    assertThat(reply(status, "").succeeded()).isEqualTo(succeeded);
  }

  @ParameterizedTest
  @CsvSource({"'', true", "identity, true", "Identity , true", "gzip, false", "br, false"})
  void isPlainIfNobodyCompressedIt(String coding, boolean plain) {
    Headers headers = Headers.builder().add("Content-Encoding", coding).build();

    assertThat(new Reply(200, headers, ScriptedBody.of()).isPlain()).isEqualTo(plain);
    assertThat(new Reply(200, Headers.NONE, ScriptedBody.of()).isPlain()).isTrue();
  }

  @Test
  void passesItsBodyThroughSteps() {
    ScriptedBody body = ScriptedBody.of("a", "b");
    Reply reply = new Reply(200, Headers.NONE, body)
        .through(new Bracket("1"), false)
        .through(new Bracket("2"), false);

    assertThat(reply.body().length()).isEqualTo(-1);
    assertThat(ScriptedBody.text(reply.body())).isEqualTo("((a1)2)((b1)2)(end12)end2");
    reply.close();
    assertThat(body.closed()).isTrue();
  }

  @Test
  void keepsItsLengthIfAStepChangesNone() {
    Reply reply = new Reply(200, Headers.NONE, ScriptedBody.of("ab"))
        .through((piece, out) -> out.accept(piece), true);

    assertThat(reply.body().length()).isEqualTo(2);
  }

  private static Reply reply(int status, String type) {
    return new Reply(
        status, Headers.builder().add("content-type", type).build(), ScriptedBody.of());
  }

  /** Wraps the text of each piece with a sign, and adds one at the end. */
  private record Bracket(String sign) implements Transducer<Piece, Piece> {
    @Override
    public void next(Piece piece, Consumer<? super Piece> out) {
      String text = new String(piece.array(), piece.offset(), piece.length(), US_ASCII);
      out.accept(Chunk.of(("(" + text + sign + ")").getBytes(US_ASCII)));
    }

    @Override
    public void end(Consumer<? super Piece> out) {
      out.accept(Chunk.of(("end" + sign).getBytes(US_ASCII)));
    }
  }
}
