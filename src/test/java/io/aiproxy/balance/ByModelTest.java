package io.aiproxy.balance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.aiproxy.call.Call;
import io.aiproxy.call.Headers;
import io.aiproxy.call.Problem;
import io.aiproxy.config.Balancing;
import io.aiproxy.testing.Calls;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ByModelTest {
  private final List<Member> members = Fleet.serving("x,y", "y", "y,z");

  @Test
  void goesToThoseWhoListTheModel() {
    ByModel picker = picker(Balancing.Names.NONE);

    assertThat(able(picker, "x")).isEqualTo("a");
    assertThat(able(picker, "y")).isEqualTo("abc");
    assertThat(able(picker, "z")).isEqualTo("c");
  }

  @Test
  void takesTurnsForEachModelByItself() {
    ByModel picker = picker(Balancing.Names.NONE);
    List<String> picks = new ArrayList<>();

    for (int i = 0; i < 3; i++) {
      pick(picker, "x");
      picks.add(pick(picker, "y"));
      pick(picker, "z");
    }

    assertThat(picks).containsExactly("a", "b", "c");
  }

  @Test
  void asksForWhatAnAliasStandsFor() {
    ByModel picker = picker(names(Map.of("fast", "z"), ""));

    assertThat(able(picker, "fast")).isEqualTo("c");
    assertThat(asked(picker, chat("fast")).asked().model()).isEqualTo("z");
    assertThat(asked(picker, chat("fast")).json().raw())
        .isEqualTo("{ \"model\" : \"z\", \"messages\":[]}");
  }

  @Test
  void leavesTheRequestAloneIfItNamesTheModelItself() {
    Call call = chat("x");

    assertThat(asked(picker(names(Map.of("fast", "z"), "fast")), call)).isSameAs(call);
  }

  @Test
  void asksForTheDefaultInPlaceOfAnUnknownModelOrOfNone() {
    ByModel picker = picker(names(Map.of("fast", "z"), "fast"));

    assertThat(able(picker, "unheard of")).isEqualTo("c");
    assertThat(asked(picker, post("{\"messages\":[]}")).json().raw())
        .isEqualTo("{\"messages\":[],\"model\":\"z\"}");
  }

  @Test
  void refusesAModelThatNobodyServes() {
    Problem problem = catchThrowableOfType(
        Problem.class, () -> picker(Balancing.Names.NONE).begin(chat("unheard of")));

    assertThat(problem.kind()).isEqualTo(Problem.Kind.MODEL_NOT_FOUND);
    assertThat(problem.param()).isEqualTo("model");
  }

  @Test
  void refusesARequestOfAProtocolThatNamesNoModel() {
    Problem problem = catchThrowableOfType(
        Problem.class, () -> picker(Balancing.Names.NONE).begin(post("{\"messages\":[]}")));

    assertThat(problem.kind()).isEqualTo(Problem.Kind.INVALID_REQUEST);
    assertThat(problem.param()).isEqualTo("model");
  }

  @Test
  void letsWhatNeedsNoModelGoToAnybody() {
    ByModel picker = picker(names(Map.of(), "z"));
    Call call = Calls.arrived("/v1/threads", "{\"metadata\":{}}", Headers.NONE);

    assertThat(picker.begin(call).able(members)).isEqualTo(members);
    assertThat(asked(picker, call)).isSameAs(call);
  }

  private ByModel picker(Balancing.Names names) {
    return new ByModel(members, names);
  }

  private static Balancing.Names names(Map<String, String> aliases, String otherwise) {
    return new Balancing.Names(aliases, Optional.of(otherwise).filter(model -> !model.isEmpty()));
  }

  private String able(ByModel picker, String model) {
    return picker.begin(chat(model)).able(members).stream()
        .map(Member::name)
        .reduce("", String::concat);
  }

  private String pick(ByModel picker, String model) {
    Choice choice = picker.begin(chat(model));
    return choice.pick(choice.able(members)).name();
  }

  private static Call asked(ByModel picker, Call call) {
    return picker.begin(call).asked(call);
  }

  private static Call chat(String model) {
    return post("{ \"model\" : \"" + model + "\", \"messages\":[]}");
  }

  private static Call post(String body) {
    return Calls.arrived("/v1/chat/completions", body, Headers.NONE);
  }
}
