package io.aiproxy.call;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HeadersTest {
  private final Headers headers =
      Headers.builder().add("A", "1").add("b", "2").add("a", "3").build();

  @Test
  void areFoundWhateverTheirCase() {
    assertThat(headers.first("a")).contains("1");
    assertThat(headers.all("A")).containsExactly("1", "3");
    assertThat(headers.has("B")).isTrue();
    assertThat(headers.first("c")).isEmpty();
  }

  @Test
  void areEqualIfTheyAreSentAlike() {
    Headers same = Headers.builder().add("A", "1").add("b", "2").add("a", "3").build();

    assertThat(same).isEqualTo(headers).hasSameHashCodeAs(headers);
    assertThat(Headers.builder().add("a", "1").add("b", "2").add("a", "3").build())
        .isNotEqualTo(headers);
  }

  @Test
  void takeThePlaceOfAllOfTheirName() {
    Headers set = Headers.builder()
        .add("A", "1")
        .add("b", "2")
        .add("a", "3")
        .set("a", "4")
        .build();

    assertThat(set).extracting(Headers.Field::value).containsExactly("2", "4");
  }

  @Test
  void doNotChangeWithTheirBuilder() {
    Headers.Builder builder = Headers.builder().add("a", "1");
    Headers built = builder.build();

    builder.add("b", "2");

    assertThat(built.size()).isEqualTo(1);
  }

  @Test
  void printNoValue() {
    assertThat(Headers.builder().add("Authorization", "Bearer k").build().toString())
        .doesNotContain("Bearer");
  }

  @Test
  void canBeChosenFrom() {
    assertThat(headers.only(field -> field.is("a")).size()).isEqualTo(2);
  }
}
