package io.aiproxy.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.mutation.annotation.NotNull;
import io.aiproxy.wire.FrameCuts.Frame;
import java.util.List;
import java.util.Random;

class EventStreamDecoderFuzzTest {
  @FuzzTest(maxDuration = "1m")
  void givesTheSameFramesWhereverTheBytesAreCut(byte @NotNull [] stream) {
    Random random = new Random(stream.length);
    for (int bound : List.of(1 << 20, 100, 16)) {
      List<Frame> whole = FrameCuts.decode(stream, bound, at -> stream.length);
      assertThat(FrameCuts.decode(stream, bound, at -> 1))
          .as(new String(stream, ISO_8859_1))
          .isEqualTo(whole);
      assertThat(FrameCuts.decode(stream, bound, at -> 1 + random.nextInt(20)))
          .as(new String(stream, ISO_8859_1))
          .isEqualTo(whole);
    }
  }
}
