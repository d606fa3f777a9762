package io.aiproxy.rewrite;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.aiproxy.stream.Piece;
import io.aiproxy.stream.Transducer;
import io.aiproxy.wire.SseDecoder;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class UsageWithErrorTest {
  @Test
  void isNotTakenOutOfTheStream() {
    String event =
        "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":1},\"error\":{\"message\":\"x\"}}\n\n";

    assertThat(through(event)).isEqualTo(event);
  }

  @Test
  void isTakenOutIfTheErrorIsNone() {
    assertThat(through("data: {\"choices\":[],\"usage\":{\"prompt_tokens\":1},\"error\":null}\n\n"))
        .isEmpty();
  }

  private static String through(String stream) {
    Transducer<ByteBuffer, Piece> steps = new SseDecoder().then(new UsageChunk());
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    steps.next(
        ByteBuffer.wrap(stream.getBytes(UTF_8)),
        piece -> out.write(piece.array(), piece.offset(), piece.length()));
    steps.end(piece -> out.write(piece.array(), piece.offset(), piece.length()));
    return out.toString(UTF_8);
  }
}
