package io.aiproxy.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aiproxy.neutral.Delta;
import io.aiproxy.neutral.Losses;
import io.aiproxy.neutral.Message;
import io.aiproxy.neutral.Message.Role;
import io.aiproxy.neutral.Origin;
import io.aiproxy.neutral.Part;
import io.aiproxy.neutral.Part.Media;
import io.aiproxy.neutral.Part.Source;
import io.aiproxy.neutral.Request;
import io.aiproxy.neutral.Signature;
import io.aiproxy.neutral.Stop;
import io.aiproxy.neutral.Tool;
import io.aiproxy.neutral.ToolChoice;
import io.aiproxy.stream.Piece;
import io.aiproxy.stream.Transducer;
import io.aiproxy.usage.Usage;
import io.aiproxy.wire.StreamFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What Google's words become in those of others, and the other way round. */
class GeminiGenerateTermsTest {
  private final GeminiGenerateDialect gemini = new GeminiGenerateDialect();
  private final Losses losses = new Losses();

  @Test
  void findsTheCallsOfResultsByNameAndOrder() {
    Request request = read("{'contents':["
        + "{'role':'model','parts':[{'functionCall':{'name':'f'}},{'functionCall':{'name':'g'}},"
        + "{'functionCall':{'name':'f'}}]},"
        + "{'role':'user','parts':[{'functionResponse':{'name':'f','response':{}}},"
        + "{'functionResponse':{'name':'f','response':{}}},"
        + "{'functionResponse':{'name':'g','response':{}}}]}]}");

    List<String> called = request.messages().get(0).parts().stream()
        .map(part -> ((Part.ToolCall) part).id())
        .toList();
    assertThat(called).doesNotHaveDuplicates();
    assertThat(request.messages().get(1).parts())
        .extracting(part -> ((Part.ToolResult) part).id())
        .containsExactly(called.get(0), called.get(2), called.get(1));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'output':'ok'} | ok          | false",
        "{'error':'no'}  | no          | true",
        "{'a':1.0}       | {\"a\":1.0} | false",
        "{}              | {}          | false"
      })
  void readsResultsAsGoogleMeansThem(String response, String text, boolean failed) {
    Request request = read(
        "{'contents':[{'parts':[{'functionResponse':{'name':'f','response':" + response + "}}]}]}");

    Part.ToolResult result = (Part.ToolResult) request.messages().get(0).parts().get(0);
    assertThat(result.failed()).isEqualTo(failed);
    assertThat(((Part.Text) result.content().get(0)).text()).isEqualTo(text);
  }

  @Test
  void takesTheSignatureOfACallForAThoughtBeforeIt() {
    Request request = read("{'contents':[{'role':'model','parts':["
        + "{'functionCall':{'name':'f'},'thoughtSignature':'c2ln'}]}]}");

    assertThat(request.messages().get(0).parts().get(0))
        .isInstanceOfSatisfying(
            Part.Thought.class,
            thought ->
                assertThat(thought.signature()).contains(new Signature("gemini-generate", "c2ln")));
  }

  @Test
  void sendsNoSignatureOfAnother() {
    Part.Thought foreign = new Part.Thought(
        "hm",
        Optional.of(new Signature("anthropic-messages", "s")),
        new Origin("x", "messages[0].content[0]", GeminiJson.object()));

    ObjectNode written = write(assistant(foreign, call("call_1")));

    assertThat(losses.places()).containsExactly("messages[0].content[0]");
    assertThat(written.at("/contents/0/parts/0/thoughtSignature").asText())
        .isEqualTo("skip_thought_signature_validator");
  }

  @Test
  void givesSignaturesOfOthersBackAsTheyWere() {
    Signature foreign = new Signature("anthropic-messages", "a/b=:c");

    assertThat(GeminiSignature.read(GeminiSignature.written(foreign))).isEqualTo(foreign);
    assertThat(GeminiSignature.written(foreign)).matches("[A-Za-z0-9+/]+=*");
  }

  @Test
  void putsTheResultsOfOneTurnTogether() {
    ObjectNode written = write(
        assistant(call("call_1"), call("call_2")),
        new Message(Role.USER, List.of(result("call_1")), false, "", Origin.NONE),
        new Message(Role.USER, List.of(result("call_2")), false, "", Origin.NONE),
        user(Part.Text.of("go on")));

    assertThat(written.path("contents")).hasSize(3);
    assertThat(written.at("/contents/1/parts")).hasSize(2);
    assertThat(written.at("/contents/1/parts/0/functionResponse/response").toString())
        .isEqualTo("{\"output\":\"done\"}");
  }

  @Test
  void tellsNoProviderTheIdsThatAreMadeUp() {
    assertThat(write(assistant(call("call_gm_x_0")))
            .at("/contents/0/parts/0/functionCall")
            .has("id"))
        .isFalse();
    assertThat(write(assistant(call("mine")))
            .at("/contents/0/parts/0/functionCall/id")
            .asText())
        .isEqualTo("mine");
  }

  @ParameterizedTest
  @CsvSource({
    "https://example.com/a.png, false",
    "gs://bucket/a.png, true",
    "https://generativelanguage.googleapis.com/v1beta/files/abc, true"
  })
  void sendsOnlyFilesThatLieWithGoogle(String url, boolean sent) {
    Origin origin = new Origin("openai-chat", "messages[0].content[1]", GeminiJson.object());
    ObjectNode written = write(user(
        Part.Text.of("look"),
        new Media(Media.Kind.IMAGE, "image/png", new Source.Url(url), "", origin)));

    assertThat(written.at("/contents/0/parts/1/fileData/fileUri").asText())
        .isEqualTo(sent ? url : "");
    assertThat(losses.places().contains("messages[0].content[1]")).isEqualTo(!sent);
  }

  @Test
  void leavesSchemasAloneEvenCircularOnes() {
    ObjectNode schema = json("{'type':'object','properties':{'a':{'$ref':'#'}}}");
    Tool tool = new Tool.Function("f", "", schema, Optional.empty(), Optional.empty(), Origin.NONE);
    Request request = new Request(
        "m",
        false,
        List.of(user(Part.Text.of("x"))),
        List.of(tool),
        Optional.of(new ToolChoice(ToolChoice.Mode.NAMED, "f", Origin.NONE)),
        Optional.empty(),
        Optional.empty(),
        Map.of(),
        Origin.NONE);

    ObjectNode written = gemini.request(request, losses);

    assertThat(written.at("/tools/0/functionDeclarations/0/parametersJsonSchema"))
        .isEqualTo(schema);
    assertThat(written.path("toolConfig").toString())
        .isEqualTo(
            "{\"functionCallingConfig\":{\"mode\":\"ANY\",\"allowedFunctionNames\":[\"f\"]}}");
  }

  @Test
  void saysGooglesSchemasInJsonSchema() {
    assertThat(
            GeminiSchema.toJson(json("{'type':'OBJECT','property_ordering':['b','a'],'properties':{"
                    + "'a':{'type':'ARRAY','minItems':'2','items':{'type':'STRING'}},"
                    + "'b':{'type':'INTEGER','nullable':true}}}"))
                .toString())
        .isEqualTo("{\"type\":\"object\",\"properties\":{\"b\":{\"type\":[\"integer\",\"null\"]},"
            + "\"a\":{\"type\":\"array\",\"minItems\":2,\"items\":{\"type\":\"string\"}}}}");
  }

  @Test
  void namesWhatOnlyGoogleHas() {
    Request request = read(
        "{'contents':[{'parts':[{'text':'x','videoMetadata':{}}]}],"
            + "'safetySettings':[],'cachedContent':'c','generationConfig':{'speechConfig':{},'topK':1}}");

    request.origin().into(GeminiJson.object(), "openai-chat", losses);
    request
        .messages()
        .get(0)
        .parts()
        .get(0)
        .origin()
        .into(GeminiJson.object(), "openai-chat", losses);

    assertThat(losses.places())
        .containsExactlyInAnyOrder(
            "safetySettings",
            "cachedContent",
            "generationConfig.speechConfig",
            "contents[0].parts[0].videoMetadata");
  }

  @Test
  void writesAnArrayThatIsWhole() {
    String written = encode(StreamFormat.JSON_ARRAY);

    JsonNode array = parse(written);
    assertThat(array).hasSize(3);
    assertThat(array.get(0).at("/candidates/0/content/parts/0/text").asText()).isEqualTo("hi");
    assertThat(
            array.get(1).at("/candidates/0/content/parts/0/functionCall/args/a").asInt())
        .isEqualTo(1);
    assertThat(array.get(2).at("/candidates/0/finishReason").asText()).isEqualTo("STOP");
    assertThat(array.get(2).at("/usageMetadata").toString())
        .isEqualTo("{\"promptTokenCount\":5,\"candidatesTokenCount\":2,\"totalTokenCount\":10,"
            + "\"thoughtsTokenCount\":3}");
  }

  @Test
  void writesEventsAsGoogleDoes() {
    assertThat(encode(StreamFormat.SSE).split("\r\n\r\n"))
        .hasSize(3)
        .allMatch(event -> event.startsWith("data: {\"candidates\":[{\"index\":0"));
  }

  private String encode(StreamFormat format) {
    Transducer<Delta, Piece> encoder = gemini.encoder(read("{'contents':[{}]}"), format);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    List.of(
            new Delta.Begun("r", "m", 0),
            new Delta.Opened(0, 0, Part.Text.of("")),
            new Delta.Grown(0, 0, Delta.Growth.TEXT, "hi"),
            new Delta.Closed(0, 0),
            new Delta.Opened(0, 1, new Part.ToolCall("c", "f", "", false, Origin.NONE)),
            new Delta.Grown(0, 1, Delta.Growth.ARGUMENTS, "{\"a\""),
            new Delta.Grown(0, 1, Delta.Growth.ARGUMENTS, ":1}"),
            new Delta.Closed(0, 1),
            new Delta.Stopped(0, Stop.of(Stop.Reason.TOOL_CALLS)),
            new Delta.Counted(new Usage(5, 5, 10, Usage.ABSENT, Usage.ABSENT, 3, true)),
            new Delta.Ended())
        .forEach(delta ->
            encoder.next(delta, piece -> out.write(piece.array(), piece.offset(), piece.length())));
    return out.toString(UTF_8);
  }

  private ObjectNode write(Message... messages) {
    return gemini.request(
        new Request(
            "m",
            false,
            List.of(messages),
            List.of(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Map.of(),
            Origin.NONE),
        losses);
  }

  private static Message user(Part... parts) {
    return new Message(Role.USER, List.of(parts), false, "", Origin.NONE);
  }

  private static Message assistant(Part... parts) {
    return new Message(Role.ASSISTANT, List.of(parts), false, "", Origin.NONE);
  }

  private static Part call(String id) {
    return new Part.ToolCall(id, "f", "{}", false, Origin.NONE);
  }

  private static Part result(String id) {
    return new Part.ToolResult(id, "f", List.of(Part.Text.of("done")), true, false, Origin.NONE);
  }

  private Request read(String body) {
    return gemini.request(json(body), "m", false);
  }

  private static ObjectNode json(String text) {
    return (ObjectNode) parse(text.replace('\'', '"'));
  }

  private static JsonNode parse(String text) {
    try {
      return GeminiPartWriter.JSON.readTree(text);
    } catch (IOException notJson) {
      throw new UncheckedIOException(notJson);
    }
  }
}
