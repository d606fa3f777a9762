package io.aiproxy.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.mutation.annotation.NotNull;
import io.aiproxy.wire.ArrayCuts.Element;
import java.util.List;
import java.util.Random;

class JsonArrayDecoderFuzzTest {
  @FuzzTest(maxDuration = "1m")
  void givesTheSameElementsWhereverTheBytesAreCut(byte @NotNull [] stream) {
    Random random = new Random(stream.length);
    for (int bound : List.of(1 << 20, 20, 1)) {
      List<Element> whole = ArrayCuts.decode(stream, bound, at -> stream.length);
      assertThat(ArrayCuts.decode(stream, bound, at -> 1))
          .as(new String(stream, ISO_8859_1))
          .isEqualTo(whole);
      assertThat(ArrayCuts.decode(stream, bound, at -> 1 + random.nextInt(20)))
          .as(new String(stream, ISO_8859_1))
          .isEqualTo(whole);
    }
  }
}
