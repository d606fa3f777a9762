package io.aiproxy.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.groups.Tuple.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aiproxy.call.Problem;
import io.aiproxy.neutral.Chat;
import io.aiproxy.neutral.Delta;
import io.aiproxy.neutral.Given;
import io.aiproxy.neutral.Logprob;
import io.aiproxy.neutral.Losses;
import io.aiproxy.neutral.Message;
import io.aiproxy.neutral.Message.Role;
import io.aiproxy.neutral.Origin;
import io.aiproxy.neutral.Part;
import io.aiproxy.neutral.Request;
import io.aiproxy.neutral.Response;
import io.aiproxy.neutral.Setting;
import io.aiproxy.neutral.Signature;
import io.aiproxy.neutral.Stop;
import io.aiproxy.neutral.Tool;
import io.aiproxy.stream.Piece;
import io.aiproxy.stream.Transducer;
import io.aiproxy.testing.DialectContract;
import io.aiproxy.testing.Heard;
import io.aiproxy.testing.Recording;
import io.aiproxy.usage.Usage;
import io.aiproxy.wire.Event;
import io.aiproxy.wire.StreamFormat;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class OpenAiResponsesDialectTest extends DialectContract {
  private static final Chat DIALECT = new OpenAiResponsesDialect();
  private static final Origin ELSEWHERE = new Origin("other", "there", Origin.NONE.rest());

  @Override
  protected Chat dialect() {
    return DIALECT;
  }

  /** Items are numbered anew. */
  @Override
  protected JsonNode comparableAnswer(ObjectNode answer) {
    return MissingNode.getInstance();
  }

  /** What was not counted is zero. */
  @Override
  protected Heard comparable(Heard heard) {
    Usage usage = heard.usage();
    Usage counted = new Usage(
        usage.prompt(),
        usage.completion(),
        usage.total(),
        Usage.orZero(usage.cacheRead()),
        Usage.orZero(usage.cacheWrite()),
        Usage.orZero(usage.reasoning()),
        usage.promptIncludesCache());
    return new Heard(heard.model(), heard.voices(), counted, heard.ended(), heard.failure());
  }

  /** A reason says more than the status. */
  @Override
  protected List<String> expectedStops(Recording recording) {
    return super.expectedStops(recording).stream()
        .map(stop -> stop.replaceFirst("^incomplete:", ""))
        .toList();
  }

  @Test
  void takesInstructionsForTheSystems() {
    Request read = read("{'instructions':'be brief','input':'hi'}");

    assertThat(read.messages()).extracting(Message::role).containsExactly(Role.SYSTEM, Role.USER);
    assertThat(text(read.messages().get(0))).isEqualTo("be brief");
  }

  @Test
  void putsAllThatAModelSaysInOneTurnIntoOneMessage() {
    Request read = read("{'input':[{'role':'user','content':'hi'},"
        + "{'type':'reasoning','id':'rs','summary':[],'encrypted_content':'e'},"
        + "{'type':'message','role':'assistant','content':[{'type':'output_text','text':'I look'}]},"
        + "{'type':'function_call','call_id':'a','name':'f','arguments':'{}'},"
        + "{'type':'function_call','call_id':'b','name':'g','arguments':'{}'},"
        + "{'type':'function_call_output','call_id':'a','output':'1'},"
        + "{'type':'function_call_output','call_id':'b','output':'2'}]}");

    assertThat(read.messages())
        .extracting(Message::role)
        .containsExactly(Role.USER, Role.ASSISTANT, Role.USER);
    assertThat(read.messages().get(1).parts()).hasSize(4);
    assertThat(read.messages().get(2).parts())
        .extracting(part -> ((Part.ToolResult) part).name())
        .containsExactly("f", "g");
  }

  @Test
  void keepsMessagesOfTheUserApart() {
    Request read = read("{'input':[{'role':'user','content':'a'},{'role':'user','content':'b'}]}");

    assertThat(read.messages()).hasSize(2);
  }

  @Test
  void namesWhatOnlyThisProtocolSaysByItsPlace() {
    Request read = read("{'input':[{'type':'message','role':'user','x':1,'content':["
        + "{'type':'input_image','image_url':'http://a/b.png','detail':'high'}]}],"
        + "'text':{'verbosity':'low'},'truncation':'auto','max_tool_calls':3}");
    Losses losses = new Losses();
    read.origin().into(object("{}"), "other", losses);
    read.messages().forEach(message -> {
      message.origin().into(object("{}"), "other", losses);
      message.parts().forEach(part -> part.origin().into(object("{}"), "other", losses));
    });

    assertThat(losses.places())
        .containsExactlyInAnyOrder(
            "truncation",
            "max_tool_calls",
            "text.verbosity",
            "input[0].x",
            "input[0].content[0].detail");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'id':'x','status':'completed'",
        "'truncation':'disabled'",
        "'include':['reasoning.encrypted_content','message.output_text.logprobs']",
        "'background':false,'x':null",
        "'stream_options':{'include_obfuscation':false}"
      })
  void countsNoLossWhereNothingIsLost(String members) {
    boolean ofItem = members.startsWith("'id'");
    Request read = read(
        ofItem
            ? "{'input':[{'role':'assistant','content':'a'," + members + "}]}"
            : "{'input':'x'," + members + "}");
    Losses losses = new Losses();
    read.origin().into(object("{}"), "other", losses);
    read.messages().forEach(message -> message.origin().into(object("{}"), "other", losses));

    assertThat(losses.places()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "previous_response_id | 'input':'x','previous_response_id':'resp_1'",
        "conversation | 'input':'x','conversation':{'id':'c'}",
        "prompt | 'input':'x','prompt':{'id':'p'}",
        "background | 'input':'x','background':true",
        "input[1] | 'input':[{'role':'user','content':'x'},{'type':'item_reference','id':'i'}]",
      })
  void doesNotStandAloneIfItLeansOnWhatItsProviderKeeps(String place, String members) {
    Request read = read("{" + members + "}");

    Problem refused = catchThrowableOfType(Problem.class, () -> DIALECT.checkStandsAlone(read));

    assertThat(refused.kind()).isEqualTo(Problem.Kind.INVALID_REQUEST);
    assertThat(refused.param()).isEqualTo(place);
  }

  @Test
  void standsAloneIfNothingIsKept() {
    DIALECT.checkStandsAlone(
        read("{'input':'x','previous_response_id':null,'background':false,'store':true}"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "input | 'input':7",
        "input[0] | 'input':['x']",
        "input[0].role | 'input':[{'role':'king','content':'x'}]",
        "input[0].content[0] | 'input':[{'role':'user','content':['x']}]",
        "tools[0] | 'input':'x','tools':[1]",
        "tool_choice | 'input':'x','tool_choice':'maybe'",
        "instructions | 'input':'x','instructions':[]",
      })
  void refusesWhatCannotBeRead(String place, String members) {
    Problem refused = catchThrowableOfType(Problem.class, () -> read("{" + members + "}"));

    assertThat(refused.param()).isEqualTo(place);
  }

  @Test
  void writesAConversationOfAnotherProtocol() {
    ObjectNode written = written(
        new Losses(),
        said(Role.SYSTEM, Part.Text.of("be brief")),
        said(
            Role.USER,
            Part.Text.of("hi"),
            new Part.Media(
                Part.Media.Kind.IMAGE, "image/png", new Part.Source.Data("AA=="), "", ELSEWHERE)),
        said(Role.ASSISTANT, Part.Text.of("I look"), call("a"), call("b")),
        said(Role.USER, result("a", "1"), result("b", "2"), Part.Text.of("and now?")));

    assertThat(written)
        .isEqualTo(object("{'model':'m','instructions':'be brief','input':["
            + "{'role':'user','content':[{'type':'input_text','text':'hi'},"
            + "{'image_url':'data:image/png;base64,AA==','type':'input_image'}]},"
            + "{'role':'assistant','content':[{'type':'output_text','text':'I look','annotations':[]}]},"
            + "{'type':'function_call','call_id':'a','name':'f','arguments':'{}'},"
            + "{'type':'function_call','call_id':'b','name':'f','arguments':'{}'},"
            + "{'type':'function_call_output','call_id':'a','output':'1'},"
            + "{'type':'function_call_output','call_id':'b','output':'2'},"
            + "{'role':'user','content':[{'type':'input_text','text':'and now?'}]}],"
            + "'store':false}"));
  }

  @Test
  void saysThatASchemaIsNotStrictWhereNobodySaidThatItIs() {
    ObjectNode written = DIALECT.request(
        new Request(
            "m",
            false,
            List.of(),
            List.of(new Tool.Function(
                "f", "", object("{}"), Optional.empty(), Optional.empty(), ELSEWHERE)),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Map.of(),
            ELSEWHERE),
        new Losses());

    assertThat(written.path("tools").get(0).path("strict").isBoolean()).isTrue();
    assertThat(written.path("tools").get(0).path("strict").asBoolean()).isFalse();
  }

  @Test
  void namesEachSettingThatItHasNoWordFor() {
    Losses losses = new Losses();
    Request request = new Request(
        "m",
        false,
        List.of(),
        List.of(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Map.of(
            Setting.SEED, new Given("seed", JSON.valueToTree(7)),
            Setting.STOP, new Given("stop", JSON.valueToTree(List.of("x"))),
            Setting.CANDIDATES, new Given("n", JSON.valueToTree(1)),
            Setting.MAX_TOKENS, new Given("max_tokens", JSON.valueToTree(9))),
        ELSEWHERE);

    ObjectNode written = DIALECT.request(request, losses);

    assertThat(losses.places()).containsExactlyInAnyOrder("seed", "stop");
    assertThat(written.path("max_output_tokens").asInt()).isEqualTo(9);
  }

  @Test
  void sendsNobodyElsesThoughts() {
    Losses losses = new Losses();
    Signature foreign = new Signature("anthropic-messages", "s");

    ObjectNode written = written(
        losses,
        said(Role.ASSISTANT, new Part.Thought("hm", Optional.of(foreign), ELSEWHERE)),
        said(Role.USER, Part.Text.of("hi")));

    assertThat(written.path("input")).hasSize(1);
    assertThat(losses.places()).containsExactly("there");
  }

  @Test
  void sendsItsOwnThoughtsBack() {
    Signature own = Signature.from("ai-proxy:openai-responses:e", "anthropic-messages");

    ObjectNode written = written(
        new Losses(), said(Role.ASSISTANT, new Part.Thought("hm", Optional.of(own), ELSEWHERE)));

    assertThat(written.path("input").get(0))
        .isEqualTo(object("{'type':'reasoning',"
            + "'summary':[{'type':'summary_text','text':'hm'}],'encrypted_content':'e'}"));
  }

  @Test
  void takesAFailedAnswerForAnError() {
    Problem failed = catchThrowableOfType(
        Problem.class,
        () -> DIALECT.answer(object(
            "{'status':'failed','output':[],'error':{'code':'server_error','message':'oops'}}")));

    assertThat(failed.kind()).isEqualTo(Problem.Kind.UPSTREAM_ERROR);
    assertThat(failed.message()).isEqualTo("oops");
  }

  @ParameterizedTest
  @CsvSource({
    "END, completed, ''",
    "TOOL_CALLS, completed, ''",
    "STOP_SEQUENCE, completed, ''",
    "MAX_TOKENS, incomplete, max_output_tokens",
    "FILTERED, incomplete, content_filter",
    "REFUSED, incomplete, content_filter"
  })
  void saysWhyAnAnswerEnded(Stop.Reason reason, String status, String why) {
    ObjectNode written = answer(List.of(Part.Text.of("a")), reason);

    assertThat(written.path("status").asText()).isEqualTo(status);
    assertThat(written.path("incomplete_details").path("reason").asText()).isEqualTo(why);
  }

  @Test
  void countsCachedTokensAmongThoseRead() {
    ObjectNode written = DIALECT.answer(
        new Response(
            "x", "m", 1, List.of(), new Usage(10, 5, Usage.ABSENT, 100, 7, 2, false), ELSEWHERE),
        read("{'input':'x'}"),
        new Losses());

    assertThat(object(written.path("usage").toString()))
        .isEqualTo(
            object(
                "{'input_tokens':117,"
                    + "'input_tokens_details':{'cached_tokens':100,'cache_write_tokens':7},"
                    + "'output_tokens':5,'output_tokens_details':{'reasoning_tokens':2},'total_tokens':122}"));
  }

  @Test
  void saysAgainWhatWasAsked() {
    ObjectNode written = DIALECT.answer(
        new Response("x", "m", 1, List.of(), Usage.NONE, ELSEWHERE),
        read("{'input':'x','instructions':'i','temperature':0.5,'metadata':{'a':'b'},"
            + "'tools':[{'type':'function','name':'f','parameters':{}}],'tool_choice':'required'}"),
        new Losses());

    assertThat(written.path("instructions").asText()).isEqualTo("i");
    assertThat(written.path("temperature").asDouble()).isEqualTo(0.5);
    assertThat(written.path("metadata")).isEqualTo(object("{'a':'b'}"));
    assertThat(written.path("tools")).hasSize(1);
    assertThat(written.path("tool_choice").asText()).isEqualTo("required");
  }

  @Test
  void tellsAStreamInTheOrderThatClientsExpect() {
    List<String> types = events(
            read("{'input':'x','stream':true}"),
            new Delta.Begun("1", "m", 1),
            new Delta.Opened(0, 0, Part.Text.of("")),
            new Delta.Grown(0, 0, Delta.Growth.TEXT, "he"),
            new Delta.Closed(0, 0),
            new Delta.Opened(0, 1, call("c", "")),
            new Delta.Grown(0, 1, Delta.Growth.ARGUMENTS, "{}"),
            new Delta.Closed(0, 1),
            new Delta.Stopped(0, Stop.of(Stop.Reason.TOOL_CALLS)),
            new Delta.Counted(Usage.of(1, 2)),
            new Delta.Ended())
        .stream()
        .map(event -> event.path("type").asText().replace("response.", ""))
        .toList();

    assertThat(types)
        .containsExactly(
            "created",
            "in_progress",
            "output_item.added",
            "content_part.added",
            "output_text.delta",
            "output_text.done",
            "content_part.done",
            "output_item.done",
            "output_item.added",
            "function_call_arguments.delta",
            "function_call_arguments.done",
            "output_item.done",
            "completed");
  }

  @Test
  void numbersTheEventsOfAStream() {
    List<JsonNode> events = events(
        read("{'input':'x'}"),
        new Delta.Begun("1", "m", 1),
        new Delta.Opened(0, 0, Part.Text.of("he")),
        new Delta.Closed(0, 0),
        new Delta.Ended());

    for (int i = 0; i < events.size(); i++) {
      assertThat(events.get(i).path("sequence_number").asInt()).isEqualTo(i);
    }
  }

  @Test
  void saysTheProbabilitiesOfTokensWithThem() {
    List<JsonNode> events = events(
        read("{'input':'x','include':['message.output_text.logprobs']}"),
        new Delta.Begun("1", "m", 1),
        new Delta.Opened(0, 0, Part.Text.of("")),
        new Delta.Grown(0, 0, Delta.Growth.TEXT, "a"),
        new Delta.Weighed(0, 0, List.of(new Logprob("a", -0.5, List.of()))),
        new Delta.Closed(0, 0),
        new Delta.Ended());

    assertThat(events.stream()
            .filter(event -> event.path("type").asText().endsWith("text.delta"))
            .map(event -> event.path("logprobs").get(0).path("logprob").asDouble()))
        .containsExactly(-0.5);
  }

  static Stream<Recording> streamsOfOthers() {
    return Stream.of("anthropic-messages", "gemini-generate")
        .flatMap(Recording::of)
        .filter(recording -> recording.streaming() && recording.status() == 200)
        .filter(recording -> recording.expected().path("error").isNull());
  }

  @ParameterizedTest
  @MethodSource("streamsOfOthers")
  void saysWhatAnotherProtocolSays(Recording recording) {
    Chat other = (Chat) Protocols.dialect(recording.protocol()).orElseThrow();
    List<Delta> deltas = deltas(other, recording.body());
    StringBuilder written = new StringBuilder();
    Transducer<Delta, Piece> encoder =
        DIALECT.encoder(read("{'input':'x','stream':true}"), StreamFormat.SSE);
    deltas.forEach(delta -> encoder.next(
        delta,
        piece -> written.append(
            new String(piece.array(), piece.offset(), piece.length(), StandardCharsets.UTF_8))));

    Heard told = Heard.of(deltas(DIALECT, written.toString().getBytes(StandardCharsets.UTF_8)));
    Heard heard = Heard.of(deltas);

    assertThat(told.text()).isEqualTo(heard.text());
    assertThat(told.toolNames()).isEqualTo(heard.toolNames());
    assertThat(told.ended()).isEqualTo(heard.ended());
    assertThat(told.usage().completion()).isEqualTo(Usage.orZero(heard.usage().completion()));
  }

  private static List<Delta> deltas(Chat dialect, byte[] body) {
    Transducer<Event, Delta> decoder = dialect.decoder();
    List<Delta> deltas = new ArrayList<>();
    Transducer<ByteBuffer, Piece> cutter = StreamFormat.SSE.decoder();
    Consumer<Piece> each = piece -> {
      if (piece instanceof Event event && event.hasData()) {
        decoder.next(event, deltas::add);
      }
    };
    cutter.next(ByteBuffer.wrap(body), each);
    cutter.end(each);
    decoder.end(deltas::add);
    return deltas;
  }

  @Test
  void putsItemsThatComeAtOnceOneBehindTheOther() {
    Heard heard = heard(
        "{'type':'response.created','response':{'id':'r','model':'m','created_at':1}}",
        added(0, "a"),
        added(1, "b"),
        arguments(1, "[1"),
        arguments(0, "[0"),
        arguments(1, ",1]"),
        done(1, "b", "[1,1]"),
        arguments(0, ",0]"),
        done(0, "a", "[0,0]"),
        "{'type':'response.completed','response':{'status':'completed'}}");

    assertThat(heard.calls())
        .extracting(Heard.Called::id, Heard.Called::arguments)
        .containsExactly(tuple("a", "[0,0]"), tuple("b", "[1,1]"));
  }

  @Test
  void readsArgumentsThatComeOnlyWhenTheyAreWhole() {
    Heard heard = heard(
        added(0, "a"),
        done(0, "a", "{'x':1}".replace("'", "\\\"")),
        "{'type':'response.completed','response':{'status':'completed'}}");

    assertThat(heard.calls().get(0).arguments()).isEqualTo("{\"x\":1}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'type':'response.output_text.delta','delta':'hello'}",
        "{'type':'response.output_text.done','output_index':0,'content_index':0,'text':'hello'}",
        "{'type':'response.output_item.done','output_index':0,'item':"
            + "{'type':'message','content':[{'type':'output_text','text':'hello'}]}}",
        "{'type':'response.unknown'}"
      })
  void readsATextWhateverEventsComeOfIt(String event) {
    String output = "[{'type':'message','content':[{'type':'output_text','text':'hello'}]}]";

    Heard heard = heard(
        event,
        "{'type':'response.completed','response':{'status':'completed','output':" + output + "}}");

    assertThat(heard.text()).isEqualTo("hello");
    assertThat(heard.ended()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'type':'error','code':'rate_limit_exceeded','message':'slow'}",
        "{'type':'error','error':{'type':'x','code':'rate_limit_exceeded','message':'slow'}}",
        "{'type':'response.failed','response':{'error':{'code':'rate_limit_exceeded','message':'slow'}}}"
      })
  void readsWhatWentWrongWithAStream(String event) {
    Heard heard = heard(event, event);

    assertThat(heard.failure()).isPresent();
    assertThat(heard.failure().orElseThrow().message()).isEqualTo("slow");
    assertThat(heard.failure().orElseThrow().status()).isEqualTo(429);
  }

  private Heard heard(String... events) {
    StringBuilder stream = new StringBuilder();
    for (String event : events) {
      stream.append("data: ").append(event.replace('\'', '"')).append("\n\n");
    }
    return Heard.of(decode(stream.toString().getBytes(StandardCharsets.UTF_8), StreamFormat.SSE));
  }

  private static String added(int index, String id) {
    return "{'type':'response.output_item.added','output_index':" + index
        + ",'item':{'type':'function_call','call_id':'" + id + "','name':'f','arguments':''}}";
  }

  private static String arguments(int index, String more) {
    return "{'type':'response.function_call_arguments.delta','output_index':" + index + ",'delta':'"
        + more + "'}";
  }

  private static String done(int index, String id, String whole) {
    return "{'type':'response.output_item.done','output_index':" + index
        + ",'item':{'type':'function_call','call_id':'" + id + "','name':'f','arguments':'"
        + whole + "'}}";
  }

  private static List<JsonNode> events(Request asked, Delta... deltas) {
    Transducer<Delta, Piece> encoder = DIALECT.encoder(asked, StreamFormat.SSE);
    List<JsonNode> events = new ArrayList<>();
    for (Delta delta : deltas) {
      encoder.next(delta, piece -> {
        String text =
            new String(piece.array(), piece.offset(), piece.length(), StandardCharsets.UTF_8);
        events.add(object(text.substring(text.indexOf("data: ") + "data: ".length())));
      });
    }
    return events;
  }

  private static ObjectNode answer(List<Part> parts, Stop.Reason reason) {
    Response response = new Response(
        "x",
        "m",
        1,
        List.of(new Response.Candidate(parts, Stop.of(reason), List.of(), ELSEWHERE)),
        Usage.NONE,
        ELSEWHERE);
    return DIALECT.answer(response, read("{'input':'x'}"), new Losses());
  }

  private static ObjectNode written(Losses losses, Message... messages) {
    return DIALECT.request(
        new Request(
            "m",
            false,
            List.of(messages),
            List.of(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Map.of(),
            ELSEWHERE),
        losses);
  }

  private static Message said(Role role, Part... parts) {
    return new Message(role, List.of(parts), false, "", ELSEWHERE);
  }

  private static Part.ToolCall call(String id) {
    return call(id, "{}");
  }

  private static Part.ToolCall call(String id, String arguments) {
    return new Part.ToolCall(id, "f", arguments, false, ELSEWHERE);
  }

  private static Part.ToolResult result(String id, String text) {
    return new Part.ToolResult(id, "f", List.of(Part.Text.of(text)), true, false, ELSEWHERE);
  }

  private static Request read(String json) {
    return DIALECT.request(object(json), "m", false);
  }

  private static ObjectNode object(String json) {
    return tree(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
  }

  private static String text(Message message) {
    return ((Part.Text) message.parts().get(0)).text();
  }
}
