package io.aiproxy.translate;

import static org.assertj.core.api.Assertions.assertThat;

import io.aiproxy.neutral.Delta;
import io.aiproxy.neutral.Origin;
import io.aiproxy.neutral.Response;
import io.aiproxy.usage.Usage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BirthTest {
  private static final Birth BIRTH = Birth.of("openai-chat", "0a1b", Instant.ofEpochSecond(7));

  @Test
  void isGivenToAnAnswerWithoutOne() {
    Response answer = BIRTH.given(new Response("", "m", 0, List.of(), Usage.NONE, Origin.NONE));

    assertThat(answer.id()).isEqualTo("chatcmpl-0a1b");
    assertThat(answer.created()).isEqualTo(7);
  }

  @Test
  void leavesWhatTheProviderSays() {
    Response answer = new Response("i", "m", 3, List.of(), Usage.NONE, Origin.NONE);

    assertThat(BIRTH.given(answer)).isEqualTo(answer);
  }

  @Test
  void isGivenToAStreamWithoutOne() {
    List<Delta> out = new ArrayList<>();
    BIRTH.next(new Delta.Begun("", "m", 3), out::add);
    BIRTH.next(new Delta.Ended(), out::add);

    assertThat(out).containsExactly(new Delta.Begun("chatcmpl-0a1b", "m", 3), new Delta.Ended());
  }
}
