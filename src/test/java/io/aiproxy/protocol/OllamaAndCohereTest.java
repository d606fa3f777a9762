package io.aiproxy.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aiproxy.call.Failure;
import io.aiproxy.call.Problem;
import io.aiproxy.neutral.Chat;
import io.aiproxy.neutral.Delta;
import io.aiproxy.neutral.Losses;
import io.aiproxy.neutral.Message;
import io.aiproxy.neutral.Message.Role;
import io.aiproxy.neutral.Origin;
import io.aiproxy.neutral.Part;
import io.aiproxy.neutral.Request;
import io.aiproxy.neutral.Response;
import io.aiproxy.neutral.Signature;
import io.aiproxy.neutral.Stop;
import io.aiproxy.stream.Piece;
import io.aiproxy.stream.Transducer;
import io.aiproxy.usage.Usage;
import io.aiproxy.wire.Event;
import io.aiproxy.wire.StreamFormat;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What the two say to each other, and what is lost on the way. */
class OllamaAndCohereTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final Chat OLLAMA = new OllamaChatDialect();
  private static final Chat COHERE = new CohereChatDialect();

  private final Losses losses = new Losses();

  @Test
  void saysACohereConversationInOllamasWords() {
    ObjectNode written = said(
        COHERE,
        OLLAMA,
        "{'model':'m','max_tokens':9,'p':0.5,'k':3,'stop_sequences':['x'],'messages':["
            + "{'role':'system','content':'Be brief.'},"
            + "{'role':'user','content':[{'type':'text','text':'Look'},{'type':'image_url','image_url':{'url':'data:image/png;base64,iVBORw0KGgo'}}]},"
            + "{'role':'assistant','tool_plan':'I look it up.','tool_calls':[{'id':'c1','type':'function','function':{'name':'f','arguments':'{\\'a\\':1}'}}]},"
            + "{'role':'tool','tool_call_id':'c1','content':[{'type':'document','document':{'data':'found'}}]}]}");

    assertThat(written)
        .isEqualTo(tree("{'model':'m','messages':[{'role':'system','content':'Be brief.'},"
            + "{'role':'user','content':'Look','images':['iVBORw0KGgo']},"
            + "{'role':'assistant','content':'','thinking':'I look it up.','tool_calls':[{'id':'c1','function':{'name':'f','arguments':{'a':1}}}]},"
            + "{'role':'tool','content':'{\\'data\\':\\'found\\'}','tool_name':'f','tool_call_id':'c1'}],"
            + "'stream':false,'options':{'num_predict':9,'top_p':0.5,'top_k':3,'stop':['x']}}"));
    assertThat(losses.places()).isEmpty();
  }

  @Test
  void saysAnOllamaConversationInCoheresWords() {
    ObjectNode written = said(
        OLLAMA,
        COHERE,
        "{'model':'m','keep_alive':'5m','think':true,'format':{'type':'object'},'options':{'num_predict':9,'seed':1},'messages':["
            + "{'role':'user','content':'Look','images':['/9j/4AAQ']},"
            + "{'role':'assistant','content':'','thinking':'Hm.','tool_calls':[{'function':{'name':'f','arguments':{'a':1}}}]},"
            + "{'role':'tool','tool_name':'f','content':'found'}]}");
    String id = written.at("/messages/1/tool_calls/0/id").asText();

    assertThat(id).startsWith("call_ollama_");
    assertThat(written)
        .isEqualTo(
            tree(
                "{'model':'m','messages':[{'role':'user','content':[{'type':'text','text':'Look'},{'type':'image_url','image_url':{'url':'data:image/jpeg;base64,/9j/4AAQ'}}]},"
                    + "{'role':'assistant','content':[{'type':'thinking','thinking':'Hm.'}],'tool_calls':[{'id':'ID','type':'function','function':{'name':'f','arguments':'{\\'a\\':1}'}}]},"
                        .replace("ID", id)
                    + "{'role':'tool','tool_call_id':'ID','content':'found'}],".replace("ID", id)
                    + "'response_format':{'type':'json_object','json_schema':{'type':'object'}},'thinking':{'type':'enabled'},'stream':false,'max_tokens':9,'seed':1}"));
    assertThat(losses.places()).isEmpty();
  }

  @Test
  void namesWhatOllamaHasNoWordFor() {
    said(
        COHERE,
        OLLAMA,
        "{'model':'m','documents':['d'],'tool_choice':'REQUIRED','logprobs':true,'strict_tools':true,"
            + "'thinking':{'type':'enabled','token_budget':5},"
            + "'tools':[{'type':'function','function':{'name':'f','parameters':{}}}],"
            + "'messages':[{'role':'user','content':[{'type':'image_url','image_url':{'url':'https://x.example/i.png'}}]}]}");

    assertThat(losses.places())
        .containsExactlyInAnyOrder(
            "messages[0].content[0]",
            "tool_choice",
            "strict_tools",
            "thinking.token_budget",
            "logprobs",
            "documents");
  }

  @Test
  void namesWhatCohereHasNoWordFor() {
    said(
        OLLAMA,
        COHERE,
        "{'model':'m','think':'high','options':{'num_ctx':4096,'min_p':0.1},'messages':[{'role':'user','content':'x'}]}");

    assertThat(losses.places())
        .containsExactlyInAnyOrder("think", "options.num_ctx", "options.min_p");
  }

  @Test
  void keepsThoughtsThatAnotherHasSigned() {
    Part thought = new Part.Thought(
        "Hm.",
        Optional.of(new Signature("anthropic-messages", "s")),
        new Origin("anthropic-messages", "messages[0].content[0]", Origin.NONE.rest()));
    Request request = new Request(
        "m",
        false,
        List.of(new Message(Role.ASSISTANT, List.of(thought), false, "", Origin.NONE)),
        List.of(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Map.of(),
        Origin.NONE);

    assertThat(OLLAMA.request(request, losses).toString()).doesNotContain("Hm.");
    assertThat(COHERE.request(request, losses).toString()).doesNotContain("Hm.");
    assertThat(losses.places()).containsExactly("messages[0].content[0]");
  }

  @Test
  void callsTheSameToolsInBothWords() {
    Response answer = OLLAMA.answer(
        tree(
            "{'model':'m','created_at':'2026-01-02T03:04:05.6Z','message':{'role':'assistant','content':'','tool_calls':["
                + "{'function':{'name':'f','arguments':{}}},{'function':{'name':'f','arguments':{}}}]},"
                + "'done':true,'done_reason':'stop','total_duration':5,'prompt_eval_count':1,'eval_count':2}"));
    ObjectNode written = COHERE.answer(answer, asked(OLLAMA, "{'messages':[]}"), losses);

    assertThat(written.path("finish_reason").asText()).isEqualTo("TOOL_CALL");
    assertThat(written.at("/message/tool_calls/0/id").asText())
        .startsWith("call_ollama_")
        .isNotEqualTo(written.at("/message/tool_calls/1/id").asText());
    assertThat(written.path("usage"))
        .hasToString(text("{'tokens':{'input_tokens':1,'output_tokens':2}}"));
    assertThat(losses.places()).isEmpty();
  }

  @Test
  void countsWhatCameFromACacheAmongWhatWasRead() {
    Usage beside = new Usage(5, 2, Usage.ABSENT, 10, 3, Usage.ABSENT, false);
    Response answer = new Response("i", "m", 0, List.of(), beside, Origin.NONE);
    Request asked = asked(OLLAMA, "{'messages':[]}");

    assertThat(OLLAMA.answer(answer, asked, losses).path("prompt_eval_count").asInt())
        .isEqualTo(18);
    assertThat(COHERE
            .answer(answer, asked, losses)
            .at("/usage/tokens/input_tokens")
            .asInt())
        .isEqualTo(18);
  }

  @Test
  void refusesRolesThatItDoesNotKnow() {
    for (Chat chat : List.of(OLLAMA, COHERE)) {
      assertThatThrownBy(() -> asked(chat, "{'messages':[{'role':'judge','content':'x'}]}"))
          .isInstanceOfSatisfying(
              Problem.class, bad -> assertThat(bad.param()).isEqualTo("messages[0].role"));
    }
  }

  @Test
  void tellsAnErrorWithinAStream() {
    assertThat(decoded(OLLAMA, "{\"error\":\"out of memory\"}\n"))
        .containsExactly(new Delta.Failed(new Failure(500, "", "", "out of memory", "")));
    assertThat(
            decoded(
                COHERE,
                "data: {\"type\":\"message-end\",\"delta\":{\"error\":\"out of memory\",\"finish_reason\":\"ERROR\"}}\n\n"))
        .containsExactly(new Delta.Failed(new Failure(500, "", "", "out of memory", "")));
  }

  @Test
  void writesAnErrorThatItReads() {
    Failure failure = new Failure(500, "", "", "out of memory", "");
    byte[] line = Ollama.chat().errorEvent(failure, StreamFormat.NDJSON);
    byte[] event = CohereChat.second().errorEvent(failure, StreamFormat.SSE);

    assertThat(decoded(OLLAMA, new String(line, UTF_8))).containsExactly(new Delta.Failed(failure));
    assertThat(decoded(COHERE, new String(event, UTF_8)))
        .containsExactly(new Delta.Failed(failure));
  }

  @Test
  void streamsACallToOllamasClientsWhenItIsWhole() {
    List<Delta> deltas = List.of(
        new Delta.Begun("i", "m", 1767323045),
        new Delta.Opened(0, 0, new Part.ToolCall("c1", "f", "", false, Origin.NONE)),
        new Delta.Grown(0, 0, Delta.Growth.ARGUMENTS, "{\"a\""),
        new Delta.Grown(0, 0, Delta.Growth.ARGUMENTS, ":1}"),
        new Delta.Closed(0, 0),
        new Delta.Stopped(0, Stop.of(Stop.Reason.TOOL_CALLS)),
        new Delta.Counted(Usage.of(1, 2)),
        new Delta.Ended());

    assertThat(encoded(OLLAMA, deltas))
        .isEqualTo(
            text(
                "{'model':'m','created_at':'2026-01-02T03:04:05Z','message':{'role':'assistant','content':'','tool_calls':[{'id':'c1','function':{'name':'f','arguments':{'a':1},'index':0}}]},'done':false}\n"
                    + "{'model':'m','created_at':'2026-01-02T03:04:05Z','message':{'role':'assistant','content':''},'done':true,'done_reason':'stop','prompt_eval_count':1,'eval_count':2}\n"));
  }

  @Test
  void streamsWhatATextIsFrom() {
    String cited =
        "data: {\"type\":\"citation-start\",\"index\":0,\"delta\":{\"message\":{\"citations\":{\"start\":0,\"end\":2,\"text\":\"Hi\",\"sources\":[{\"type\":\"document\",\"id\":\"d\",\"document\":{\"title\":\"T\",\"url\":\"u\"}}]}}}}\n\n";
    List<Delta> deltas = decoded(
        COHERE,
        "data: {\"type\":\"message-start\",\"id\":\"i\"}\n\n"
            + "data: {\"type\":\"content-delta\",\"index\":0,\"delta\":{\"message\":{\"content\":{\"text\":\"Hi\"}}}}\n\n"
            + "data: {\"type\":\"content-end\",\"index\":0}\n\n"
            + cited
            + "data: {\"type\":\"message-end\",\"delta\":{\"finish_reason\":\"COMPLETE\"}}\n\n");

    assertThat(deltas)
        .filteredOn(Delta.Cited.class::isInstance)
        .singleElement()
        .satisfies(delta -> {
          Delta.Cited found = (Delta.Cited) delta;
          assertThat(found.citation().url()).isEqualTo("u");
          assertThat(found.citation().title()).isEqualTo("T");
        });
    assertThat(encoded(COHERE, deltas)).contains("\"text\":\"Hi\",\"sources\":[{");
  }

  private ObjectNode said(Chat client, Chat upstream, String request) {
    return upstream.request(asked(client, request), losses);
  }

  private static Request asked(Chat client, String request) {
    ObjectNode body = tree(request);
    return client.request(body, body.path("model").asText(), false);
  }

  private static List<Delta> decoded(Chat chat, String stream) {
    Transducer<Event, Delta> decoder = chat.decoder();
    List<Delta> deltas = new ArrayList<>();
    chat.streams().decoder().next(ByteBuffer.wrap(stream.getBytes(UTF_8)), piece -> {
      if (piece instanceof Event event && event.hasData()) {
        decoder.next(event, deltas::add);
      }
    });
    decoder.end(deltas::add);
    return deltas;
  }

  private static String encoded(Chat chat, List<Delta> deltas) {
    Transducer<Delta, Piece> encoder = chat.encoder(asked(chat, "{'messages':[]}"), chat.streams());
    ByteArrayOutputStream written = new ByteArrayOutputStream();
    deltas.forEach(delta ->
        encoder.next(delta, piece -> written.write(piece.array(), piece.offset(), piece.length())));
    return written.toString(UTF_8);
  }

  private static ObjectNode tree(String json) {
    try {
      return (ObjectNode) JSON.readTree(text(json));
    } catch (JsonProcessingException bad) {
      throw new AssertionError(bad);
    }
  }

  /** Single quotes are double ones, escaped ones too. */
  private static String text(String json) {
    return json.replace('\'', '"');
  }
}
