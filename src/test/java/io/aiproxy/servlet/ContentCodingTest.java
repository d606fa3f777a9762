package io.aiproxy.servlet;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.aiproxy.call.Headers;
import io.aiproxy.call.Problem;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

class ContentCodingTest {
  @Test
  void refusesWhatIsCutOffWhereverThatIs() throws IOException {
    byte[] packed = gzip("{\"a\":1}".getBytes(UTF_8));

    ContentCoding.check(coding("GZip"), packed, packed.length);
    for (int length = 0; length < packed.length; length++) {
      byte[] cut = Arrays.copyOf(packed, length);
      Problem problem = catchThrowableOfType(
          Problem.class, () -> ContentCoding.check(coding("gzip"), cut, cut.length));
      assertThat(problem).as("of %s bytes", length).isNotNull();
      assertThat(problem.kind()).isEqualTo(Problem.Kind.UPSTREAM_BROKEN);
    }
  }

  @Test
  void believesWhatItCannotOpen() {
    assertThatCode(() -> ContentCoding.check(coding("br"), new byte[] {1}, 1))
        .doesNotThrowAnyException();
    assertThatCode(() -> ContentCoding.check(Headers.NONE, new byte[] {1}, 1))
        .doesNotThrowAnyException();
  }

  @Test
  void doesNotUnpackABombToItsEnd() throws IOException {
    byte[] bomb = gzip(new byte[32 * 1024 * 1024]);
    byte[] broken = Arrays.copyOf(bomb, bomb.length - 8);

    assertThatCode(() -> ContentCoding.check(coding("gzip"), broken, broken.length))
        .doesNotThrowAnyException();
  }

  private static Headers coding(String name) {
    return Headers.builder().add("Content-Encoding", name).build();
  }

  private static byte[] gzip(byte[] bytes) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
      out.write(bytes);
    }
    return packed.toByteArray();
  }
}
