package io.aiproxy.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that no recording has, and what becomes of those of Anthropic's clients. */
class OpenAiChatRequestsTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final OpenAiChatDialect DIALECT = new OpenAiChatDialect();

  private final Losses losses = new Losses();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'messages':[{'role':'user','content':[{'type':'image_url','image_url':{'url':'data:image/png;base64,AA==','detail':'low'}}]}]}",
        "{'messages':[{'role':'user','content':[{'type':'image_url','image_url':'https://x/y.png'}]}]}",
        "{'messages':[{'role':'user','content':[{'type':'input_audio','input_audio':{'data':'AA==','format':'mp3'}}]}]}",
        "{'messages':[{'role':'user','content':[{'type':'file','file':{'file_id':'f'}},{'type':'file','file':{'file_data':'AA==','filename':'a.pdf'}}]}]}",
        "{'messages':[{'role':'user','content':[{'type':'video_url','video_url':{'url':'https://x'}},{'type':'odd','x':1}]}]}",
        "{'messages':[{'role':'user','content':[{'type':'text','text':'a','cache_control':{'type':'ephemeral','ttl':'1h'}}]}]}",
        "{'messages':[{'role':'developer','content':'d'},{'role':'user','name':'bob','content':''}]}",
        "{'messages':[{'role':'assistant','content':[{'type':'text','text':'a'},{'type':'refusal','refusal':'b'}]}]}",
        "{'messages':[{'role':'assistant','content':null,'refusal':'no'},{'role':'assistant','content':'','audio':{'id':'a'}}]}",
        "{'messages':[{'role':'assistant','content':[{'type':'thinking','thinking':[{'type':'text','text':'t'}]},{'type':'text','text':'a'}]}]}",
        "{'messages':[{'role':'assistant','reasoning':'why','content':'a'}]}",
        "{'messages':[{'role':'assistant','tool_calls':[{'id':'c','type':'function','function':{'name':'f','arguments':'{}'},'extra_content':{'google':{'thought_signature':'s'}}}]},{'role':'tool','tool_call_id':'c','content':[{'type':'text','text':'r'}]}]}",
        "{'messages':[{'role':'assistant','tool_calls':[{'id':'c','type':'custom','custom':{'name':'f','input':'x y'}}]},{'role':'tool','tool_call_id':'c','content':'r'}]}",
        "{'messages':[{'role':'assistant','content':null,'function_call':{'name':'f','arguments':'{}'}},{'role':'function','name':'f','content':'r'}],'functions':[{'name':'f','parameters':{}}],'function_call':{'name':'f'}}",
        "{'messages':[],'tools':[{'type':'function','function':{'name':'f','strict':true}}],'tool_choice':{'type':'function','function':{'name':'f'}},'parallel_tool_calls':false}",
        "{'messages':[],'tools':[{'type':'custom','custom':{'name':'f','format':{'type':'text'}}}],'tool_choice':{'type':'custom','custom':{'name':'f'}}}",
        "{'messages':[],'tool_choice':{'type':'allowed_tools','allowed_tools':{'mode':'required','tools':[{'type':'function'}]}}}",
        "{'messages':[],'response_format':{'type':'json_schema','json_schema':{'name':'n','description':'d','schema':{'type':'object'},'strict':true}}}",
        "{'messages':[],'response_format':{'type':'json_object'},'reasoning_effort':'none','reasoning':{'summary':'x'}}",
        "{'messages':[],'reasoning':{'max_tokens':7,'exclude':true},'max_tokens':1,'max_completion_tokens':2,'user':'a','safety_identifier':'b'}",
        "{'messages':[],'stop':['a','b'],'n':2,'logprobs':true,'top_logprobs':3,'seed':1,'metadata':{'a':'b'},'store':false,'logit_bias':{'1':-1}}",
        "{'messages':[],'stream':true,'stream_options':{'include_usage':true,'include_obfuscation':false},'modalities':['text']}"
      })
  void writesAgainAllThatChatCanSay(String request) {
    ObjectNode body = json(request);

    assertThat(json(DIALECT.request(read(body), losses).toString())).isEqualTo(body);
    assertThat(losses.places()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | messages",
        "{'messages':1} | messages",
        "{'messages':[1]} | messages[0]",
        "{'messages':[{}]} | messages[0].role",
        "{'messages':[{'role':'king'}]} | messages[0].role",
        "{'messages':[{'role':'user'}]} | messages[0].content",
        "{'messages':[{'role':'user','content':7}]} | messages[0].content",
        "{'messages':[{'role':'user','content':['a']}]} | messages[0].content[0]",
        "{'messages':[{'role':'user','content':[{'type':'text'}]}]} | messages[0].content[0].text",
        "{'messages':[{'role':'user','content':[{'type':'image_url','image_url':{}}]}]} | messages[0].content[0].image_url.url",
        "{'messages':[{'role':'tool','content':'a'}]} | messages[0].tool_call_id",
        "{'messages':[{'role':'assistant','tool_calls':[{'id':'c'}]}]} | messages[0].tool_calls[0].function",
        "{'messages':[],'tools':[{'type':'function'}]} | tools[0].function",
        "{'messages':[],'tool_choice':'perhaps'} | tool_choice",
        "{'messages':[],'response_format':{}} | response_format.type",
        "{'messages':[],'max_tokens':'many'} | max_tokens",
        "{'messages':[],'stop':[1]} | stop[0]",
        "{'messages':[],'stream_options':{'include_usage':1}} | stream_options.include_usage"
      })
  void namesThePlaceOfWhatIsMalformed(String request, String place) {
    ObjectNode body = json(request);

    Problem problem = catchThrowableOfType(Problem.class, () -> read(body));

    assertThat(problem.param()).isEqualTo(place);
    assertThat(problem.kind()).isEqualTo(Problem.Kind.INVALID_REQUEST);
  }

  @Test
  void findsTheNameOfTheToolForItsResult() {
    Request request = read(json("{'messages':[{'role':'assistant','tool_calls':[{'id':'c',"
        + "'type':'function','function':{'name':'f','arguments':''}}]},"
        + "{'role':'tool','tool_call_id':'c','content':'r'}]}"));

    assertThat(request.messages().get(1).parts())
        .singleElement()
        .isInstanceOfSatisfying(
            Part.ToolResult.class, result -> assertThat(result.name()).isEqualTo("f"));
  }

  @Test
  void readsOnlyThoughtsThatOthersHaveSigned() {
    Request request = read(json("{'messages':[{'role':'assistant','content':'a','reasoning':'b',"
        + "'reasoning_details':[{'type':'reasoning.text','text':'b',"
        + "'signature':'ai-proxy:anthropic-messages:s'}]}]}"));

    assertThat(request.messages().get(0).parts().get(0))
        .isInstanceOfSatisfying(
            Part.Thought.class,
            thought ->
                assertThat(thought.signature()).contains(new Signature("anthropic-messages", "s")));
    assertThat(DIALECT.request(request, losses).toString()).doesNotContain("reasoning");
    assertThat(losses.places()).containsExactly("messages[0].reasoning_details[0]");
  }

  @Test
  void writesContentOfOthersInTheShapeThatEachRoleHas() {
    Origin origin = foreign("messages[0]");
    Request request = request(List.of(
        message(Role.SYSTEM, text("a"), text("b")),
        message(Role.USER, text("c")),
        message(
            Role.ASSISTANT,
            new Part.Thought("t", Optional.of(new Signature("anthropic-messages", "s")), origin),
            text("x"),
            text("y")),
        message(
            Role.USER,
            text("d"),
            new Part.ToolResult("c1", "f", List.of(text("r"), text("s")), false, true, origin)),
        new Message(Role.USER, List.of(text("z")), true, "", origin)));

    assertThat(messages(request))
        .isEqualTo(tree("[{'role':'system','content':'ab'},"
            + "{'role':'user','content':[{'type':'text','text':'c'}]},"
            + "{'role':'assistant','content':'xy'},"
            + "{'role':'tool','tool_call_id':'c1','content':'rs'},"
            + "{'role':'user','content':[{'type':'text','text':'d'}]},"
            + "{'role':'user','content':'z'}]"));
    assertThat(losses.places()).containsExactly("messages[0]", "messages[0].is_error");
  }

  @Test
  void putsADocumentOfAnthropicsWhereApisixDoes() {
    Part document = new Part.Media(
        Part.Media.Kind.DOCUMENT,
        "application/pdf",
        new Part.Source.Data("JVBER"),
        "",
        foreign("messages[0].content[0]"));

    assertThat(messages(request(List.of(message(Role.USER, document)))))
        .isEqualTo(tree("[{'role':'user','content':[{'type':'image_url','image_url':"
            + "{'url':'data:application/pdf;base64,JVBER'}}]}]"));
  }

  @Test
  void takesTheChecksumOutOfTheInstructionsOfACodingClient() {
    Request request = request(List.of(
        message(Role.SYSTEM, text("x-anthropic-billing-header: cc_version=1; cch=a1b2; x=1"))));

    assertThat(messages(request).get(0).path("content").asText())
        .isEqualTo("x-anthropic-billing-header: cc_version=1; x=1");
  }

  @ParameterizedTest
  @CsvSource({"0, minimal", "1023, minimal", "1024, low", "2047, low", "2048, medium", "4096, high"
  })
  void makesAnEffortOfABudget(long budget, String effort) {
    Reasoning reasoning = new Reasoning(
        Optional.of(true), "", OptionalLong.of(budget), Optional.empty(), foreign("thinking"));

    assertThat(written(Optional.empty(), Optional.of(reasoning))
            .path("reasoning_effort")
            .asText())
        .isEqualTo(effort);
  }

  @Test
  void makesASchemaOfAnthropicsStrict() {
    JsonNode schema = tree("{'type':'object','properties':{'b':{'type':'array','items':"
        + "{'type':'object','properties':{'c':{}}}},'a':{}}}");
    Format format =
        new Format(Format.Kind.SCHEMA, "", "", schema, Optional.empty(), foreign("output_format"));

    assertThat(written(Optional.of(format), Optional.empty()).path("response_format"))
        .isEqualTo(tree("{'type':'json_schema','json_schema':{'name':'structured_output',"
            + "'strict':true,'schema':{'type':'object','properties':{'b':{'type':'array','items':"
            + "{'type':'object','properties':{'c':{}},'additionalProperties':false,"
            + "'required':['c']}},'a':{}},'additionalProperties':false,'required':['a','b']}}}"));
  }

  @Test
  void asksForTheUsageOfAStreamAndNamesTheSettingsAsOpenAiDoes() {
    Map<Setting, Given> settings = Map.of(
        Setting.MAX_TOKENS, new Given("max_tokens", JSON.getNodeFactory().numberNode(7)),
        Setting.TOP_K, new Given("top_k", JSON.getNodeFactory().numberNode(3)),
        Setting.USER, new Given("metadata.user_id", JSON.getNodeFactory().textNode("u")));
    Request request = new Request(
        "m",
        true,
        List.of(),
        List.of(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        settings,
        foreign(""));

    assertThat(DIALECT.request(request, losses))
        .isEqualTo(tree("{'model':'m','messages':[],'max_completion_tokens':7,'user':'u',"
            + "'stream':true,'stream_options':{'include_usage':true}}"));
    assertThat(losses.places()).containsExactly("top_k");
  }

  private ObjectNode written(Optional<Format> format, Optional<Reasoning> reasoning) {
    return DIALECT.request(
        request(List.of(), List.of(), Optional.empty(), format, reasoning), losses);
  }

  private JsonNode messages(Request request) {
    return DIALECT.request(request, losses).path("messages");
  }

  private static Request request(List<Message> messages) {
    return request(messages, List.of(), Optional.empty(), Optional.empty(), Optional.empty());
  }

  private static Request request(
      List<Message> messages,
      List<Tool> tools,
      Optional<ToolChoice> choice,
      Optional<Format> format,
      Optional<Reasoning> reasoning) {
    return new Request(
        "m", false, messages, tools, choice, format, reasoning, Map.of(), foreign(""));
  }

  private static Message message(Role role, Part... parts) {
    return new Message(role, List.of(parts), false, "", foreign("messages[0]"));
  }

  private static Part text(String text) {
    return new Part.Text(text, List.of(), foreign("messages[0].content[0]"));
  }

  private static Origin foreign(String path) {
    return new Origin("anthropic-messages", path, JSON.createObjectNode());
  }

  private static Request read(ObjectNode body) {
    return DIALECT.request(
        body, body.path("model").asText(), body.path("stream").asBoolean());
  }

  private static ObjectNode json(String text) {
    return (ObjectNode) tree(text);
  }

  private static JsonNode tree(String text) {
    try {
      return JSON.readTree(text.replace('\'', '"'));
    } catch (java.io.IOException bad) {
      return MissingNode.getInstance();
    }
  }
}
