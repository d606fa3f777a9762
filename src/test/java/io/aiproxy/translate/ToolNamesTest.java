package io.aiproxy.translate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.MissingNode;
import io.aiproxy.neutral.Delta;
import io.aiproxy.neutral.Message;
import io.aiproxy.neutral.Message.Role;
import io.aiproxy.neutral.Origin;
import io.aiproxy.neutral.Part;
import io.aiproxy.neutral.Request;
import io.aiproxy.neutral.Response;
import io.aiproxy.neutral.Response.Candidate;
import io.aiproxy.neutral.Stop;
import io.aiproxy.neutral.Tool;
import io.aiproxy.neutral.ToolChoice;
import io.aiproxy.neutral.ToolChoice.Mode;
import io.aiproxy.usage.Usage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ToolNamesTest {
  private static final String LONG = "my tool!x";
  private static final String SHORT = "my_tool_x_63c57fc3";

  @Test
  void renamesToolsTheChoiceOfOneAndTheirCalls() {
    Request portable = portable(asked(LONG, LONG));

    assertThat(((Tool.Function) portable.tools().get(0)).name()).isEqualTo(SHORT);
    assertThat(portable.toolChoice().orElseThrow().name()).isEqualTo(SHORT);
    assertThat(portable.messages().get(0).parts()).containsExactly(call(SHORT), result(SHORT));
  }

  @Test
  void leavesAToolAloneThatIsNotOffered() {
    assertThat(portable(asked("f", "ghost tool")).toolChoice().orElseThrow().name())
        .isEqualTo("ghost tool");
  }

  @Test
  void givesAnAnswerTheClientsNames() {
    Response answer = new Response(
        "",
        "",
        0,
        List.of(new Candidate(
            List.of(call(SHORT), call("other")),
            Stop.of(Stop.Reason.TOOL_CALLS),
            List.of(),
            Origin.NONE)),
        Usage.NONE,
        Origin.NONE);

    assertThat(
            ToolNames.of(asked(LONG, LONG)).restored(answer).candidates().get(0).parts())
        .containsExactly(call(LONG), call("other"));
  }

  @Test
  void givesAStreamTheClientsNames() {
    List<Delta> out = new ArrayList<>();

    ToolNames.of(asked(LONG, LONG)).restoring().next(new Delta.Opened(0, 1, call(SHORT)), out::add);

    assertThat(out).containsExactly(new Delta.Opened(0, 1, call(LONG)));
  }

  private static Request portable(Request asked) {
    return ToolNames.of(asked).portable(asked);
  }

  private static Request asked(String tool, String chosen) {
    return new Request(
        "m",
        false,
        List.of(
            new Message(Role.ASSISTANT, List.of(call(LONG), result(LONG)), false, "", Origin.NONE)),
        List.of(new Tool.Function(
            tool, "", MissingNode.getInstance(), Optional.empty(), Optional.empty(), Origin.NONE)),
        Optional.of(new ToolChoice(Mode.NAMED, chosen, Origin.NONE)),
        Optional.empty(),
        Optional.empty(),
        Map.of(),
        Origin.NONE);
  }

  private static Part call(String name) {
    return new Part.ToolCall("1", name, "{}", false, Origin.NONE);
  }

  private static Part result(String name) {
    return new Part.ToolResult("1", name, List.of(), true, false, Origin.NONE);
  }
}
