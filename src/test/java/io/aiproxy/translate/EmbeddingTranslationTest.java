package io.aiproxy.translate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.aiproxy.call.Body;
import io.aiproxy.call.Call;
import io.aiproxy.call.Headers;
import io.aiproxy.call.Problem;
import io.aiproxy.call.Reply;
import io.aiproxy.config.AiProxy;
import io.aiproxy.testing.Calls;
import io.aiproxy.testing.ScriptedBody;
import io.aiproxy.testing.Settings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Embeddings between protocols, through the layer that the gateway has for it. */
class EmbeddingTranslationTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final AiProxy VERTEX = Settings.of(
      "{'provider':'vertex-ai','auth':{},'provider_conf':{'project_id':'p','region':'r'}}");
  private static final AiProxy OPENAI = Settings.of("{'provider':'openai','auth':{}}");
  private static final String PREDICTIONS = "{'predictions':["
      + "{'embeddings':{'values':[0.10,-2.5e-3],'statistics':{'token_count':7,'truncated':false}}},"
      + "{'embeddings':{'values':[1],'statistics':{'token_count':3.0}}}]}";
  private static final String EMBEDDINGS = "{'object':'list','data':["
      + "{'object':'embedding','index':0,'embedding':[0.5]},{'object':'embedding','index':1,'embedding':[1]}],"
      + "'model':'m-1','usage':{'prompt_tokens':5,'total_tokens':5}}";
  private static final String OPENAI_PATH = "/v1/embeddings";
  private static final String VERTEX_PATH =
      "/v1/projects/p/locations/r/publishers/google/models/m:predict";

  private final AtomicReference<Call> sent = new AtomicReference<>();

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
      {'input':'hi'}                                    | {'instances':[{'content':'hi'}]}
      {'input':['a','b'],'model':'m'}                   | {'instances':[{'content':'a'},{'content':'b'}]}
      {'input':['a'],'dimensions':64}                   | {'instances':[{'content':'a'}],'parameters':{'outputDimensionality':64}}
      {'input':['a'],'encoding_format':'base64'}        | {'instances':[{'content':'a'}]}
      {'input':[]}                                      | {'instances':[]}
      """)
  void openAiAsksVertex(String asked, String wanted) {
    ask(VERTEX, OPENAI_PATH, asked, PREDICTIONS);

    assertThat(sentBody()).isEqualTo(json(wanted));
  }

  @Test
  void vertexAnswersOpenAi() {
    assertThat(ask(VERTEX, OPENAI_PATH, "{'input':['a','b'],'model':'m'}", PREDICTIONS))
        .isEqualTo(json("{'object':'list','data':["
            + "{'object':'embedding','index':0,'embedding':[0.10,-2.5e-3]},{'object':'embedding','index':1,'embedding':[1]}],"
            + "'model':'m','usage':{'prompt_tokens':10,'total_tokens':10}}"));
  }

  @Test
  void vectorsAreLittleEndianFloatsWhereTheClientWantsBase64() {
    String answer =
        "{'predictions':[{'embeddings':{'values':[1.0,-2],'statistics':{'token_count':1}}}]}";

    assertThat(ask(VERTEX, OPENAI_PATH, "{'input':'a','encoding_format':'base64'}", answer)
            .at("/data/0/embedding")
            .asText())
        .isEqualTo("AACAPwAAAMA=");
  }

  @Test
  void vertexAsksOpenAi() {
    ask(
        OPENAI,
        VERTEX_PATH,
        "{'instances':[{'content':'a'},{'content':'b'}],'parameters':{'outputDimensionality':8}}",
        EMBEDDINGS);

    assertThat(sentBody()).isEqualTo(json("{'model':'m','input':['a','b'],'dimensions':8}"));
  }

  @Test
  void openAiAnswersVertex() {
    assertThat(
            ask(OPENAI, VERTEX_PATH, "{'instances':[{'content':'a'},{'content':'b'}]}", EMBEDDINGS))
        .isEqualTo(json("{'predictions':["
            + "{'embeddings':{'values':[0.5],'statistics':{'token_count':5,'truncated':false}}},"
            + "{'embeddings':{'values':[1],'statistics':{'token_count':0,'truncated':false}}}]}"));
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
      vertex-ai | /v1/embeddings | {'input':'a','user':'u'}                                                 | user
      vertex-ai | /v1/embeddings | {'input':'a','x':1}                                                      | x
      openai    | /models/m:predict | {'instances':[{'content':'a','task_type':'RETRIEVAL_QUERY'}]}         | instances[0].task_type
      openai    | /models/m:predict | {'instances':[{'content':'a','title':'t'}]}                           | instances[0].title
      openai    | /models/m:predict | {'instances':[{'content':'a'}],'parameters':{'autoTruncate':true}}    | parameters.autoTruncate
      """)
  void whatHasNoWordIsLostByName(String provider, String path, String asked, String lost) {
    Reply reply = reply(
        provider.equals("openai") ? OPENAI : VERTEX,
        path,
        asked,
        provider.equals("openai") ? EMBEDDINGS : PREDICTIONS);

    assertThat(reply.headers().first("x-ai-dropped")).contains(lost);
  }

  @Test
  void aHeaderHoldsAsMuchOfALongNameAsItCan() {
    String name = "n".repeat(1_000);

    Reply reply = reply(VERTEX, OPENAI_PATH, "{'input':'a','" + name + "':1}", PREDICTIONS);

    assertThat(reply.headers().first("x-ai-dropped")).contains("n".repeat(900) + ", and more");
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
      {'input':{'a':1}}     | input    | `input` must be string or array
      {'input':null}        | input    | `input` must be string or array
      {'input':[[1,2]]}     | input[0] | unsupported input type at index 0: this model takes texts; tokens mean something to OpenAI's models alone
      {'input':['a',true]}  | input[1] | unsupported input type at index 1: this model takes texts; tokens mean something to OpenAI's models alone
      """)
  void whatIsNoTextIsRefused(String asked, String param, String message) {
    Problem problem =
        catchThrowableOfType(Problem.class, () -> ask(VERTEX, OPENAI_PATH, asked, PREDICTIONS));

    assertThat(problem.param() + ": " + problem.message()).isEqualTo(param + ": " + message);
  }

  @Test
  void anAnswerWithoutPredictionsIsTheUpstreamsFault() {
    Problem problem =
        catchThrowableOfType(Problem.class, () -> ask(VERTEX, OPENAI_PATH, "{'input':'a'}", "{}"));

    assertThat(problem.kind() + " " + problem.message())
        .isEqualTo("UPSTREAM_BROKEN vertex response missing predictions");
  }

  private JsonNode ask(AiProxy settings, String path, String asked, String answer) {
    return json(ScriptedBody.text(reply(settings, path, asked, answer).body()));
  }

  private Reply reply(AiProxy settings, String path, String asked, String answer) {
    return new Translate(settings, InstantSource.system())
        .handle(Calls.arrived(path, asked.replace('\'', '"'), Headers.NONE), call -> {
          sent.set(call);
          return new Reply(
              200,
              Headers.builder().add("Content-Type", "application/json").build(),
              Body.of(answer.replace('\'', '"').getBytes(UTF_8)));
        });
  }

  private JsonNode sentBody() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      sent.get().payload().writeTo(out);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return json(out.toString(UTF_8));
  }

  private static JsonNode json(String text) {
    try {
      return JSON.readTree(text.replace('\'', '"'));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
