package io.aiproxy.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonPathsTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "", ".", "a.", ".a", "a..b", "a[", "a]", "a[]b", "a[0]", "a.[]", "[", "a[][", "a].b"
      })
  void refusesWhatIsNoPath(String path) {
    assertThatThrownBy(() -> JsonPaths.builder().add(path, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("\"" + path + "\"");
  }

  @Test
  void refusesAPathTwice() {
    assertThatThrownBy(() -> JsonPaths.builder().add("a[].b", 1).add("a[].b", 2))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void takesAMap() {
    List<Integer> tags = new ArrayList<>();
    JsonPaths paths = JsonPaths.of(Map.of("a", 1, "b[].c", 2));
    JsonWatch watch = new JsonWatch(paths, (tag, bytes, offset, length, complete) -> tags.add(tag));
    byte[] text = Texts.bytes("{\"a\":0,\"b\":[{\"c\":0}]}");
    watch.next(text, 0, text.length);
    assertThat(tags).containsExactly(1, 2);
  }

  @Test
  void staysAsItWasBuilt() {
    List<Integer> tags = new ArrayList<>();
    JsonPaths.Builder builder = JsonPaths.builder().add("a", 1);
    JsonPaths paths = builder.build();
    builder.add("b", 2);
    JsonWatch watch = new JsonWatch(paths, (tag, bytes, offset, length, complete) -> tags.add(tag));
    byte[] text = Texts.bytes("{\"a\":0,\"b\":0}");
    watch.next(text, 0, text.length);
    assertThat(tags).containsExactly(1);
  }
}
