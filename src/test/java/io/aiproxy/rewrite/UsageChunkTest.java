package io.aiproxy.rewrite;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.aiproxy.stream.Chunk;
import io.aiproxy.stream.Piece;
import io.aiproxy.stream.Transducer;
import io.aiproxy.wire.SseDecoder;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UsageChunkTest {
  private static final String USAGE = "{\"prompt_tokens\":1,\"completion_tokens\":2}";
  private static final String BEFORE =
      "data: {\"choices\":[{\"delta\":{\"content\":\"\\\"choices\\\":[]\"}}]}\n\n";
  private static final String AFTER = "data: [DONE]\n\n";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "data: {\"choices\":[],\"usage\":$}\n\n",
        "data:{ \"usage\" : $ , \"choices\" : [ ] , \"id\":\"x\" }\r\n\r\n",
        "id: 7\nevent: x\ndata: {\"id\":\"\",\"choices\":[],\ndata: \"usage\":$}\n\n",
        ": comment\ndata: {\"choices\":[],\"usage\":$}\n\n"
      })
  void isTakenOutWhereverTheBytesAreCut(String chunk) {
    byte[] stream = (BEFORE + chunk.replace("$", USAGE) + AFTER).getBytes(UTF_8);

    for (int cut = 0; cut <= stream.length; cut++) {
      assertThat(through(stream, cut)).as("cut at %s", cut).isEqualTo(BEFORE + AFTER);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "data: {\"choices\":[{\"delta\":{}}],\"usage\":$}\n\n",
        "data: {\"choices\":[],\"usage\":null}\n\n",
        "data: {\"choices\":[],\"prompt_filter_results\":[]}\n\n",
        "data: {\"choices\":[],\"x\":{\"usage\":$}}\n\n",
        "data: {\"x\":{\"choices\":[]},\"choices\":[{}],\"usage\":$}\n\n",
        "data: {\"error\":{\"message\":\"choices\"}}\n\n",
        "data: [DONE]\n\n",
        "data:\n\n",
        ": \"choices\":[] \"usage\":{}\n\n",
        "\n\n",
        "data: \"choices\"\n\n",
        "data: {\"choices\":[\n\n"
      })
  void isNotTakenForWhatSaysMore(String event) {
    byte[] stream = (BEFORE + event.replace("$", USAGE.replace("}}", "}")) + AFTER).getBytes(UTF_8);

    for (int cut = 0; cut <= stream.length; cut++) {
      assertThat(through(stream, cut)).as("cut at %s", cut).isEqualTo(new String(stream, UTF_8));
    }
  }

  @Test
  void doesNotMissAPieceThatIsNoEvent() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] bytes = ("data: {\"choices\":[],\"usage\":" + USAGE + "}\n\n").getBytes(UTF_8);

    new UsageChunk().next(Chunk.of(bytes), piece -> out.write(bytes, 0, piece.length()));

    assertThat(out.size()).isEqualTo(bytes.length);
  }

  private static String through(byte[] stream, int cut) {
    Transducer<ByteBuffer, Piece> steps = new SseDecoder().then(new UsageChunk());
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Consumer<Piece> write = piece -> out.write(piece.array(), piece.offset(), piece.length());
    steps.next(ByteBuffer.wrap(stream, 0, cut), write);
    steps.next(ByteBuffer.wrap(stream, cut, stream.length - cut), write);
    steps.end(write);
    return out.toString(UTF_8);
  }
}
