package io.aiproxy.json;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.aiproxy.json.JsonValue.Kind;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.Map.Entry;
import org.junit.jupiter.api.Test;

class JsonValueOracleTest {
  private static final int ROUNDS = 4_000;

  @Test
  void acceptsAndRefusesWhatAnotherReaderDoes() {
    Texts texts = new Texts(1);
    int accepted = 0;
    for (int i = 0; i < ROUNDS; i++) {
      byte[] good = Texts.bytes(texts.value(3));
      accepted += judge(good) ? 1 : 0;
      accepted += judge(texts.damaged(good)) ? 1 : 0;
    }
    assertThat(accepted).isBetween(ROUNDS / 2, 2 * ROUNDS);
  }

  private static boolean judge(byte[] text) {
    boolean accepted = accepts(text);
    assertThat(accepted)
        .as(new String(text, ISO_8859_1))
        .isEqualTo(Jackson.accepts(text).orElse(accepted));
    return accepted;
  }

  private static boolean accepts(byte[] text) {
    try {
      JsonValue.parse(text, 0, text.length, JsonLimits.REQUEST);
      return true;
    } catch (BadJson e) {
      return false;
    }
  }

  @Test
  void findsMembersWhereAnotherReaderDoes() throws BadJson, IOException {
    Texts texts = new Texts(2);
    for (int i = 0; i < ROUNDS; i++) {
      String text = texts.object(2);
      List<Jackson.Member> members = Texts.parsed(text).members().stream()
          .map(member ->
              new Jackson.Member(member.name(), member.from(), member.value().from()))
          .toList();
      assertThat(members).as(text).isEqualTo(Jackson.members(Texts.bytes(text)));
    }
  }

  @Test
  void readsTheSameTree() throws BadJson, IOException {
    Texts texts = new Texts(3);
    for (int i = 0; i < ROUNDS; i++) {
      String text = texts.object(3);
      assertSame(Texts.parsed(text), Jackson.tree(Texts.bytes(text)));
    }
  }

  private static void assertSame(JsonValue value, JsonNode node) {
    if (value.kind() == Kind.OBJECT) {
      Iterator<Entry<String, JsonNode>> entries = node.properties().iterator();
      value.members().forEach(member -> {
        Entry<String, JsonNode> entry = entries.next();
        assertThat(member.name()).isEqualTo(entry.getKey());
        assertSame(member.value(), entry.getValue());
      });
      assertThat(entries).isExhausted();
    } else if (value.kind() == Kind.ARRAY) {
      Iterator<JsonNode> elements = node.iterator();
      value.elements().forEach(element -> assertSame(element, elements.next()));
      assertThat(elements).isExhausted();
    } else if (value.kind() == Kind.NUMBER) {
      assertThat(new java.math.BigDecimal(value.raw())).isEqualByComparingTo(node.decimalValue());
    } else {
      assertThat(value.text()).isEqualTo(node.asText());
    }
  }
}
