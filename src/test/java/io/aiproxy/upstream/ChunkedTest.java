package io.aiproxy.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.hc.core5.http.MalformedChunkCodingException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ChunkedTest {
  private static final String GOOD =
      "5;a=\"b\"\r\nhello\r\n1  \r\n \r\n0B\r\nwor\r\nld\r\n!!\r\n000\r\nTrailer: x\r\nMore: y\r\n\r\n";

  private final Chunked chunked = new Chunked();
  private final ByteArrayOutputStream body = new ByteArrayOutputStream();

  @Test
  void givesTheSameBodyWhereverTheBytesAreCut() throws IOException {
    byte[] bytes = bytes(GOOD);
    for (int cut = 0; cut <= bytes.length; cut++) {
      Chunked cutOne = new Chunked();
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      take(cutOne, all, Arrays.copyOfRange(bytes, 0, cut));
      assertThat(cutOne.ended()).as("cut at %s", cut).isEqualTo(cut == bytes.length);
      take(cutOne, all, Arrays.copyOfRange(bytes, cut, bytes.length));
      assertThat(all).as("cut at %s", cut).hasToString("hello wor\r\nld\r\n!!");
      assertThat(cutOne.ended()).as("cut at %s", cut).isTrue();
    }
  }

  @Test
  void takesNothingBehindTheEnd() throws IOException {
    byte[] bytes = bytes("0\r\n\r\nHTTP/1.1 200 OK");
    assertThat(take(chunked, body, bytes)).isEqualTo(5);
    assertThat(body.size()).isZero();
  }

  @Test
  void takesTheLargestSizeAndNoLarger() throws IOException {
    take(new Chunked(), body, bytes("fffffffffffffff\r\nx"));
    assertThatThrownBy(() -> take(chunked, body, bytes("1000000000000000\r\nx")))
        .isInstanceOf(MalformedChunkCodingException.class);
  }

  @Test
  void takesLongExtensionsAndTrailersUpToABound() throws IOException {
    String long1 = "x".repeat(Chunked.MOST_LINE);
    take(
        new Chunked(),
        body,
        bytes("1;" + long1 + "\r\nx\r\n0;" + long1 + "\r\n" + long1 + "\r\n\r\n"));
    assertThatThrownBy(() -> take(new Chunked(), body, bytes("1;" + long1 + "x\r\n")))
        .isInstanceOf(MalformedChunkCodingException.class);
    assertThatThrownBy(() -> take(new Chunked(), body, bytes("0\r\nab\r\n" + long1)))
        .isInstanceOf(MalformedChunkCodingException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\r\n",
        "x\r\n",
        "-1\r\n",
        "+1\r\n",
        "0x1\r\n",
        " 1\r\n",
        "1 1\r\n",
        "1\n",
        "1\rx",
        "1;a\nb",
        "1\r\nxx",
        "1\r\nx\n",
        "1\r\nx\rx",
        "1\r\nx\r\n\r\n",
        "0\r\n\n",
        "0\r\n\rx",
        "0\r\na\nb",
        "0\r\na\rb",
        ";\r\n",
        "\u00b2\r\n",
        "\u0661\r\n"
      })
  void refusesWhatIsNotTheCoding(String broken) {
    assertThatThrownBy(() -> take(chunked, body, bytes(broken)))
        .isInstanceOf(MalformedChunkCodingException.class);
  }

  private static int take(Chunked chunked, ByteArrayOutputStream all, byte[] bytes)
      throws IOException {
    return chunked.next(bytes, bytes.length, (offset, length) -> all.write(bytes, offset, length));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
