package io.aiproxy.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aiproxy.json.JsonValue.Member;
import java.io.IOException;
import java.util.Map.Entry;

/**
 * Applies a patch to an object's bytes and to its tree, and compares: null removes a member, an object is merged in, anything
 * else is set.
 */
final class Edits {
  static final JsonLimits WIDE =
      new JsonLimits(1_000, 1_000_000, 1_000_000, Integer.MAX_VALUE, 1_000_000);

  private Edits() {}

  static void check(byte[] body, ObjectNode patch, boolean force) throws BadJson, IOException {
    JsonValue object = parse(body);
    JsonEditor editor = new JsonEditor(object);
    ObjectNode tree = (ObjectNode) Jackson.tree(body);
    ObjectNode expected = tree.deepCopy();
    for (Entry<String, JsonNode> entry : patch.properties()) {
      ObjectNode one = patch.objectNode().set(entry.getKey(), entry.getValue());
      if (entry.getValue().isNull()) {
        editor.remove(entry.getKey());
        expected.remove(entry.getKey());
      } else if (entry.getValue().isObject()) {
        editor.merge(one, force);
        merge(expected, one, force);
      } else {
        editor.set(entry.getKey(), JsonEditor.encode(entry.getValue()));
        expected.set(entry.getKey(), entry.getValue());
      }
    }
    byte[] edited = editor.bytes();
    assertThat(edited).hasSize(editor.length());
    assertThat(expected.equals(Edits::compareScalars, Jackson.tree(edited)))
        .as("%s is %s", Jackson.tree(edited), expected)
        .isTrue();
    if (!editor.changed()) {
      assertThat(edited).isSameAs(body);
    }
    assertUntouched(object, parse(edited), patch);
  }

  /** Takes 14 and 1.4E1 for the same, though they are different kinds of nodes. */
  private static int compareScalars(JsonNode one, JsonNode other) {
    if (one.isNumber() && other.isNumber()) {
      return one.decimalValue().compareTo(other.decimalValue());
    }
    return one.equals(other) ? 0 : 1;
  }

  private static JsonValue parse(byte[] text) throws BadJson {
    return JsonValue.parse(text, 0, text.length, WIDE);
  }

  private static void assertUntouched(JsonValue before, JsonValue after, ObjectNode patch) {
    for (Member member : before.members()) {
      if (!patch.has(member.name())) {
        Member same = after.members().stream()
            .filter(other -> other.name().equals(member.name()))
            .findFirst()
            .orElseThrow();
        assertThat(written(after, same)).isEqualTo(written(before, member));
      }
    }
  }

  private static String written(JsonValue object, Member member) {
    int from = member.from();
    return new String(
        object.bytes(), from, member.value().to() - from, java.nio.charset.StandardCharsets.UTF_8);
  }

  private static void merge(ObjectNode into, ObjectNode patch, boolean force) {
    for (Entry<String, JsonNode> entry : patch.properties()) {
      JsonNode present = into.get(entry.getKey());
      if (present instanceof ObjectNode inner && entry.getValue() instanceof ObjectNode wanted) {
        merge(inner, wanted, force);
      } else if (present == null || force) {
        into.set(entry.getKey(), entry.getValue());
      }
    }
  }
}
