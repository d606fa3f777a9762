package io.aiproxy.balance;

import static org.assertj.core.api.Assertions.assertThat;

import io.aiproxy.call.Call;
import io.aiproxy.testing.Calls;
import io.aiproxy.testing.FakeTicker;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RoundRobinTest {
  private final Call call = Calls.at("openai-chat", "/", "");
  private final RoundRobin picker = new RoundRobin();

  @Test
  void interleavesByWeight() {
    List<Member> members = Fleet.of(new FakeTicker(), 4, 2, 1);

    String picks = IntStream.range(0, 14)
        .mapToObj(i -> picker.begin(call).pick(members).name())
        .collect(Collectors.joining());

    assertThat(picks).isEqualTo("abacabaabacaba");
  }

  @Test
  void keepsTheSharesOfThoseWhoAreLeft() {
    List<Member> members = Fleet.of(new FakeTicker(), 5, 3, 2);
    List<Member> left = members.subList(1, 3);

    Map<String, Long> picks = IntStream.range(0, 1000)
        .mapToObj(i -> picker.begin(call).pick(left).name())
        .collect(Collectors.groupingBy(name -> name, Collectors.counting()));

    assertThat(picks).containsExactlyInAnyOrderEntriesOf(Map.of("b", 600L, "c", 400L));
  }

  @Test
  void asksThoseWithoutWeightInTurnIfThereIsNobodyElse() {
    List<Member> members = Fleet.of(new FakeTicker(), 0, 0);

    assertThat(picker.begin(call).pick(members).name()).isEqualTo("a");
  }
}
