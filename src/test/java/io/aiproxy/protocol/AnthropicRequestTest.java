package io.aiproxy.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aiproxy.call.Problem;
import io.aiproxy.neutral.Format;
import io.aiproxy.neutral.Given;
import io.aiproxy.neutral.Losses;
import io.aiproxy.neutral.Message;
import io.aiproxy.neutral.Message.Role;
import io.aiproxy.neutral.Origin;
import io.aiproxy.neutral.Part;
import io.aiproxy.neutral.Reasoning;
import io.aiproxy.neutral.Request;
import io.aiproxy.neutral.Setting;
import io.aiproxy.neutral.Signature;
import io.aiproxy.neutral.Tool;
import io.aiproxy.neutral.ToolChoice;
import io.aiproxy.neutral.ToolChoice.Mode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that come from clients of other protocols, and what others get to know of Anthropic's. */
class AnthropicRequestTest {
  private static final JsonMapper JSON = JsonMapper.builder()
      .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
      .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
      .build();
  private static final Origin ELSEWHERE = elsewhere("x");

  private final AnthropicMessagesDialect dialect = new AnthropicMessagesDialect();
  private final Losses losses = new Losses();
  private final List<Message> messages = new ArrayList<>();
  private final List<Tool> tools = new ArrayList<>();
  private final Map<Setting, Given> settings = new EnumMap<>(Setting.class);
  private Optional<ToolChoice> choice = Optional.empty();
  private Optional<Format> format = Optional.empty();
  private Optional<Reasoning> reasoning = Optional.empty();

  @Test
  void letsUserAndAssistantTakeTurns() {
    says(Role.USER, text("a"));
    says(Role.USER, text("b"));
    says(Role.ASSISTANT, text("c"));

    assertThat(written().path("messages"))
        .isEqualTo(json(
            "[{'role':'user','content':[{'type':'text','text':'a'},{'type':'text','text':'b'}]},"
                + "{'role':'assistant','content':[{'type':'text','text':'c'}]}]"));
  }

  @Test
  void putsTheResultsOfToolsDirectlyBehindTheCalls() {
    says(Role.ASSISTANT, call("1", "{\"a\":1.50}"));
    says(Role.USER, text("by the way"));
    says(Role.USER, result("1", "r"));

    assertThat(written().path("messages"))
        .isEqualTo(json(
            "[{'role':'assistant','content':[{'type':'tool_use','id':'1','name':'f','input':{'a':1.50}}]},"
                + "{'role':'user','content':[{'type':'tool_result','tool_use_id':'1','content':'r'},"
                + "{'type':'text','text':'by the way'}]}]"));
  }

  @Test
  void namesCallsAsAnthropicTakesThem() {
    says(Role.ASSISTANT, call("functions.f:0", "{}"));
    says(Role.USER, result("functions.f:0", "r"));

    JsonNode turns = written().path("messages");
    assertThat(turns.at("/0/content/0/id").asText())
        .matches("functions_f_0_[0-9a-f]{8}")
        .isEqualTo(turns.at("/1/content/0/tool_use_id").asText());
  }

  @Test
  void bringsTogetherWhatTheSystemSays() {
    says(Role.SYSTEM, text("a"));
    says(Role.USER, text("b"));
    says(Role.DEVELOPER, text("c"));

    ObjectNode written = written();
    assertThat(written.path("system"))
        .isEqualTo(json("[{'type':'text','text':'a'},{'type':'text','text':'c'}]"));
    assertThat(written.path("messages")).hasSize(1);
  }

  @Test
  void keepsAPlainStringOne() {
    messages.add(new Message(Role.SYSTEM, List.of(text("s")), true, "", ELSEWHERE));
    messages.add(new Message(Role.USER, List.of(text("u")), true, "", ELSEWHERE));

    ObjectNode written = written();
    assertThat(written.path("system").asText()).isEqualTo("s");
    assertThat(written.at("/messages/0/content").asText()).isEqualTo("u");
  }

  @Test
  void boundsWhatIsWrittenIfTheClientDoesNot() {
    assertThat(written().path("max_tokens").asInt()).isEqualTo(4096);
  }

  @ParameterizedTest
  @CsvSource({
    "minimal, 1024",
    "low, 1024",
    "medium, 2048",
    "high, 4096",
    "xhigh, 8192",
    "max, 16384"
  })
  void makesABudgetOfEffort(String effort, int budget) {
    thinks(effort);

    ObjectNode written = written();
    assertThat(written.path("thinking"))
        .isEqualTo(json("{'type':'enabled','budget_tokens':" + budget + "}"));
    assertThat(written.path("max_tokens").asInt()).isEqualTo(4096 + budget);
    assertThat(losses.places()).isEmpty();
  }

  @Test
  void leavesHalfOfABoundForTheAnswer() {
    thinks("high");
    sets(Setting.MAX_TOKENS, "4000");

    assertThat(written().at("/thinking/budget_tokens").asInt()).isEqualTo(2000);
  }

  @Test
  void doesNotThinkIfTheBoundIsTooLow() {
    thinks("high");
    sets(Setting.MAX_TOKENS, "1000");

    assertThat(written().has("thinking")).isFalse();
    assertThat(losses.places()).containsExactly("reasoning_effort");
  }

  @Test
  void doesNotThinkIfAToolIsForced() {
    thinks("high");
    tools.add(tool("{}"));
    choice = Optional.of(new ToolChoice(Mode.ANY, "", elsewhere("tool_choice")));

    assertThat(written().has("thinking")).isFalse();
    assertThat(losses.places()).containsExactly("reasoning_effort");
  }

  @Test
  void doesNotThinkAfterCallsWithoutTheirThoughts() {
    thinks("high");
    says(Role.ASSISTANT, call("1", "{}"));
    says(Role.USER, result("1", "r"));

    assertThat(written().has("thinking")).isFalse();
    assertThat(losses.places()).containsExactly("reasoning_effort");
  }

  @Test
  void dropsWhatAnthropicRefusesBesideThinking() {
    thinks("low");
    sets(Setting.TEMPERATURE, "0.2");
    sets(Setting.TOP_P, "0.5");

    ObjectNode written = written();
    assertThat(written.has("temperature") || written.has("top_p")).isFalse();
    assertThat(losses.places()).containsExactly("TEMPERATURE", "TOP_P");
  }

  @ParameterizedTest
  @CsvSource({
    "CANDIDATES, 2",
    "SEED, 7",
    "LOGPROBS, true",
    "FREQUENCY_PENALTY, 0.5",
    "CACHE_KEY, 'k'"
  })
  void losesByNameWhatAnthropicHasNoWordFor(Setting setting, String value) {
    sets(setting, value.startsWith("k") ? "\"k\"" : value);

    written();

    assertThat(losses.places()).containsExactly(setting.name());
  }

  @ParameterizedTest
  @CsvSource({"CANDIDATES, 1", "LOGPROBS, false", "PRESENCE_PENALTY, 0", "STORE, false"})
  void losesNothingIfAnthropicDoesItAnyway(Setting setting, String value) {
    sets(setting, value);

    written();

    assertThat(losses.places()).isEmpty();
  }

  @Test
  void takesNoThoughtOfAnother() {
    Origin origin = elsewhere("messages[0].reasoning");
    says(
        Role.ASSISTANT,
        new Part.Thought("t", Optional.of(new Signature("openai-responses", "s")), origin),
        text("a"));

    assertThat(written().at("/messages/0/content")).hasSize(1);
    assertThat(losses.places()).containsExactly("messages[0].reasoning");
  }

  @Test
  void takesBackAThoughtOfItsOwn() {
    Signature own = Signature.from("ai-proxy:anthropic-messages:s", "openai-chat");
    says(Role.ASSISTANT, new Part.Thought("t", Optional.of(own), ELSEWHERE), text("a"));

    assertThat(written().at("/messages/0/content/0"))
        .isEqualTo(json("{'type':'thinking','thinking':'t','signature':'s'}"));
  }

  @Test
  void cachesNoMoreThanFourTimes() {
    for (int i = 0; i < 5; i++) {
      says(
          i % 2 == 0 ? Role.USER : Role.ASSISTANT,
          text("t" + i),
          new Part.CachePoint("1h", elsewhere("point" + i)));
    }

    assertThat(written().findValues("cache_control"))
        .hasSize(4)
        .containsOnly(json("{'type':'ephemeral','ttl':'1h'}"));
    assertThat(losses.places()).containsExactly("point4");
  }

  @Test
  void asksForOneCallAtATime() {
    tools.add(tool("{}"));
    sets(Setting.PARALLEL_TOOL_CALLS, "false");

    assertThat(written().path("tool_choice"))
        .isEqualTo(json("{'type':'auto','disable_parallel_tool_use':true}"));
  }

  @Test
  void choosesNoToolWhereThereIsNone() {
    choice = Optional.of(new ToolChoice(Mode.AUTO, "", elsewhere("tool_choice")));
    sets(Setting.PARALLEL_TOOL_CALLS, "true");

    assertThat(written().has("tool_choice")).isFalse();
    assertThat(losses.places()).isEmpty();
  }

  @Test
  void makesAnObjectOfEachToolsParameters() {
    tools.add(tool("{}"));

    assertThat(written().at("/tools/0/input_schema")).isEqualTo(json("{'type':'object'}"));
  }

  @Test
  void asksForASchema() {
    JsonNode schema = json("{'type':'object','properties':{'a':{'type':'object'}}}");
    format = Optional.of(new Format(
        Format.Kind.SCHEMA, "n", "", schema, Optional.of(true), elsewhere("response_format")));

    assertThat(written().path("output_config"))
        .isEqualTo(json(
            "{'format':{'type':'json_schema','schema':{'type':'object','additionalProperties':false,"
                + "'properties':{'a':{'type':'object','additionalProperties':false}}}}}"));
    assertThat(losses.places()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{'messages':[]}",
        "{'messages':[1]}",
        "{'messages':[{'role':'user'}]}",
        "{'messages':[{'role':'user','content':{}}]}",
        "{'messages':[{'role':'user','content':['x']}]}",
        "{'messages':[{'role':'tool','content':'x'}]}",
        "{'messages':[{'role':'user','content':[{'type':'image','source':true}]}]}",
        "{'system':1,'messages':[{'role':'user','content':'x'}]}",
        "{'tools':[1],'messages':[{'role':'user','content':'x'}]}"
      })
  void refusesWhatIsNoRequest(String body) {
    assertThatThrownBy(() -> read(body))
        .isInstanceOfSatisfying(
            Problem.class, problem -> assertThat(problem.kind().status()).isEqualTo(400));
  }

  @Test
  void readsACallAndTellsItsResultTheTool() {
    Request read = read(
        "{'messages':[{'role':'assistant','content':[{'type':'tool_use','id':'1','name':'f','input':{}}]},"
            + "{'role':'user','content':[{'type':'tool_result','tool_use_id':'1','content':'r','is_error':true}]}]}");

    Part.ToolResult result = (Part.ToolResult) read.messages().get(1).parts().get(0);
    assertThat(result.name()).isEqualTo("f");
    assertThat(result.failed()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'type':'enabled','budget_tokens':2048}        | true  | 2048 | ''",
        "{'type':'adaptive'}                            | true  |      | low",
        "{'type':'disabled'}                            | false |      | ''"
      })
  void readsHowMuchToThink(String thinking, boolean enabled, Long budget, String effort) {
    String config = effort.isEmpty() ? "" : "'output_config':{'effort':'" + effort + "'},";
    Reasoning read = read("{" + config + "'thinking':" + thinking
            + ",'messages':[{'role':'user','content':'x'}]}")
        .reasoning()
        .orElseThrow();

    assertThat(read.enabled()).contains(enabled);
    assertThat(read.budget())
        .isEqualTo(budget == null ? OptionalLong.empty() : OptionalLong.of(budget));
    assertThat(read.effort()).isEqualTo(effort);
  }

  @Test
  void leavesToAnthropicWhatItAloneKnows() {
    Request read = read(
        "{'container':'c','output_config':{'effort':'low'},'output_format':{'type':'json_object'},"
            + "'messages':[{'role':'user','content':'x'}]}");

    read.origin().into(JSON.createObjectNode(), "openai-chat", losses);

    assertThat(losses.places())
        .containsExactlyInAnyOrder("container", "output_config", "output_format");
  }

  @ParameterizedTest
  @CsvSource({
    "'x-anthropic-billing-header: cc_version=2; cch=abc;', 'x-anthropic-billing-header: cc_version=2;'",
    "'x-anthropic-billing-header:abc=123;def=789',         'x-anthropic-billing-header:abc=123;def=789'",
    "'mentions cch=1;',                                    'mentions cch=1;'"
  })
  void takesTheChecksumOffABillingHeader(String system, String expected) {
    Request read = read("{'system':[{'type':'text','text':'" + system
        + "'}],'messages':[{'role':'user','content':'x'}]}");

    assertThat(((Part.Text) read.messages().get(0).parts().get(0)).text()).isEqualTo(expected);
  }

  private ObjectNode written() {
    Request request =
        new Request("m", false, messages, tools, choice, format, reasoning, settings, Origin.NONE);
    return (ObjectNode) json(DialectJson.text(dialect.request(request, losses)));
  }

  private Request read(String body) {
    return dialect.request((ObjectNode) json(body), "m", false);
  }

  private void says(Role role, Part... parts) {
    messages.add(new Message(role, List.of(parts), false, "", ELSEWHERE));
  }

  private void sets(Setting setting, String value) {
    settings.put(setting, new Given(setting.name(), json(value)));
  }

  private void thinks(String effort) {
    says(Role.USER, text("x"));
    reasoning = Optional.of(new Reasoning(
        Optional.empty(),
        effort,
        OptionalLong.empty(),
        Optional.empty(),
        elsewhere("reasoning_effort")));
  }

  private static Tool tool(String schema) {
    return new Tool.Function("f", "", json(schema), Optional.empty(), Optional.empty(), ELSEWHERE);
  }

  private static Part.Text text(String text) {
    return new Part.Text(text, Collections.emptyList(), ELSEWHERE);
  }

  private static Part call(String id, String arguments) {
    return new Part.ToolCall(id, "f", arguments, false, ELSEWHERE);
  }

  private static Part result(String id, String text) {
    return new Part.ToolResult(id, "f", List.of(text(text)), true, false, ELSEWHERE);
  }

  private static Origin elsewhere(String path) {
    return new Origin("openai-chat", path, JSON.createObjectNode());
  }

  private static JsonNode json(String json) {
    try {
      return JSON.readTree(json.replace('\'', '"'));
    } catch (IOException notJson) {
      throw new UncheckedIOException(notJson);
    }
  }
}
