package io.aiproxy.translate;

import static org.assertj.core.api.Assertions.assertThat;

import io.aiproxy.neutral.Delta;
import io.aiproxy.neutral.Delta.Growth;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WholeCharactersTest {
  private static final String SMILE = "\uD83D\uDE00";

  @Test
  void joinsACharacterThatCameInHalves() {
    assertThat(passed(grown("a\uD83D"), grown("\uDE00b")))
        .containsExactly(grown("a"), grown(SMILE + "b"));
  }

  @Test
  void holdsNothingBackButTheHalf() {
    assertThat(passed(grown("\uD83D"))).isEmpty();
    assertThat(passed(grown(SMILE))).containsExactly(grown(SMILE));
  }

  @Test
  void putsAMarkWhereTheOtherHalfNeverCame() {
    assertThat(passed(grown("\uD83D"), new Delta.Closed(0, 0)))
        .containsExactly(grown("\uFFFD"), new Delta.Closed(0, 0));
    assertThat(passed(grown("\uD83D"), grown("x"))).containsExactly(grown("\uFFFDx"));
    assertThat(passed(grown("\uDE00"))).containsExactly(grown("\uFFFD"));
  }

  @Test
  void keepsCandidatesApart() {
    Delta other = new Delta.Grown(1, 0, Growth.TEXT, "\uDE01");
    assertThat(passed(new Delta.Grown(1, 0, Growth.TEXT, "\uD83D"), grown("x"), other))
        .containsExactly(grown("x"), new Delta.Grown(1, 0, Growth.TEXT, "\uD83D\uDE01"));
  }

  private static Delta.Grown grown(String more) {
    return new Delta.Grown(0, 0, Growth.TEXT, more);
  }

  private static List<Delta> passed(Delta... deltas) {
    WholeCharacters step = new WholeCharacters();
    List<Delta> out = new ArrayList<>();
    for (Delta delta : deltas) {
      step.next(delta, out::add);
    }
    return out;
  }
}
