package io.aiproxy.json;

import static io.aiproxy.json.Texts.bytes;
import static io.aiproxy.json.Texts.parsed;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.aiproxy.json.JsonValue.Kind;
import io.aiproxy.json.JsonValue.Member;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonValueTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[]                   | true",
        "[{}, {\"b\":[1]}]     | true",
        "[{\"a\":\"x\"}, 1]     | false",
        "[[{}]]               | false",
        "{}                   | false",
      })
  void knowsWhetherAListHoldsOnlyObjectsWhereverItIs(String list, boolean only) throws BadJson {
    JsonValue top = parsed("{\"other\":[1,\"x\"],\"list\":" + list + ",\"in\":{\"list\":" + list
        + "},\"last\":[true]}");
    assertThat(top.member("list").orElseThrow().holdsOnly(Kind.OBJECT)).isEqualTo(only);
    assertThat(top.member("in").orElseThrow().member("list").orElseThrow().holdsOnly(Kind.OBJECT))
        .isEqualTo(only);
  }

  private static final JsonLimits WIDE =
      new JsonLimits(1_000_000, 1_000_000, 1_000_000, Integer.MAX_VALUE, 1_000_000);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "[]",
        "\"\"",
        "0",
        "-0",
        "0.0",
        "-0.0e0",
        "1",
        "10",
        "1.0",
        "1.000",
        "1e1",
        "1E+1",
        "1e-1",
        "1.5e10",
        "123456789012345678901234567890",
        "1E400",
        "true",
        "false",
        "null",
        " {} ",
        "\t[\n]\r",
        "[1]",
        "[1,2]",
        "[ 1 , 2 ]",
        "[[]]",
        "[[],[[]]]",
        "[{}]",
        "{\"a\":1}",
        "{ \"a\" : 1 }",
        "{\"a\":{}}",
        "{\"a\":[]}",
        "{\"a\":1,\"b\":2}",
        "{\"\":0}",
        "{\"a\":{\"b\":1,\"b\":2}}",
        "[{\"a\":1,\"a\":1}]",
        "\"\\u0000\"",
        "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"",
        "\"\\uABCD\\uabcd\"",
        "\"\\ud800\"",
        "\"\\udc00\\ud800\"",
        "\"\\ud83d\\ude00\"",
        "\"\u007f\"",
        "\"\u0080\u07ff\u0800\ud7ff\ue000\uffff\"",
        "\"\ud800\udc00\udbff\udfff\"",
        "\"\u2028\u2029\"",
        "\"\ufeff\"",
        "\"/\"",
        "[true,false,null]",
        "{\"a\":\"b\",\"c\":[1,{\"d\":null}]}",
        "\"1234567\"",
        "\"12345678\"",
        "\"123456789\"",
        "\"1234567\\n\"",
        "\"12345678\\n\"",
        "\"a string of more than sixteen bytes\"",
        "[\"a\",\"\\\\\"]",
        "{\"a\":1,\"A\":1}",
        "{\"a\":1,\"a \":1}"
      })
  void acceptsJson(String text) throws BadJson {
    assertThat(parsed(text).raw()).isEqualTo(text.strip());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "\n",
        "{",
        "}",
        "[",
        "]",
        "\"",
        "[}",
        "{]",
        "{[}]",
        "[1}",
        "{\"a\":1]",
        "[1",
        "[1,",
        "[,1]",
        "[1,]",
        "[1,,2]",
        "[,]",
        "[1 2]",
        "[1:2]",
        "{,}",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":1,}",
        "{\"a\":1,,\"b\":2}",
        "{\"a\" 1}",
        "{\"a\":1 \"b\":2}",
        "{\"a\",1}",
        "{a:1}",
        "{'a':1}",
        "{1:1}",
        "{null:1}",
        "{\"a\":1:2}",
        "{:1}",
        "{\"a\"::1}",
        "'a'",
        "\"a",
        "\"a\\\"",
        "\"\\x\"",
        "\"\\a\"",
        "\"\\'\"",
        "\"\\0\"",
        "\"\\u\"",
        "\"\\u1\"",
        "\"\\u12\"",
        "\"\\u123\"",
        "\"\\u123g\"",
        "\"\\u 123\"",
        "\"\\U0041\"",
        "\"\\\n\"",
        "\"\n\"",
        "\"\t\"",
        "\"\u0000\"",
        "\"\u001f\"",
        "\"1234567\n\"",
        "\"12345678\t\"",
        "\\u0020",
        "+1",
        "-",
        "--1",
        "- 1",
        "-a",
        ".5",
        "-.5",
        "5.",
        "1.e1",
        "1.-1",
        "01",
        "-01",
        "00",
        "0x1",
        "0b1",
        "1e",
        "1e+",
        "1E-",
        "1e1.5",
        "1e 1",
        "1 e1",
        "1_000",
        "1,5",
        "1a",
        "[1a]",
        "1.2.3",
        "NaN",
        "-NaN",
        "Infinity",
        "-Infinity",
        "nan",
        "inf",
        "tru",
        "True",
        "TRUE",
        "truee",
        "true1",
        "fals",
        "nul",
        "nulll",
        "None",
        "undefined",
        "/**/1",
        "1/**/",
        "//a\n1",
        "1//a",
        "#a\n1",
        "1 2",
        "{}{}",
        "[][]",
        "{} x",
        "{},",
        "\"a\"\"b\"",
        "\ufeff{}",
        "\ufeff",
        "\u00a0{}",
        "{}\u00a0",
        "\u000b{}",
        "\f{}",
        "{}\u0000",
        "\u0000",
        "[\u0000]",
        "\u00e9",
        "[\u00e9]",
        "\u2028{}",
        "{\"a\":1,\"a\":1}",
        "{\"a\":1,\"\\u0061\":1}",
        "{\"\\u0061\":1,\"b\":2,\"\\u0061\":1}",
        "{\"\":1,\"\":2}",
        "{\"\u00e9\":1,\"\\u00e9\":2}",
        "{\"\ud83d\ude00\":1,\"\\ud83d\\ude00\":2}",
        "{\"/\":1,\"\\/\":2}",
        "{\"a\":1,\"b\":{},\"a\":{}}"
      })
  void refusesWhatIsNotJson(String text) {
    assertThatExceptionOfType(BadJson.class).isThrownBy(() -> parsed(text));
  }

  @ParameterizedTest
  @CsvSource({
    "80, a continuation without a beginning",
    "bf, another",
    "c3, cut short",
    "c3 28, no continuation",
    "c0 80, a long form of U+0000",
    "c0 af, a long form of a slash",
    "c1 bf, a long form of U+007F",
    "e0 80 80, a long form of three",
    "e0 9f bf, a long form of U+07FF",
    "e4 b8, cut short",
    "e4 28 80, no continuation",
    "e4 b8 28, no second continuation",
    "ed a0 80, a high surrogate",
    "ed bf bf, a low surrogate",
    "ed a0 bd ed b8 80, a surrogate pair",
    "f0 80 80 80, a long form of four",
    "f0 8f bf bf, a long form of U+FFFF",
    "f0 9f 98, cut short",
    "f0 28 98 80, no continuation",
    "f0 9f 28 80, no second continuation",
    "f0 9f 98 28, no third continuation",
    "f4 90 80 80, U+110000",
    "f5 80 80 80, beyond",
    "f8 88 80 80 80, five bytes",
    "fc 84 80 80 80 80, six bytes",
    "fe, never",
    "ff, never"
  })
  void refusesInvalidUtf8(String hexadecimal, String why) {
    for (String before : List.of("", "1234567", "12345678", "\u4e16")) {
      for (String behind : List.of("", "a", "12345678")) {
        byte[] text = bytes("\"" + before + "?" + behind + "\"");
        byte[] bad = fromHexadecimal(hexadecimal);
        byte[] whole = replaced(text, bytes(before).length + 1, bad);
        BadJson e = catchThrowableOfType(BadJson.class, () -> parse(whole, WIDE));
        assertThat(e)
            .as(why)
            .hasMessageStartingWith("invalid UTF-8 at byte " + (bytes(before).length + 1));
      }
    }
  }

  private static byte[] fromHexadecimal(String pairs) {
    StringBuilder text = new StringBuilder();
    for (String pair : pairs.split(" ")) {
      text.append((char) Integer.parseInt(pair, 16));
    }
    return text.toString().getBytes(ISO_8859_1);
  }

  private static byte[] replaced(byte[] text, int at, byte[] with) {
    byte[] whole = new byte[text.length - 1 + with.length];
    System.arraycopy(text, 0, whole, 0, at);
    System.arraycopy(with, 0, whole, at, with.length);
    System.arraycopy(text, at + 1, whole, at + with.length, text.length - at - 1);
    return whole;
  }

  @Test
  void refusesATextThatIsCutAtAnyByte() throws BadJson {
    byte[] text = bytes(
        "{\"mod\\u0065l\":\"\u00e9\ud83d\ude00\\n\",\"n\":[-1.5e+3,true,false,null,{}],\"o\":{\"p\":[ ]}}");
    parse(text, WIDE);
    for (int to = 0; to < text.length; to++) {
      int cut = to;
      BadJson e = catchThrowableOfType(BadJson.class, () -> JsonValue.parse(text, 0, cut, WIDE));
      assertThat(e).as("cut at %s", cut).isNotNull();
      assertThat(e.offset()).as("cut at %s", cut).isBetween(0, cut);
    }
  }

  @Test
  void readsOnlyItsRange() throws BadJson {
    byte[] bytes = bytes("1\"{\"a\":[2]}\"1");
    JsonValue value = JsonValue.parse(bytes, 2, bytes.length - 2, WIDE);
    assertThat(value.member("a").orElseThrow().raw()).isEqualTo("[2]");
  }

  @Test
  void readsEveryEndOfANumberInsideItsRange() {
    for (String number : List.of("-", "1.", "1e", "1e+")) {
      byte[] bytes = bytes(number + "5");
      assertThatExceptionOfType(BadJson.class)
          .isThrownBy(() -> JsonValue.parse(bytes, 0, number.length(), WIDE));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"a\" 1}|unexpected character at byte 5: expected a colon",
        "{\"a\":1 \"b\":2}|unexpected character at byte 7: expected a comma or }",
        "[1 2]|unexpected character at byte 3: expected a comma or ]",
        "{1:2}|unexpected character at byte 1: expected a member name or }",
        "{\"a\":1,}|unexpected character at byte 7: expected a member name",
        "[1,]|unexpected character at byte 3: expected a value",
        "{}x|unexpected character at byte 2: expected the end",
        "{\"a\":tru}|unexpected character at byte 8: expected true",
        "-x|unexpected character at byte 1: expected a digit",
        "[\"\\q\"]|unknown escape in a string at byte 2",
        "\"\\u12x4\"|unexpected character at byte 5: expected four hexadecimal digits",
        "[1,2|unexpected end at byte 4: expected a comma or ]",
        "\"abc|unexpected end at byte 4: expected a closing quote",
        "{\"a\":1,\"b\":2,\"a\":3}|a member name is given twice, the second time at byte 13"
      })
  void saysWhatIsWrongAndWhere(String text, String message) {
    assertThatThrownBy(() -> parsed(text)).isInstanceOf(BadJson.class).hasMessage(message);
  }

  @Test
  void saysWhereAControlCharacterIs() {
    assertThatThrownBy(() -> parsed("[\"a\n\"]"))
        .hasMessage("unescaped control character in a string at byte 3");
  }

  @Test
  void isAnAnswerWithoutAStackTrace() {
    BadJson e = catchThrowableOfType(BadJson.class, () -> parsed("[1 2]"));
    assertThat(e.offset()).isEqualTo(3);
    assertThat(e.getStackTrace()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"[", "{\"a\":", "[{\"a\":", "[[],", "]", "{\"a\":[],\"a\":"})
  void neverRecurses(String opening) {
    byte[] bytes = bytes(opening.repeat(100_000));
    assertThatExceptionOfType(BadJson.class).isThrownBy(() -> parse(bytes, JsonLimits.REQUEST));
    assertThatExceptionOfType(BadJson.class).isThrownBy(() -> parse(bytes, WIDE));
  }

  @Test
  void followsDeepNestingToItsEnd() throws BadJson {
    byte[] bytes = bytes("[".repeat(100_000) + "]".repeat(100_000));
    assertThat(parse(bytes, WIDE).elements()).hasSize(1);
  }

  @Test
  void boundsDepth() throws BadJson {
    JsonLimits limits = new JsonLimits(3, 10, 10, 10, 10);
    parse(bytes("[[[1],[]],{\"a\":{}}]"), limits);
    assertThatThrownBy(() -> parse(bytes("[[[[]]]]"), limits))
        .hasMessage("nested deeper than 3 levels at byte 3");
    assertThatThrownBy(() -> parse(bytes("[[{\"a\":{}}]]"), limits))
        .hasMessage("nested deeper than 3 levels at byte 7");
  }

  @Test
  void boundsNamesAtEveryDepth() throws BadJson {
    JsonLimits limits = new JsonLimits(3, 4, 10, 10, 10);
    parse(bytes("{\"abcd\":{\"\\n\\n\":1}}"), limits);
    assertThatThrownBy(() -> parse(bytes("{\"abcde\":1}"), limits))
        .hasMessage("a member name is longer than 4 bytes at byte 1");
    assertThatThrownBy(() -> parse(bytes("[{\"\\n\\n\\n\":1}]"), limits))
        .hasMessage("a member name is longer than 4 bytes at byte 2");
  }

  @Test
  void boundsNumbers() throws BadJson {
    JsonLimits limits = new JsonLimits(3, 4, 5, 10, 10);
    parse(bytes("[12345,-1e10]"), limits);
    assertThatThrownBy(() -> parse(bytes("[123456]"), limits))
        .hasMessage("a number is longer than 5 bytes at byte 1");
    assertThatThrownBy(() -> parse(bytes("-1.e+10".replace(".", ".0")), limits))
        .hasMessage("a number is longer than 5 bytes at byte 0");
  }

  @Test
  void boundsStrings() throws BadJson {
    JsonLimits limits = new JsonLimits(3, 100, 5, 6, 10);
    parse(bytes("{\"a long name\":[\"123456\",\"\\u1234\"]}"), limits);
    assertThatThrownBy(() -> parse(bytes("[\"1234567\"]"), limits))
        .hasMessage("a string is longer than 6 bytes at byte 1");
  }

  @Test
  void boundsTheMembersOfTheOutermostObject() throws BadJson {
    JsonLimits limits = new JsonLimits(3, 4, 5, 10, 2);
    parse(bytes("{\"a\":{\"a\":1,\"b\":2,\"c\":3},\"b\":0}"), limits);
    assertThatThrownBy(() -> parse(bytes("{\"a\":1,\"b\":2,\"c\":3}"), limits))
        .hasMessage("more than 2 members at byte 13");
  }

  @Test
  void refusesLimitsThatAreNone() {
    assertThatThrownBy(() -> new JsonLimits(0, 1, 1, 1, 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new JsonLimits(1, 1, 1, 1, -1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void answersAtOnceForFiftyThousandMembers() {
    byte[] bytes = bytes(IntStream.range(0, 50_000)
        .mapToObj(i -> "\"k" + i + "\":0")
        .collect(Collectors.joining(",", "{", "}")));
    Assertions.assertTimeout(Duration.ofSeconds(3), () -> {
      assertThatExceptionOfType(BadJson.class).isThrownBy(() -> parse(bytes, JsonLimits.REQUEST));
      assertThat(parse(bytes, WIDE).size()).isEqualTo(50_000);
    });
  }

  @Test
  void answersAtOnceForNamesMadeToCollide() {
    List<String> names = new ArrayList<>(List.of(""));
    for (int i = 0; i < 14; i++) {
      names = names.stream()
          .flatMap(name -> List.of(name + "Aa", name + "BB").stream())
          .toList();
    }
    assertThat(names.stream().mapToInt(String::hashCode).distinct()).hasSize(1);
    byte[] bytes = bytes(
        names.stream().map(name -> '"' + name + "\":0").collect(Collectors.joining(",", "{", "}")));
    Assertions.assertTimeout(
        Duration.ofSeconds(3), () -> assertThat(parse(bytes, WIDE).size()).isEqualTo(16_384));
  }

  @Test
  void listsMembersWithTheirPlaces() throws BadJson {
    JsonValue value =
        parsed(" { \"a\" : 1.0 , \"mod\\u0065l\":\"x\\\"\\\\\" ,\"o\":{\"}\":[\"]\"] } }");
    assertThat(value.members()).extracting(Member::name).containsExactly("a", "model", "o");
    assertThat(value.members()).extracting(Member::from).containsExactly(3, 15, 37);
    assertThat(value.members())
        .extracting(member -> member.value().raw())
        .containsExactly("1.0", "\"x\\\"\\\\\"", "{\"}\":[\"]\"] }");
    assertThat(value.from()).isEqualTo(1);
    assertThat(value.to()).isEqualTo(value.bytes().length);
  }

  @Test
  void findsMembersInsideMembers() throws BadJson {
    JsonValue value = parsed("{\"a\":{ \"b\" : [ 1 , {\"c\":null} ] , \"d\":\"e\"} }");
    JsonValue inner = value.member("a").orElseThrow();
    assertThat(inner.members()).extracting(Member::name).containsExactly("b", "d");
    assertThat(inner.member("d").orElseThrow().text()).isEqualTo("e");
    assertThat(inner.has("c")).isFalse();
    List<JsonValue> elements = inner.member("b").orElseThrow().elements();
    assertThat(elements).extracting(JsonValue::raw).containsExactly("1", "{\"c\":null}");
    assertThat(elements.get(1).member("c").orElseThrow().kind()).isEqualTo(Kind.NULL);
  }

  @Test
  void takesTheLastOfMembersThatAnInnerObjectGivesTwice() throws BadJson {
    JsonValue inner = parsed("{\"a\":{\"b\":1,\"\\u0062\":2}}").member("a").orElseThrow();
    assertThat(inner.size()).isEqualTo(2);
    assertThat(inner.member("b").orElseThrow().raw()).isEqualTo("2");
  }

  @ParameterizedTest
  @CsvSource({
    "{}, OBJECT, true, 0",
    "{ }, OBJECT, true, 0",
    "'{\"a\":1,\"b\":2}', OBJECT, false, 2",
    "[], ARRAY, true, 0",
    "'[\n]', ARRAY, true, 0",
    "'[0,[],\"\"]', ARRAY, false, 3",
    "'\"\"', STRING, true, 0",
    "'\" \"', STRING, false, 0",
    "0, NUMBER, false, 0",
    "-1, NUMBER, false, 0",
    "true, TRUE, false, 0",
    "false, FALSE, false, 0",
    "null, NULL, false, 0"
  })
  void knowsKindAndSize(String text, Kind kind, boolean empty, int size) throws BadJson {
    for (JsonValue value :
        List.of(parsed(text), parsed("[" + text + "]").elements().get(0))) {
      assertThat(value.kind()).isEqualTo(kind);
      assertThat(value.isEmpty()).isEqualTo(empty);
      assertThat(value.size()).isEqualTo(size);
      assertThat(value.isTrue()).isEqualTo(kind == Kind.TRUE);
    }
  }

  @Test
  void hasNoMembersOrElementsInOtherKinds() throws BadJson {
    assertThat(parsed("[1]").members()).isEmpty();
    assertThat(parsed("{\"a\":1}").elements()).isEmpty();
    assertThat(parsed("\"a\"").member("a")).isEmpty();
  }

  @Test
  void unescapesText() throws BadJson {
    assertThat(parsed("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\u4E16\\ud83d\\ude00\u00e9 end\"")
            .text())
        .isEqualTo("\"\\/\b\f\n\r\t\u00e9\u4e16\ud83d\ude00\u00e9 end");
    assertThat(parsed("\"\\ud800x\"").text()).isEqualTo("\ud800x");
    assertThat(parsed("1.50").text()).isEqualTo("1.50");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"abc|abc",
        "\"|''",
        "\"a\\|a\ufffd",
        "\"a\\u12|a\ufffd",
        "\"a\\u12\"|a\ufffd",
        "\"a\\u12zz\"|a\ufffdzz",
        "\"\\q\"|\ufffdq",
        "\"\\\u00e9\"|\ufffd\u00e9",
        "abc|abc",
        "''|''",
        "\"a\"b|a"
      })
  void decodesWhatIsNoGoodString(String literal, String text) {
    byte[] bytes = bytes("#" + literal + "#");
    assertThat(JsonValue.decode(bytes, 1, bytes.length - 2)).isEqualTo(text);
  }

  @Test
  void decodesBadUtf8() {
    assertThat(JsonValue.decode(new byte[] {'"', 'a', (byte) 0xff, 'b', '"'}, 0, 5))
        .isEqualTo("a\ufffdb");
  }

  @Test
  void printsNothingOfTheBody() throws BadJson {
    assertThat(parsed("\"secret\"")).hasToString("STRING at 0 to 8");
  }

  private static JsonValue parse(byte[] bytes, JsonLimits limits) throws BadJson {
    return JsonValue.parse(bytes, 0, bytes.length, limits);
  }
}
