package io.aiproxy.json;

import static io.aiproxy.json.Texts.bytes;
import static io.aiproxy.json.Texts.parsed;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonEditorTest {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  @Test
  void changesOneMemberAndNoOtherByte() throws BadJson, IOException {
    JsonEditor editor =
        edit("{ \"b\" : 1.00,\n\t\"mod\\u0065l\" : \"old\" ,\"a\":{\"x\":[1,2 ]} }\n");
    editor.set("model", bytes("\"new\""));
    assertThat(text(editor))
        .isEqualTo("{ \"b\" : 1.00,\n\t\"mod\\u0065l\" : \"new\" ,\"a\":{\"x\":[1,2 ]} }\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{}|{\"z\":1}",
        "{ }|{\"z\":1 }",
        "~ {} ~|~ {\"z\":1} ~",
        "{\"a\":2}|{\"a\":2,\"z\":1}",
        "{ \"a\" : 2 }|{ \"a\" : 2,\"z\":1 }",
        "{\"a\":2,\"b\":[]}|{\"a\":2,\"b\":[],\"z\":1}",
        "{\"a\":2,\"z\" : 3,\"b\":[]}|{\"a\":2,\"z\" : 1,\"b\":[]}",
      })
  void setsAMemberInItsPlaceOrBehindTheLast(String before, String after)
      throws BadJson, IOException {
    JsonEditor editor = edit(before);
    editor.set("z", bytes("1"));
    assertThat(text(editor)).isEqualTo(after);
    assertThat(editor.changed()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{\"z\":1}|{}",
        "{ \"z\" : 1 }|{  }",
        "{\"z\":1,\"a\":2}|{\"a\":2}",
        "{ \"z\" : 1 , \"a\" : 2 }|{ \"a\" : 2 }",
        "{\"a\":2,\"z\":1}|{\"a\":2}",
        "{ \"a\" : 2 , \"z\" : 1 }|{ \"a\" : 2 }",
        "{\"a\":2,\"z\":{\"z\":1},\"b\":3}|{\"a\":2,\"b\":3}",
        "{ \"a\" : 2 , \"z\" : 1 , \"b\" : 3 }|{ \"a\" : 2 , \"b\" : 3 }",
        "{\"\\u007a\":1,\"a\":2}|{\"a\":2}"
      })
  void removesAMemberWithItsComma(String before, String after) throws BadJson, IOException {
    JsonEditor editor = edit(before);
    editor.remove("z");
    assertThat(text(editor)).isEqualTo(after);
    assertThat(editor.has("z")).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "x|{ \"y\" : 2 ,\"z\" : 3 }",
        "y|{ \"x\" : 1 ,\"z\" : 3 }",
        "z|{ \"x\" : 1 , \"y\" : 2 }",
        "xy|{ \"z\" : 3 }",
        "xz|{ \"y\" : 2 }",
        "yz|{ \"x\" : 1 }",
        "xyz|{  }"
      })
  void removesMembersInEveryPosition(String names, String after) throws BadJson, IOException {
    JsonEditor editor = edit("{ \"x\" : 1 , \"y\" : 2 ,\"z\" : 3 }");
    names.chars().forEach(name -> editor.remove(Character.toString(name)));
    assertThat(text(editor)).isEqualTo(after);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "x|{\"y\":2,\"n\":0,\"m\":[]}",
        "y|{\"x\":1,\"n\":0,\"m\":[]}",
        "xy|{\"n\":0,\"m\":[]}"
      })
  void addsBehindTheLastThatIsLeft(String removed, String after) throws BadJson, IOException {
    JsonEditor editor = edit("{\"x\":1,\"y\":2}");
    editor.set("n", bytes("0"));
    removed.chars().forEach(name -> editor.remove(Character.toString(name)));
    editor.set("m", bytes("[]"));
    assertThat(text(editor)).isEqualTo(after);
  }

  @Test
  void replacesAndRemovesAtOnce() throws BadJson, IOException {
    JsonEditor editor = edit("{\"a\":1,\"b\":2,\"c\":3,\"d\":4}");
    editor.set("b", bytes("\"longer than before\""));
    editor.remove("c");
    editor.remove("d");
    editor.set("e", bytes("5"));
    editor.remove("a");
    assertThat(text(editor)).isEqualTo("{\"b\":\"longer than before\",\"e\":5}");
  }

  @Test
  void putsARemovedMemberBackInItsPlace() throws BadJson, IOException {
    JsonEditor editor = edit("{\"a\":1,\"b\":2}");
    editor.remove("a");
    editor.set("a", bytes("3"));
    assertThat(text(editor)).isEqualTo("{\"a\":3,\"b\":2}");
    editor.set("a", bytes("1"));
    assertThat(editor.changed()).isFalse();
  }

  @Test
  void takesBackWhatItAdded() throws BadJson {
    JsonEditor editor = edit("{\"a\":1}");
    editor.set("b", bytes("3"));
    editor.remove("b");
    assertThat(editor.changed()).isFalse();
  }

  @Test
  void seesItsEdits() throws BadJson {
    JsonEditor editor = edit("{\"a\":1,\"b\":{\"c\":2}}");
    assertThat(editor.value("b").orElseThrow().member("c").orElseThrow().raw()).isEqualTo("2");
    editor.set("a", bytes(" [ 1 ] "));
    editor.set("n", bytes("\"\\n\""));
    editor.remove("b");
    assertThat(editor.value("a").orElseThrow().raw()).isEqualTo("[ 1 ]");
    assertThat(editor.value("n").orElseThrow().text()).isEqualTo("\n");
    assertThat(editor.value("b")).isEmpty();
    assertThat(editor.has("a")).isTrue();
    assertThat(editor.has("b")).isFalse();
    assertThat(editor.has("nothing")).isFalse();
  }

  @Test
  void givesTheVeryBytesIfNothingChanged() throws BadJson {
    byte[] body = bytes(" {\"a\":1.0} \n");
    JsonEditor editor = new JsonEditor(JsonValue.parse(body, 0, body.length, JsonLimits.REQUEST));
    editor.set("a", bytes("1.0"));
    editor.remove("b");
    assertThat(editor.changed()).isFalse();
    assertThat(editor.bytes()).isSameAs(body);
    assertThat(editor.length()).isEqualTo(body.length);
  }

  @Test
  void givesOnlyTheTextOfALargerArray() throws BadJson, IOException {
    byte[] body = bytes("xx {\"a\":1} xx");
    JsonEditor editor =
        new JsonEditor(JsonValue.parse(body, 2, body.length - 2, JsonLimits.REQUEST));
    assertThat(text(editor)).isEqualTo(" {\"a\":1} ");
    editor.set("a", bytes("2"));
    assertThat(text(editor)).isEqualTo(" {\"a\":2} ");
  }

  @Test
  void editsAnInnerObjectAlone() throws BadJson, IOException {
    JsonEditor editor = new JsonEditor(parsed("[ {\"a\":1} ]").elements().get(0));
    editor.set("b", bytes("2"));
    assertThat(text(editor)).isEqualTo("{\"a\":1,\"b\":2}");
  }

  @Test
  void leavesOneOfMembersThatAnInnerObjectGivesTwice() throws BadJson, IOException {
    JsonValue inner =
        parsed("[{\"a\":1,\"b\":2,\"a\":3,\"\\u0061\":4}]").elements().get(0);
    JsonEditor editor = new JsonEditor(inner);
    editor.set("a", bytes("5"));
    assertThat(text(editor)).isEqualTo("{\"b\":2,\"\\u0061\":5}");
    editor.remove("a");
    assertThat(text(editor)).isEqualTo("{\"b\":2}");
  }

  @Test
  void escapesTheNameThatItAdds() throws BadJson, IOException {
    JsonEditor editor = edit("{}");
    editor.set("a\"\\\n\u00e9", bytes("1"));
    assertThat(text(editor)).isEqualTo("{\"a\\\"\\\\\\n\u00e9\":1}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", "1", "\"a\""})
  void editsOnlyObjects(String text) throws BadJson {
    JsonValue value = parsed(text);
    assertThatThrownBy(() -> new JsonEditor(value)).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "absent is set|{\"a\":1}|{\"b\":{\"c\":[1]}}|{\"a\":1,\"b\":{\"c\":[1]}}|{\"a\":1,\"b\":{\"c\":[1]}}",
        "a scalar|{\"a\": 1}|{\"a\":2}|{\"a\": 1}|{\"a\": 2}",
        "an explicit null|{\"a\": null}|{\"a\":2}|{\"a\": null}|{\"a\": 2}",
        "a null to be laid over|{\"a\": 1}|{\"a\":null}|{\"a\": 1}|{\"a\": null}",
        "arrays are whole|{\"a\":[1, 2]}|{\"a\":[3]}|{\"a\":[1, 2]}|{\"a\":[3]}",
        "inside|{\"a\":{ \"b\" : 1 }}|{\"a\":{\"b\":2,\"c\":3}}|{\"a\":{ \"b\" : 1,\"c\":3 }}|{\"a\":{ \"b\" : 2,\"c\":3 }}",
        "deep inside|{\"a\":{\"b\":{\"c\": 1.0}}}|{\"a\":{\"b\":{\"d\":1}}}|{\"a\":{\"b\":{\"c\": 1.0,\"d\":1}}}|{\"a\":{\"b\":{\"c\": 1.0,\"d\":1}}}",
        "an object against a scalar|{\"a\": 1}|{\"a\":{\"b\":2}}|{\"a\": 1}|{\"a\": {\"b\":2}}",
        "a scalar against an object|{\"a\": {\"b\":2}}|{\"a\":1}|{\"a\": {\"b\":2}}|{\"a\": 1}",
        "an empty object|{\"a\": {\"b\":2}}|{\"a\":{}}|{\"a\": {\"b\":2}}|{\"a\": {\"b\":2}}",
        "into an empty object|{\"a\": { }}|{\"a\":{\"b\":1}}|{\"a\": {\"b\":1 }}|{\"a\": {\"b\":1 }}",
        "an escaped name|{\"\\u0061\": 1}|{\"a\":2}|{\"\\u0061\": 1}|{\"\\u0061\": 2}"
      })
  void merges(String what, String body, String patch, String kept, String forced)
      throws BadJson, IOException {
    JsonEditor keeping = edit(body);
    keeping.merge(node(patch), false);
    assertThat(text(keeping)).as(what).isEqualTo(kept);
    JsonEditor forcing = edit(body);
    forcing.merge(node(patch), true);
    assertThat(text(forcing)).as(what).isEqualTo(forced);
  }

  @Test
  void mergesAfterOtherEdits() throws BadJson, IOException {
    JsonEditor editor = edit("{\"a\":{\"x\":1},\"b\":2}");
    editor.set("n", bytes("{\"y\":1}"));
    editor.remove("a");
    editor.merge(node("{\"n\":{\"z\":2},\"a\":{\"w\":3}}"), false);
    editor.merge(node("{\"n\":{\"z\":3}}"), true);
    assertThat(text(editor)).isEqualTo("{\"a\":{\"w\":3},\"b\":2,\"n\":{\"y\":1,\"z\":3}}");
  }

  @Test
  void refusesToMergeIntoAnInnerObjectThatGivesANameTwice() throws BadJson {
    JsonEditor editor = edit("{\"a\":{\"b\":{\"c\":1,\"\\u0063\":2}}}");
    assertThatThrownBy(() -> editor.merge(node("{\"a\":{\"b\":{\"d\":1}}}"), false))
        .isInstanceOf(BadJson.class)
        .hasMessage("a member name is given twice, the second time at byte 17");
  }

  @Test
  void leavesAnInnerObjectAloneThatGivesANameTwiceIfThereIsNothingToChange()
      throws BadJson, IOException {
    JsonEditor editor = edit("{\"a\":{\"c\":1,\"c\":2},\"b\":1}");
    editor.merge(node("{\"a\":{\"c\":1},\"d\":1}"), false);
    assertThat(text(editor)).isEqualTo("{\"a\":{\"c\":1,\"c\":2},\"b\":1,\"d\":1}");
  }

  @Test
  void encodesNumbersExactly() {
    ObjectNode node = NODES.objectNode();
    node.set("a", NODES.numberNode(new BigDecimal("1.0")));
    node.set("b", NODES.numberNode(new BigDecimal("1E400")));
    node.set("c", NODES.numberNode(new BigInteger("123456789012345678901234567890")));
    node.set("d", NODES.numberNode(new BigDecimal("0.10")));
    assertThat(new String(JsonEditor.encode(node), UTF_8))
        .isEqualTo("{\"a\":1.0,\"b\":1E+400,\"c\":123456789012345678901234567890,\"d\":0.10}");
  }

  @Test
  void encodesText() {
    assertThat(new String(JsonEditor.encode(NODES.textNode("\u00e9\ud83d\ude00\"")), UTF_8))
        .isEqualTo("\"\u00e9\ud83d\ude00\\\"\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"D800", "DC00", "DBFF"})
  void encodesHalfASurrogatePair(String code) {
    String half = Character.toString(Integer.parseInt(code, 16));
    String escape = "\\u" + code;
    assertThat(new String(JsonEditor.encode(NODES.textNode(half + "\u00e9")), UTF_8))
        .isEqualTo("\"" + escape + "\u00e9\"");
    assertThat(new String(JsonEditor.encode(NODES.textNode(half)), UTF_8))
        .isEqualTo("\"" + escape + "\"");
    assertThat(new String(JsonEditor.encode(NODES.objectNode().put(half, 1)), UTF_8))
        .isEqualTo("{\"" + escape + "\":1}");
    String longText = "x".repeat(20_000);
    assertThat(new String(JsonEditor.encode(NODES.textNode(longText + half)), UTF_8))
        .isEqualTo("\"" + longText + escape + "\"");
  }

  private static JsonEditor edit(String text) throws BadJson {
    return new JsonEditor(parsed(text));
  }

  private static ObjectNode node(String json) throws IOException {
    JsonNode node = Jackson.tree(bytes(json));
    return (ObjectNode) node;
  }

  /** The bytes as text, after a look whether both ways out agree. */
  private static String text(JsonEditor editor) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    editor.writeTo(out);
    assertThat(out.toByteArray()).isEqualTo(editor.bytes()).hasSize(editor.length());
    return out.toString(UTF_8);
  }
}
