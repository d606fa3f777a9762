package io.aiproxy.upstream;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class GatheringTest {
  private final List<Integer> steps = new ArrayList<>();
  private final ByteArrayOutputStream gone = new ByteArrayOutputStream();
  private final OutputStream out = new Gathering(new OutputStream() {
    @Override
    public void write(int b) {
      gone.write(b);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
      steps.add(length);
      gone.write(bytes, offset, length);
    }
  });

  @Test
  void putsSmallWritesTogether() throws IOException {
    out.write("head, ".getBytes(US_ASCII));
    out.write("bod".getBytes(US_ASCII));
    out.write('y');
    assertThat(steps).isEmpty();
    out.flush();
    assertThat(gone).hasToString("head, body");
    assertThat(steps).containsExactly(10);
  }

  @Test
  void keepsTheOrderWhereALargeWriteFollows() throws IOException {
    out.write("head".getBytes(US_ASCII));
    out.write(new byte[Gathering.MOST + 1]);
    assertThat(steps).containsExactly(4, Gathering.MOST + 1);
  }

  @Test
  void holdsNoMoreThanItsBound() throws IOException {
    byte[] most = new byte[Gathering.MOST];
    out.write(most);
    assertThat(steps).isEmpty();
    out.write(1);
    assertThat(steps).containsExactly(Gathering.MOST);
    out.flush();
    assertThat(gone.size()).isEqualTo(Gathering.MOST + 1);
  }

  @Test
  void flushesNothingTwice() throws IOException {
    out.write(1);
    out.flush();
    out.flush();
    assertThat(steps).containsExactly(1);
  }
}
