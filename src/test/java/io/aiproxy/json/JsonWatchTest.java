package io.aiproxy.json;

import static io.aiproxy.json.Texts.bytes;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonWatchTest {
  private static final String ANSWER =
      " {\"id\":\"x\\\\\", \"mod\\u0065l\":0, \"model\" : \"gpt\\\"-4\", \"choices\":[ {\"index\":0,\"delta\":{\"role\":\"a\",\"content\":\"\u00e9}]\\\\\"}},"
          + "{\"delta\":{ \"content\" : null , \"x\":[[{\"content\":1}]]}}, 5, [] ] , \"messages\":[[1 ,-2.5e3],3,[[4]]],"
          + "\"usage\":{\"total\":[7 ]},\"a\":{\"b\":{\"a\":true,\"c\":{}}} } ";

  @Test
  void handsOutTheValuesThatPathsLeadTo() {
    assertThat(Sightings.of(bytes(ANSWER), 1_000, at -> 1_000))
        .containsExactly(
            "model \"gpt\\\"-4\"",
            "choices[].delta.content \"\u00e9}]\\\\\"",
            "choices[].delta {\"role\":\"a\",\"content\":\"\u00e9}]\\\\\"}",
            "choices[].delta.content null",
            "choices[].delta { \"content\" : null , \"x\":[[{\"content\":1}]]}",
            "choices [ {\"index\":0,\"delta\":{\"role\":\"a\",\"content\":\"\u00e9}]\\\\\"}},"
                + "{\"delta\":{ \"content\" : null , \"x\":[[{\"content\":1}]]}}, 5, [] ]",
            "messages[][] 1",
            "messages[][] -2.5e3",
            "messages[][] [4]",
            "usage {\"total\":[7 ]}",
            "a.b.a true",
            "a {\"b\":{\"a\":true,\"c\":{}}}",
            "done");
  }

  @Test
  void seesTheSameWhereverTheBytesAreCut() {
    byte[] text = bytes(ANSWER);
    List<String> expected = Sightings.of(text, 1_000, at -> text.length);
    for (int cut = 1; cut < text.length; cut++) {
      int first = cut;
      assertThat(Sightings.of(text, 1_000, at -> at == 0 ? first : text.length))
          .as("cut at %s", cut)
          .isEqualTo(expected);
      assertThat(Sightings.of(text, 1_000, at -> first))
          .as("in pieces of %s", cut)
          .isEqualTo(expected);
    }
  }

  @Test
  void keepsToItsBoundWhereverTheBytesAreCut() {
    byte[] text = bytes(ANSWER);
    List<String> expected = Sightings.of(text, 5, at -> text.length);
    assertThat(expected)
        .contains(
            "model \"gpt\\...",
            "choices[].delta { \"co...",
            "messages[][] 1",
            "messages[][] -2.5e...");
    for (int cut = 1; cut < text.length; cut++) {
      int first = cut;
      assertThat(Sightings.of(text, 5, at -> first)).as("in pieces of %s", cut).isEqualTo(expected);
    }
  }

  @Test
  void seesWhatAReaderOfTheWholeSees() throws BadJson {
    Texts texts = new Texts(5);
    Random random = new Random(6);
    for (int i = 0; i < 3_000; i++) {
      String text = "{\"choices\":[" + texts.value(4) + "],\"a\":" + texts.value(3) + ",\"delta\":"
          + texts.value(2) + ",\"b\":[" + texts.value(2) + "],\"model\":" + texts.value(1) + "}";
      List<String> expected = Sightings.expected(Texts.parsed(text));
      assertThat(Sightings.of(bytes(text), 1_000_000, at -> 1 + random.nextInt(9)))
          .as(text)
          .isEqualTo(expected);
    }
  }

  @Test
  void makesTheSameOfNonsenseWhereverItIsCut() {
    Texts texts = new Texts(7);
    Random random = new Random(8);
    for (int i = 0; i < 5_000; i++) {
      byte[] text =
          texts.damaged(bytes("{\"a\":" + texts.value(3) + ",\"b\":[" + texts.value(3) + "]}"));
      List<String> expected = Sightings.of(text, 100, at -> text.length);
      assertThat(Sightings.of(text, 100, at -> 1 + random.nextInt(5)))
          .as(new String(text, UTF_8))
          .isEqualTo(expected);
    }
  }

  @Test
  void handsOutARangeOfTheArrayItWasGiven() {
    byte[] text = bytes("{\"a\":[1,2]}");
    List<byte[]> arrays = new ArrayList<>();
    JsonWatch watch =
        new JsonWatch(Sightings.ALL, (tag, bytes, offset, length, complete) -> arrays.add(bytes));
    watch.next(text, 0, 1);
    watch.next(text, 1, text.length - 1);
    assertThat(arrays).hasSize(1).allMatch(array -> array == text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x",
        "}",
        "]",
        ",",
        ":",
        "{x",
        "{1",
        "{]",
        "{\"a\"x",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":x",
        "{} x",
        "{}{",
        "1 2",
        "{\"choices\":[}",
        "\ufeff{}"
      })
  void stopsAtNonsense(String text) {
    Sightings sightings = new Sightings();
    JsonWatch watch = new JsonWatch(Sightings.ALL, sightings);
    Sightings.feed(watch, bytes(text), at -> 1);
    assertThat(watch.broken()).isTrue();
    Sightings.feed(watch, bytes("{\"a\":1}"), at -> 1);
    assertThat(sightings.seen()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "{",
        "{\"a",
        "{\"a\"",
        "{\"a\":",
        "{\"a\":1",
        "{\"a\":\"x",
        "{\"a\":[",
        "{\"a\":1,"
      })
  void isBrokenIfTheTextEndsTooSoon(String text) {
    JsonWatch watch = new JsonWatch(Sightings.ALL, new Sightings());
    Sightings.feed(watch, bytes(text), at -> 1);
    assertThat(watch.broken()).isFalse();
    watch.end();
    assertThat(watch.broken()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", " -1.5e3", "true", "\"x\"", "[]", "{} \n"})
  void comesToTheEndOfAnyText(String text) {
    JsonWatch watch = new JsonWatch(Sightings.ALL, new Sightings());
    Sightings.feed(watch, bytes(text), at -> 1);
    watch.end();
    assertThat(watch.broken()).isFalse();
  }

  @Test
  void beginsAnewWithTheNextText() {
    Sightings sightings = new Sightings();
    JsonWatch watch = new JsonWatch(Sightings.ALL, sightings);
    for (String text : List.of(
        "{\"a\":1}",
        "{\"a\":\"\\",
        "{\"b\":[{\"a\":2",
        "{\"mod",
        "]",
        "{\"a\":{\"b\":[",
        " {\"a\":3 } ")) {
      Sightings.feed(watch, bytes(text), at -> 3);
      watch.reset();
      assertThat(watch.broken()).isFalse();
    }
    assertThat(sightings.seen()).containsExactly("a 1", "a 3");
  }

  @Test
  void followsAnyDepthWithoutRecursion() {
    String deep = "[".repeat(200_000) + "]".repeat(200_000);
    String deeper = "{\"a\":".repeat(200_000) + "1" + "}".repeat(200_000);
    for (String text :
        List.of("{\"x\":" + deep + ",\"model\":1}", "{\"x\":" + deeper + ",\"model\":1}")) {
      assertThat(Sightings.of(bytes(text), 10, at -> 1_000)).containsExactly("model 1", "done");
    }
  }

  @Test
  void holdsOneValueUpToTheUsualBound() {
    List<String> seen = new ArrayList<>();
    JsonWatch watch = new JsonWatch(Sightings.ALL, (tag, bytes, offset, length, complete) -> {
      assertThat(bytes.length).isLessThanOrEqualTo(JsonWatch.CAPTURE_BYTES);
      seen.add(length + " " + complete);
    });
    String longest = "\"" + "x".repeat(JsonWatch.CAPTURE_BYTES - 2) + "\"";
    Sightings.feed(watch, bytes("{\"a\":" + longest + "}"), at -> 100);
    watch.reset();
    Sightings.feed(watch, bytes("{\"a\":" + longest.replaceFirst("x", "xx") + "}"), at -> 100);
    assertThat(seen).containsExactly("65536 true", "65536 false");
  }

  @Test
  void seesAnInnerValueBehindTheBoundOfTheOuter() {
    String text =
        "{\"choices\":[{\"delta\":{\"x\":\"" + "x".repeat(100) + "\",\"content\":\"abc\"}}]}";
    assertThat(Sightings.of(bytes(text), 10, at -> 7))
        .containsExactly(
            "choices[].delta.content \"abc\"",
            "choices[].delta {\"x\":\"xxxx...",
            "choices [{\"delta\":...",
            "done");
  }

  @Test
  void watchesTheElementsOfAnOutermostArray() {
    assertThat(Sightings.of(bytes("[{\"a\":1},{\"b\":{\"a\":2},\"a\":[]},[3]]"), 10, at -> 2))
        .containsExactly("[].a 1", "[].a []", "[][] 3", "done");
  }

  @Test
  void refusesABoundThatIsNone() {
    assertThatThrownBy(() -> new JsonWatch(Sightings.ALL, new Sightings(), 0))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
