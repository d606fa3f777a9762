package io.aiproxy.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.aiproxy.wire.ArrayCuts.Element;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonArrayDecoderTest {
  private static final int BOUND = 1 << 20;
  private static final String STREAM =
      "[{\"a\":1},\r\n{\"b\":\"}],{ \\\" \\\\\"}\n,\n{\"c\":[{\"d\":{}}, \"ä€𝄞\"]}\n]\n";

  @Test
  void cutsAfterTheLastBraceOfEachElement() {
    assertThat(decode(STREAM, BOUND, STREAM.length()))
        .extracting(Element::bytes)
        .containsExactly(
            "[{\"a\":1}",
            ",\r\n{\"b\":\"}],{ \\\" \\\\\"}",
            "\n,\n{\"c\":[{\"d\":{}}, \"ä€𝄞\"]}",
            "\n]\n");
  }

  @Test
  void givesTheElementAloneAsData() {
    assertThat(decode(STREAM, BOUND, STREAM.length()))
        .extracting(Element::data)
        .containsExactly(
            "{\"a\":1}", "{\"b\":\"}],{ \\\" \\\\\"}", "{\"c\":[{\"d\":{}}, \"ä€𝄞\"]}", "none");
  }

  @Test
  void letsNothingBeWrittenBehindTheClosingBracket() {
    assertThat(decode(STREAM, BOUND, STREAM.length()))
        .extracting(Element::whole)
        .containsExactly(true, true, true, false);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 9, 20, 1 << 20})
  void givesTheSameWhereverTheBytesAreCut(int bound) {
    List<Element> whole = decode(STREAM, bound, STREAM.length() * 4);
    for (int cut = 1; cut < STREAM.getBytes(UTF_8).length; cut++) {
      assertThat(decode(STREAM, bound, cut)).as("pieces of %s", cut).isEqualTo(whole);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        " [ ] ",
        "[{}]",
        "[{},{}]x",
        "[{\"a\":[",
        "[{\"a\":\"\\",
        "[{},",
        "[1,2]",
        "{\"error\":{}}",
        "data: {}\n\n",
        "\ufeff[{}]",
        "null"
      })
  void passesWhateverItIs(String stream) {
    Random random = new Random(stream.length());
    for (int bound : List.of(BOUND, 5, 1)) {
      List<Element> whole = decode(stream, bound, BOUND);
      assertThat(decode(stream, bound, 1)).isEqualTo(whole);
      assertThat(ArrayCuts.decode(stream.getBytes(UTF_8), bound, at -> 1 + random.nextInt(5)))
          .isEqualTo(whole);
    }
  }

  @Test
  void readsAnElementThatBreaksOffAsFarAsItGoes() {
    assertThat(decode("[{\"a\":1},{\"b\":", BOUND, 3))
        .last()
        .isEqualTo(new Element(",{\"b\":", "{\"b\":", false));
  }

  @Test
  void passesAnElementBeyondTheBoundUnread() {
    assertThat(decode("[{\"long\":true},{}]", 8, BOUND))
        .containsExactly(
            new Element("[{\"long\":true}", "too long", true),
            new Element(",{}", "{}", true),
            new Element("]", "none", false));
  }

  private static List<Element> decode(String stream, int bound, int length) {
    return ArrayCuts.decode(stream.getBytes(UTF_8), bound, at -> length);
  }
}
