package io.aiproxy.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.mutation.annotation.NotNull;
import java.util.List;
import java.util.Random;

class JsonWatchFuzzTest {
  private static final int BOUND = 1 << 20;

  @FuzzTest(maxDuration = "1m")
  void seesTheSameWhereverTheBytesAreCut(byte @NotNull [] text) {
    List<String> whole = Sightings.of(text, BOUND, at -> text.length);
    Random random = new Random(text.length);
    assertThat(Sightings.of(text, BOUND, at -> 1)).as(new String(text, UTF_8)).isEqualTo(whole);
    assertThat(Sightings.of(text, BOUND, at -> 1 + random.nextInt(20)))
        .as(new String(text, UTF_8))
        .isEqualTo(whole);
    assertThat(Sightings.of(text, 4, at -> 3))
        .as(new String(text, UTF_8))
        .isEqualTo(Sightings.of(text, 4, at -> text.length));
    try {
      JsonValue value = JsonValue.parse(text, 0, text.length, Edits.WIDE);
      assertThat(whole).as(new String(text, UTF_8)).isEqualTo(Sightings.expected(value));
    } catch (BadJson e) {
      // then there is nothing to compare with
    }
  }
}
