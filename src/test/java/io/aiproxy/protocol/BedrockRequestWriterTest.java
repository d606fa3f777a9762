package io.aiproxy.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aiproxy.neutral.Given;
import io.aiproxy.neutral.Losses;
import io.aiproxy.neutral.Message;
import io.aiproxy.neutral.Message.Role;
import io.aiproxy.neutral.Origin;
import io.aiproxy.neutral.Part;
import io.aiproxy.neutral.Request;
import io.aiproxy.neutral.Setting;
import io.aiproxy.neutral.Signature;
import io.aiproxy.neutral.Tool;
import io.aiproxy.neutral.ToolChoice;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What clients of other protocols say. */
class BedrockRequestWriterTest {
  private static final Tool TOOL = new Tool.Function(
      "f",
      "",
      JsonNodeFactory.instance.objectNode(),
      Optional.empty(),
      Optional.empty(),
      at("tools[0]"));

  private final Losses losses = new Losses();
  private final Map<Setting, Given> settings = new HashMap<>();
  private Optional<ToolChoice> choice = Optional.empty();
  private List<Tool> tools = List.of();

  private static Origin at(String path) {
    return new Origin("openai-chat", path, JsonNodeFactory.instance.objectNode());
  }

  private static Message message(Role role, Part... parts) {
    return new Message(role, List.of(parts), false, "", at("messages[0]"));
  }

  private static Part call(String id, String arguments) {
    return new Part.ToolCall(id, "f", arguments, false, at("call"));
  }

  private static Part result(String id) {
    return new Part.ToolResult(id, "f", List.of(Part.Text.of("r")), true, false, at("result"));
  }

  private ObjectNode write(Message... messages) {
    return new BedrockConverseDialect()
        .request(
            new Request(
                "m",
                false,
                List.of(messages),
                tools,
                choice,
                Optional.empty(),
                Optional.empty(),
                settings,
                at("")),
            losses);
  }

  private static JsonNode json(String text) {
    return BedrockJson.parsed(text.replace('\'', '"'));
  }

  @Test
  void makesOneTurnOfWhatOneSideSaysInSeveralMessages() {
    ObjectNode body = write(
        message(Role.USER, Part.Text.of("a")),
        message(Role.ASSISTANT, call("x", "{}"), call("y", "{}")),
        message(Role.USER, result("x")),
        message(Role.USER, result("y")),
        message(Role.USER, Part.Text.of("b")));

    assertThat(body.path("messages").findValuesAsText("role"))
        .containsExactly("user", "assistant", "user");
    assertThat(body.path("messages").get(2).path("content")).hasSize(3);
    assertThat(losses.places()).isEmpty();
  }

  @Test
  void putsTheWordsOfTheSystemBeforeAll() {
    ObjectNode body = write(
        message(Role.SYSTEM, Part.Text.of("a")),
        message(Role.USER, Part.Text.of("b")),
        message(Role.DEVELOPER, Part.Text.of("c")));

    assertThat(body.path("system")).isEqualTo(json("[{'text':'a'},{'text':'c'}]"));
    assertThat(body.path("messages")).hasSize(1);
  }

  @Test
  void leavesOutTextsThatTheServiceRefuses() {
    ObjectNode body = write(
        message(Role.USER, Part.Text.of("a")),
        message(Role.ASSISTANT, Part.Text.of(" ")),
        message(Role.USER, Part.Text.of("b")));

    assertThat(body.path("messages")).hasSize(1);
  }

  @Test
  void givesACallAndItsResultTheSameGoodId() {
    String foreign =
        "call|with spaces and more than sixty-four characters of all sorts in it \u00e4";
    ObjectNode body = write(
        message(Role.USER, Part.Text.of("a")),
        message(Role.ASSISTANT, call(foreign, "{}")),
        message(Role.USER, result(foreign)));

    List<String> ids = body.findValuesAsText("toolUseId");
    assertThat(ids).hasSize(2).allMatch(id -> id.matches("[a-zA-Z0-9_-]{1,64}"));
    assertThat(ids.get(0)).isEqualTo(ids.get(1));
  }

  @Test
  void tellsForeignIdsApart() {
    assertThat(BedrockBlockWriter.id("a|b")).isNotEqualTo(BedrockBlockWriter.id("a/b"));
    assertThat(BedrockBlockWriter.id("call_1")).isEqualTo("call_1");
    assertThat(BedrockBlockWriter.id("")).matches("[a-zA-Z0-9_-]{1,64}");
  }

  @Test
  void offersNoToolsWhereNoneIsToBeCalled() {
    tools = List.of(TOOL);
    choice = Optional.of(new ToolChoice(ToolChoice.Mode.NONE, "", at("tool_choice")));

    assertThat(write(message(Role.USER, Part.Text.of("a"))).has("toolConfig")).isFalse();
    assertThat(losses.places()).isEmpty();
  }

  @Test
  void losesTheWishForNoCallByNameWhereEarlierCallsNeedTheirTools() {
    tools = List.of(TOOL);
    choice = Optional.of(new ToolChoice(ToolChoice.Mode.NONE, "", at("tool_choice")));

    ObjectNode body = write(
        message(Role.USER, Part.Text.of("a")),
        message(Role.ASSISTANT, call("x", "{}")),
        message(Role.USER, result("x")));

    assertThat(body.path("toolConfig").path("tools")).hasSize(1);
    assertThat(losses.places()).containsExactly("tool_choice");
  }

  @Test
  void sendsNoThoughtsOfOthers() {
    write(
        message(Role.USER, Part.Text.of("a")),
        message(
            Role.ASSISTANT,
            new Part.Thought(
                "t",
                Optional.of(new Signature("anthropic-messages", "s")),
                at("messages[1].content[0]")),
            Part.Text.of("b")));

    assertThat(losses.places()).containsExactly("messages[1].content[0]");
  }

  @Test
  void losesByNameWhatItHasNoWordFor() {
    settings.put(Setting.SEED, new Given("seed", json("7")));
    settings.put(Setting.CANDIDATES, new Given("n", json("2")));
    settings.put(Setting.MAX_TOKENS, new Given("max_tokens", json("9")));

    ObjectNode body = write(message(
        Role.USER,
        new Part.Media(
            Part.Media.Kind.IMAGE,
            "image/png",
            new Part.Source.Url("https://example.com/a.png"),
            "",
            at("image"))));

    assertThat(body.path("inferenceConfig")).isEqualTo(json("{'maxTokens':9}"));
    assertThat(losses.places()).containsExactlyInAnyOrder("image", "seed", "n");
  }

  @Test
  void namesADocumentInLettersThatTheServiceTakes() {
    ObjectNode body = write(message(Role.USER, document("report_2026  (final).pdf"), document("")));

    assertThat(body.findValuesAsText("name"))
        .containsExactly("report-2026 (final)-pdf", "document-2");
  }

  private static Part document(String name) {
    return new Part.Media(
        Part.Media.Kind.DOCUMENT,
        "application/pdf",
        new Part.Source.Data("AAAA"),
        name,
        at("document"));
  }

  @Test
  void losesArgumentsThatAreNoObject() {
    ObjectNode body =
        write(message(Role.USER, Part.Text.of("a")), message(Role.ASSISTANT, call("x", "{\"a\":")));

    assertThat(body.findValue("input")).isEqualTo(json("{}"));
    assertThat(losses.places()).containsExactly("call.arguments");
  }
}
