package io.aiproxy.upstream;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ReadAheadTest {
  private final List<Integer> asked = new ArrayList<>();

  @Test
  void givesWhatComesWhateverTheStepsAre() throws IOException {
    byte[] bytes = "0123456789".repeat(700).getBytes(US_ASCII);
    for (int step : new int[] {1, 7, 512, ReadAhead.LARGE - 1, ReadAhead.LARGE, 5000}) {
      ReadAhead in = over(bytes);
      byte[] got = new byte[bytes.length];
      int length = 0;
      int count = in.read(got, 0, Math.min(step, got.length));
      while (count > 0) {
        length += count;
        count = length < got.length ? in.read(got, length, Math.min(step, got.length - length)) : 0;
      }
      assertThat(got).as("steps of %s", step).isEqualTo(bytes);
      assertThat(in.read()).isEqualTo(-1);
    }
  }

  @Test
  void takesSmallStepsFromOneLargeOne() throws IOException {
    ReadAhead in = over("head and body".getBytes(US_ASCII));
    assertThat(new String(in.readNBytes(4), US_ASCII)).isEqualTo("head");
    assertThat(in.isAhead()).isTrue();
    assertThat(in.available()).isEqualTo(9);
    assertThat(asked).containsExactly(ReadAhead.MOST);
  }

  @Test
  void letsLargeStepsPass() throws IOException {
    ReadAhead in = over(new byte[3000]);
    byte[] into = new byte[2048];
    assertThat(in.read(into, 0, into.length)).isEqualTo(2048);
    assertThat(in.isAhead()).isFalse();
    assertThat(asked).containsExactly(2048);
  }

  @Test
  void givesWhatIsLeftBeforeALargeStep() throws IOException {
    ReadAhead in = over("head and body".getBytes(US_ASCII));
    in.readNBytes(9);
    byte[] into = new byte[2048];
    assertThat(in.read(into, 0, into.length)).isEqualTo(4);
    assertThat(in.isAhead()).isFalse();
  }

  private ReadAhead over(byte[] bytes) {
    return new ReadAhead(new ByteArrayInputStream(bytes)) {
      @Override
      int take(byte[] into, int offset, int length) throws IOException {
        asked.add(length);
        return super.take(into, offset, length);
      }
    };
  }
}
