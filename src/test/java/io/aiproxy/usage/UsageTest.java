package io.aiproxy.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UsageTest {
  @ParameterizedTest
  @CsvSource({
    "10, 5, 15, 15",
    "10, 5, -1, 15",
    "10, -1, -1, 10",
    "10, 5, 20, 20", // thoughts that are counted in the sum alone
    "10, 5, 3, 15",
    "-1, -1, 7, 7",
    "0, 0, 0, 0",
    "-1, -1, -1, 0"
  })
  void sumsUpWhatWasSaidAndBelievesALargerSum(long prompt, long completion, long total, long sum) {
    assertThat(new Usage(prompt, completion, total, -1, -1, -1, true).sum()).isEqualTo(sum);
  }

  @ParameterizedTest
  @CsvSource({
    "10, 4, 3, true,  3",
    "10, 4, 3, false, 10",
    "10, -1, -1, true, 10",
    "5, 9, -1, true, 0",
    "-1, -1, -1, true, 0"
  })
  void tellsWhichPromptTokensWereNewToTheProvider(
      long prompt, long read, long written, boolean included, long uncached) {
    assertThat(new Usage(prompt, 0, -1, read, written, -1, included).uncached())
        .isEqualTo(uncached);
  }

  @ParameterizedTest
  @CsvSource({
    "10, 4, 3, true,  10",
    "10, 4, 3, false, 17",
    "10, -1, -1, false, 10",
    "-1, 4, 3, false, -1",
    "-1, -1, -1, true, -1"
  })
  void tellsAllThatWasRead(long prompt, long read, long written, boolean included, long all) {
    assertThat(new Usage(prompt, 0, -1, read, written, -1, included).promptWithCache())
        .isEqualTo(all);
  }

  @ParameterizedTest
  @CsvSource({
    "291, 26, 513, 196, 222",
    "291, 222, 513, 196, 222",
    "10, 5, -1, 3, 5",
    "10, 5, 15, -1, 5",
    "10, -1, 15, 3, -1",
    "10, 5, 30, 3, 8" // with something else beside
  })
  void tellsAllThatWasWrittenWhereverThoughtsAreCounted(
      long prompt, long completion, long total, long reasoning, long all) {
    assertThat(
            new Usage(prompt, completion, total, -1, -1, reasoning, true).completionWithReasoning())
        .isEqualTo(all);
  }

  @Test
  void isNotAbsentIfItIsZero() {
    assertThat(Usage.NONE.isAbsent()).isTrue();
    assertThat(Usage.of(0, 0).isAbsent()).isFalse();
    assertThat(new Usage(-1, -1, 0, -1, -1, -1, true).isAbsent()).isFalse();
  }

  @Test
  void believesNoCountThatCannotBe() {
    assertThatThrownBy(() -> Usage.of(-2, 0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Usage.of(0, Usage.MOST + 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(Usage.of(0, Usage.MOST).completion()).isEqualTo(9_007_199_254_740_992L);
  }

  @Test
  void hasAWordForEachSource() {
    assertThat(UsageSource.values())
        .extracting(UsageSource::word)
        .containsExactly("reported", "drained", "estimated", "absent");
  }
}
