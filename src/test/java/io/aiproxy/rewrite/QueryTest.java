package io.aiproxy.rewrite;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QueryTest {
  @ParameterizedTest
  @CsvSource({
    "a=1&b=2,       a=1&b=2",
    "a=%20+b,       a=%20+b",
    "a&b=,          a&b=",
    "&&a=1&,        a=1",
    "a=1&b=2&a=3,   a=1&a=3&b=2",
    "%zz=1,         %zz=1",
    "'',            ''"
  })
  void keepsWhatWasWritten(String written, String kept) {
    assertThat(Query.parse(written).text()).isEqualTo(kept);
  }

  @ParameterizedTest
  @CsvSource({
    "a=1&b=2, b=3,       a=1&b=3",
    "a=1&b=2, %62=3,     a=1&%62=3",
    "a=1,     '',        a=1",
    "'',      a=1,       a=1",
    "a=1&a=2, a=3,       a=3",
    "a=1,     a=2&a=3,   a=2&a=3"
  })
  void letsTheOthersPartsTakeThePlaceOfItsOwn(String own, String other, String all) {
    assertThat(Query.parse(own).overriddenBy(Query.parse(other)).text()).isEqualTo(all);
  }

  @ParameterizedTest
  @CsvSource({"a=1&b=2, b, a=1", "a=1&%62=2, b=9, a=1", "a=1, b, a=1", "b=1, b, ''"})
  void leavesNamesOut(String own, String names, String left) {
    assertThat(Query.parse(own).without(Query.parse(names)).text()).isEqualTo(left);
  }
}
