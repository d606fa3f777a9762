package io.aiproxy.neutral;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PortableNameTest {
  @ParameterizedTest
  @ValueSource(strings = {"get_weather", "a-B_9", "", "mcp__files__read"})
  void leavesAloneWhatAllTake(String name) {
    assertThat(PortableName.of(name)).isEqualTo(name);
  }

  @Test
  void leavesAloneTheLongestThatAllTake() {
    String name = "a".repeat(64);

    assertThat(PortableName.of(name)).isEqualTo(name);
  }

  @ParameterizedTest
  @CsvSource({
    "my tool!x,   my_tool_x_63c57fc3",
    "my tool!foo, my_tool_foo_fcc21561",
    "my tool@foo, my_tool_foo_4a7c27d0"
  })
  void tellsApartWhatItSpellsAlike(String name, String portable) {
    assertThat(PortableName.of(name)).isEqualTo(portable);
  }

  @Test
  void shortensWhatIsTooLong() {
    assertThat(PortableName.of("a".repeat(70)))
        .isEqualTo("a".repeat(55) + "_6bd5e503")
        .hasSize(64);
  }

  @Test
  void countsBytesAndNotCharacters() {
    assertThat(PortableName.of("天気")).matches("_{6}_[0-9a-f]{8}");
  }
}
