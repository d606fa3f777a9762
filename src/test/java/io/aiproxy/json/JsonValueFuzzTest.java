package io.aiproxy.json;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.mutation.annotation.NotNull;

class JsonValueFuzzTest {
  @FuzzTest(maxDuration = "1m")
  void acceptsAndRefusesWhatAnotherReaderDoes(byte @NotNull [] text) {
    boolean accepted = accepts(text);
    assertThat(accepted)
        .as(new String(text, ISO_8859_1))
        .isEqualTo(Jackson.accepts(text).orElse(accepted));
  }

  private static boolean accepts(byte[] text) {
    try {
      touch(JsonValue.parse(text, 0, text.length, Edits.WIDE));
      return true;
    } catch (BadJson e) {
      assertThat(e.offset()).isBetween(0, text.length);
      return false;
    }
  }

  /** Walks through all that is there, and not deeper than a stack is. */
  private static void touch(JsonValue value) {
    assertThat(value.raw()).hasSizeGreaterThan(0);
    assertThat(value.text()).isNotNull();
    assertThat(value.members()).hasSize(value.kind() == JsonValue.Kind.OBJECT ? value.size() : 0);
    value.members().forEach(member -> touch(member.value()));
    value.elements().forEach(JsonValueFuzzTest::touch);
  }
}
