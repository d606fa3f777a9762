package io.aiproxy.rewrite;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.aiproxy.config.AiProxy;
import io.aiproxy.json.BadJson;
import io.aiproxy.testing.Calls;
import io.aiproxy.testing.Settings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BodyEditsTest {
  private static final String CHAT = "openai-chat";
  private static final String RESPONSES = "openai-responses";
  private static final String EMBEDDINGS = "openai-embeddings";
  private static final String MESSAGES = "anthropic-messages";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'messages':[]}",
        " { 'b' : 1.0 , 'a' : 12345678901234567890123 }\n",
        "{'stream':false,'x':'\\u00e4\\/'}",
        "{'stream':true,'stream_options':{'include_usage':true}}",
        "{'stream':'true'}",
        "{}"
      })
  void changeNoByteOfARequestThatNeedsNone(String body) throws BadJson {
    BodyEdits.Edited edited = edited("{'provider':'openai','auth':{}}", CHAT, body);

    assertThat(edited.body().changed()).isFalse();
    assertThat(text(edited)).isEqualTo(json(body));
    assertThat(edited.hidesUsage()).isFalse();
  }

  @Test
  void changeNoByteIfTheOptionsAreThereAlready() throws BadJson {
    String body = "{ 'temperature' : 1, 'model':'m' }";

    assertThat(edited("openai", "{'model':'m','temperature':1}", "{}", CHAT, body)
            .body()
            .changed())
        .isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'stream':true} | {'stream':true,'stream_options':{'include_usage':true}}",
        "{'stream': true , 'a':1 } | {'stream': true , 'a':1,'stream_options':{'include_usage':true} }",
        "{'stream_options':{'x':1},'stream':true} | {'stream_options':{'x':1,'include_usage':true},'stream':true}",
        "{'stream_options':{'include_usage':false,'x':1},'stream':true} | {'stream_options':{'include_usage':true,'x':1},'stream':true}",
        "{'stream_options':null,'stream':true} | {'stream_options':{'include_usage':true},'stream':true}"
      })
  void askForTheUsageOfAStreamAndSpareTheClientTheAnswer(String body, String sent) throws BadJson {
    BodyEdits.Edited edited = edited("{'provider':'openai','auth':{}}", CHAT, body);

    assertThat(text(edited)).isEqualTo(json(sent));
    assertThat(edited.hidesUsage()).isTrue();
  }

  @Test
  void putNothingButTheModelIntoACountOfTokens() throws BadJson {
    BodyEdits.Edited edited = edited(
        "{'provider':'anthropic','auth':{},'options':{'model':'m','max_tokens':7},'override':{'llm_options':{'max_tokens':9}}}",
        "anthropic-count-tokens",
        "{'model':'x','messages':[]}");

    assertThat(text(edited)).isEqualTo(json("{'model':'m','messages':[]}"));
  }

  @Test
  void askForTheUsageOfAStreamedCompletion() throws BadJson {
    BodyEdits.Edited edited = edited(
        "{'provider':'openai','auth':{}}", "openai-completions", "{'prompt':'x','stream':true}");

    assertThat(text(edited))
        .isEqualTo(json("{'prompt':'x','stream':true,'stream_options':{'include_usage':true}}"));
    assertThat(edited.hidesUsage()).isTrue();
  }

  @Test
  void askForTheUsageOfAStreamThatConfigurationForces() throws BadJson {
    BodyEdits.Edited edited = edited("openai", "{'stream':true}", "{}", CHAT, "{'a':1}");

    assertThat(text(edited))
        .isEqualTo(json("{'a':1,'stream_options':{'include_usage':true},'stream':true}"));
    assertThat(edited.hidesUsage()).isTrue();
  }

  @Test
  void askForNoUsageOfAStreamThatConfigurationForbids() throws BadJson {
    BodyEdits.Edited edited = edited(
        "openai",
        "{'stream':false}",
        "{}",
        CHAT,
        "{'stream':true,'stream_options':{'include_usage':true}}");

    assertThat(text(edited)).isEqualTo(json("{'stream':false}"));
    assertThat(edited.hidesUsage()).isFalse();
  }

  @Test
  void askForTheUsageOfAStreamThatTheRequestBodyForces() throws BadJson {
    BodyEdits.Edited forced = edited(
        "openai", "{}", requestBody(CHAT, "{'stream':true}", true), CHAT, "{'stream':false}");

    assertThat(text(forced))
        .isEqualTo(json("{'stream':true,'stream_options':{'include_usage':true}}"));
    assertThat(forced.hidesUsage()).isTrue();
  }

  @Test
  void askForTheUsageOfAStreamThatTheRequestBodyFillsIn() throws BadJson {
    String fills = requestBody(CHAT, "{'stream':true}", false);

    assertThat(edited("openai", "{}", fills, CHAT, "{'a':1}").hidesUsage()).isTrue();
    assertThat(edited("openai", "{}", fills, CHAT, "{'stream':false}").hidesUsage())
        .isFalse();
    assertThat(edited("openai", "{}", fills, CHAT, "{'stream':null}").hidesUsage())
        .isFalse();
  }

  @ParameterizedTest
  @CsvSource({RESPONSES, EMBEDDINGS, "passthrough"})
  void askForNoUsageWhereItComesAnyway(String protocol) throws BadJson {
    assertThat(
            text(edited("{'provider':'openai','auth':{}}", protocol, "{'input':1,'stream':true}")))
        .isEqualTo(json("{'input':1,'stream':true}"));
  }

  @Test
  void putOptionsInThePlaceOfTheClientsMembers() throws BadJson {
    assertThat(text(edited(
            "openai",
            "{'model':'m','temperature':0.50,'stop':['a','b'],'x':null,'o':{'k':1}}",
            "{}",
            CHAT,
            "{'o':{'j':2},'model' : 'client','messages':[ ]}")))
        .isEqualTo(
            json(
                "{'o':{'k':1},'model' : 'm','messages':[ ],'temperature':0.50,'stop':['a','b'],'x':null}"));
  }

  @ParameterizedTest
  @CsvSource({
    "openai,            openai-chat,        max_completion_tokens",
    "openai,            openai-responses,   max_output_tokens",
    "openai-compatible, openai-chat,        max_tokens",
    "openai-compatible, openai-responses,   max_output_tokens",
    "azure-openai,      openai-chat,        max_tokens",
    "deepseek,          openai-chat,        max_tokens",
    "aimlapi,           openai-chat,        max_tokens",
    "openrouter,        openai-chat,        max_tokens",
    "gemini,            openai-chat,        max_completion_tokens",
    "anthropic,         openai-chat,        max_tokens",
    "anthropic,         anthropic-messages, max_tokens"
  })
  void boundTheAnswerUnderTheNameThatTheProviderHasForIt(
      String provider, String protocol, String name) throws BadJson {
    assertThat(text(edited(provider, "{}", bound(7), protocol, "{'a':1}")))
        .isEqualTo(json("{'a':1,'" + name + "':7}"));
  }

  @Test
  void replaceTheBoundOfTheClientWhateverItIs() throws BadJson {
    assertThat(text(edited("deepseek", "{}", bound(7), CHAT, "{'max_tokens':1,'a':1}")))
        .isEqualTo(json("{'max_tokens':7,'a':1}"));
  }

  @Test
  void dropTheNameThatOpenAiDoesNotTakeBesideTheOther() throws BadJson {
    assertThat(text(edited("openai", "{}", bound(7), CHAT, "{'max_tokens':1,'a':1}")))
        .isEqualTo(json("{'a':1,'max_completion_tokens':7}"));
    assertThat(text(edited("gemini", "{}", bound(7), CHAT, "{'max_tokens':1,'a':1}")))
        .isEqualTo(json("{'max_tokens':1,'a':1,'max_completion_tokens':7}"));
  }

  @Test
  void dropThatNameAlsoIfAnOptionSetIt() throws BadJson {
    assertThat(text(edited("openai", "{'max_tokens':5}", bound(7), CHAT, "{'a':1}")))
        .isEqualTo(json("{'a':1,'max_completion_tokens':7}"));
  }

  @Test
  void letTheBoundGoBeforeAnOption() throws BadJson {
    assertThat(text(edited("deepseek", "{'max_tokens':5}", bound(7), CHAT, "{'a':1}")))
        .isEqualTo(json("{'a':1,'max_tokens':7}"));
  }

  @Test
  void boundNothingWhereNothingIsWritten() throws BadJson {
    assertThat(
            edited("openai", "{}", bound(7), EMBEDDINGS, "{'input':'a'}").body().changed())
        .isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'a':1}                 | {'b':2}           | {'a':1,'b':2}",
        "{'a':1}                 | {'a':2}           | {'a':1}",
        "{'a':null}              | {'a':2}           | {'a':null}",
        "{'a':{'x':1}}           | {'a':{'x':2,'y':3}} | {'a':{'x':1,'y':3}}",
        "{'a':[1]}               | {'a':[2,3]}       | {'a':[1]}",
        "{'a':'text'}            | {'a':{'x':1}}     | {'a':'text'}",
        "{'a':{'x':{'y':1}}}     | {'a':{'x':{'z':2}}} | {'a':{'x':{'y':1,'z':2}}}"
      })
  void fillInWhatTheRequestLacks(String body, String patch, String sent) throws BadJson {
    assertThat(text(edited("openai", "{}", requestBody(CHAT, patch, false), CHAT, body)))
        .isEqualTo(json(sent));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'a':1}                 | {'b':2}           | {'a':1,'b':2}",
        "{'a':1}                 | {'a':2}           | {'a':2}",
        "{'a':null}              | {'a':2}           | {'a':2}",
        "{'a':{'x':1,'w':0}}     | {'a':{'x':2,'y':3}} | {'a':{'x':2,'w':0,'y':3}}",
        "{'a':[1]}               | {'a':[2,3]}       | {'a':[2,3]}",
        "{'a':'text'}            | {'a':{'x':1}}     | {'a':{'x':1}}",
        "{'a':1}                 | {'a':null}        | {'a':null}"
      })
  void replaceWhatTheRequestHasIfForced(String body, String patch, String sent) throws BadJson {
    assertThat(text(edited("openai", "{}", requestBody(CHAT, patch, true), CHAT, body)))
        .isEqualTo(json(sent));
  }

  @Test
  void mergeOnlyIntoRequestsOfThatProtocol() throws BadJson {
    String patch = requestBody(RESPONSES, "{'a':2}", true);

    assertThat(edited("openai", "{}", patch, CHAT, "{'a':1}").body().changed()).isFalse();
    assertThat(text(edited("openai", "{}", patch, RESPONSES, "{'a':1}")))
        .isEqualTo(json("{'a':2}"));
  }

  @Test
  void mergeIntoWhatOptionsAndBoundMadeOfIt() throws BadJson {
    String override = "{'llm_options':{'max_tokens':7},'request_body':{'openai-chat':"
        + "{'max_completion_tokens':9,'temperature':1,'top_p':1}}";

    assertThat(text(edited("openai", "{'temperature':0}", override + "}", CHAT, "{'x':1}")))
        .isEqualTo(json("{'x':1,'temperature':0,'max_completion_tokens':7,'top_p':1}"));
    assertThat(text(edited(
            "openai",
            "{'temperature':0}",
            override + ",'request_body_force_override':true}",
            CHAT,
            "{'x':1}")))
        .isEqualTo(json("{'x':1,'temperature':1,'max_completion_tokens':9,'top_p':1}"));
  }

  @Test
  void refuseToMergeIntoAnObjectThatSaysTwoThings() {
    org.assertj.core.api.Assertions.assertThatThrownBy(() -> edited(
            "openai", "{}", requestBody(CHAT, "{'a':{'x':2}}", true), CHAT, "{'a':{'x':1,'x':3}}"))
        .isInstanceOf(BadJson.class);
  }

  @Test
  void tellWhichModelIsAskedFor() throws BadJson {
    assertThat(edited("openai", "{}", "{}", CHAT, "{'model':'a'}").model()).isEqualTo("a");
    assertThat(edited("openai", "{'model':'b'}", "{}", CHAT, "{'model':'a'}").model())
        .isEqualTo("b");
    assertThat(edited(
                "openai",
                "{'model':'b'}",
                requestBody(CHAT, "{'model':'c'}", true),
                CHAT,
                "{'model':'a'}")
            .model())
        .isEqualTo("c");
    assertThat(edited("openai", "{}", "{}", CHAT, "{'model':null}").model()).isEmpty();
    assertThat(edited("openai", "{}", "{}", CHAT, "{}").model()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'model':'a','x':1} | {'x':1}",
        "{'x':1,'model':'a'} | {'x':1}",
        "{ 'model' : 'a' } | {  }"
      })
  void takeTheModelOutForAProviderThatHasItInItsAddress(String body, String sent) throws BadJson {
    BodyEdits.Edited edited = edited("azure-openai", "{}", "{}", CHAT, body);

    assertThat(text(edited)).isEqualTo(json(sent));
    assertThat(edited.model()).isEqualTo("a");
  }

  @Test
  void giveTheLengthOfWhatTheyWrite() throws BadJson {
    BodyEdits.Edited edited =
        edited("openai", "{'model':'ä€😀'}", "{}", CHAT, "{'model':'','stream':true}");

    assertThat(edited.body().length()).isEqualTo(edited.body().bytes().length);
  }

  @Test
  void canBeUsedForAnyNumberOfRequests() throws BadJson {
    BodyEdits edits = new BodyEdits(
        Settings.of("{'provider':'openai','auth':{},'options':{'model':'m'}}"), MESSAGES);
    String first = text(edits.apply(Calls.json("{}")));

    assertThat(text(edits.apply(Calls.json("{}")))).isEqualTo(first);
  }

  private static String requestBody(String protocol, String patch, boolean force) {
    return "{'request_body':{'" + protocol + "':" + patch + "},'request_body_force_override':"
        + force + "}";
  }

  private static String bound(int most) {
    return "{'llm_options':{'max_tokens':" + most + "}}";
  }

  private static BodyEdits.Edited edited(
      String provider, String options, String override, String protocol, String body)
      throws BadJson {
    boolean hasAddress = provider.equals("azure-openai") || provider.equals("openai-compatible");
    String endpoint = hasAddress ? "{'endpoint':'http://h'" : "{";
    String rest = override.substring(1);
    String comma = hasAddress && rest.length() > 1 ? "," : "";
    return edited(
        "{'provider':'" + provider + "','auth':{},'options':" + options + ",'override':" + endpoint
            + comma + rest + "}",
        protocol,
        body);
  }

  private static BodyEdits.Edited edited(String plugin, String protocol, String body)
      throws BadJson {
    AiProxy settings = Settings.of(plugin);
    return new BodyEdits(settings, protocol).apply(Calls.json(json(body)));
  }

  private static String json(String text) {
    return text.replace('\'', '"');
  }

  private static String text(BodyEdits.Edited edited) {
    return new String(edited.body().bytes(), UTF_8);
  }
}
