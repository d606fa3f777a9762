package io.aiproxy.balance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.aiproxy.testing.Calls;
import java.util.Collections;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PromptTest {
  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
      openai-chat        | {'messages':[{'role':'system','content':'no'},{'role':'user','content':'no'},{'role':'assistant','content':'no'},{'role':'user','content':'a b'}]}
      parts              | {'messages':[{'role':'user','content':[{'type':'text','text':'a'},{'type':'image_url','image_url':{'url':'no'}},{'type':'text','text':'b'}]}]}
      anthropic-messages | {'system':'no','messages':[{'role':'user','content':[{'type':'text','text':'a b'}]},{'role':'assistant','content':'no'}]}
      after a tool's say | {'messages':[{'role':'user','content':'a b'},{'role':'assistant','content':[{'type':'tool_use','id':'1'}]},{'role':'user','content':[{'type':'tool_result','content':[{'type':'text','text':'no'}]}]}]}
      openai-responses   | {'input':'a b','instructions':'no'}
      its items          | {'input':[{'role':'user','content':[{'type':'input_text','text':'a b'}]},{'type':'reasoning','content':[{'type':'text','text':'no'}]},{'type':'function_call_output','output':'no'}]}
      gemini-generate    | {'systemInstruction':{'parts':[{'text':'no'}]},'contents':[{'role':'user','parts':[{'text':'a'},{'inlineData':{'data':'no'}},{'text':'b'}]},{'role':'model','parts':[{'text':'no'}]}]}
      without a role     | {'contents':[{'parts':[{'text':'a b'}]}]}
      bedrock-converse   | {'messages':[{'role':'user','content':[{'text':'a b'},{'toolResult':{'content':[{'text':'no'}]}}]}],'system':[{'text':'no'}]}
      cohere-chat        | {'messages':[{'role':'user','content':'a b'},{'role':'tool','content':[{'type':'text','text':'no'}]}]}
      cohere-chat-v1     | {'message':'a b','chat_history':[{'role':'USER','message':'no'}],'preamble':'no'}
      ollama-chat        | {'messages':[{'role':'user','content':'a b','images':['no']}]}
      ollama-generate    | {'prompt':'a b','system':'no'}
      openai-completions | {'prompt':['no','a b']}
      openai-embeddings  | {'input':'a b'}
      gemini-embed       | {'content':{'parts':[{'text':'a b'}]}}
      gemini-embed-batch | {'requests':[{'content':{'parts':[{'text':'no'}]}},{'content':{'parts':[{'text':'a b'}]}}]}
      vertex-predict     | {'instances':[{'content':'a b','task_type':'no'}]}
      """)
  void isTheLastThingThatTheUserSays(String protocol, String request) {
    assertThat(of(request)).as(protocol).isEqualTo("a b");
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
      {}
      {'messages':[]}
      {'messages':{}}
      {'messages':[null,1,{},[]]}
      {'messages':[{'role':'user','content':null}]}
      {'messages':[{'role':'user','content':[{'type':'image_url'}]}]}
      {'messages':[{'role':'assistant','content':'no'}]}
      {'messages':[{'role':'user','content':[{'type':'text','text':1}]}]}
      {'input':[1,2,3]}
      {'input':' '}
      [{'role':'user','content':'no'}]
      """)
  void isEmptyWhereTheUserSaysNothing(String request) {
    assertThat(of(request)).isEmpty();
  }

  @Test
  void isCutBetweenCharacters() {
    String said = of("{'messages':[{'role':'user','content':'a" + "€".repeat(6_000) + "'}]}");

    assertThat(said.getBytes(UTF_8)).hasSize(16_384 - 16_383 % 3);
    assertThat(said).endsWith("€");
  }

  @Test
  void isNotCutAtItsBound() {
    assertThat(of("{'prompt':'" + "x".repeat(16_384) + "'}")).hasSize(16_384);
    assertThat(of("{'prompt':'" + "x".repeat(16_385) + "'}")).hasSize(16_384);
  }

  @Test
  void isWholeEvenIfAllOfItIsEscaped() {
    assertThat(of("{'prompt':'" + "\\u0041".repeat(20_000) + "'}")).isEqualTo("A".repeat(16_384));
  }

  @Test
  void isNotLookedForAmongMillions() {
    String numbers = String.join(",", Collections.nCopies(100_000, "1"));

    assertThat(of("{'input':[" + numbers + "]}")).isEmpty();
  }

  private static String of(String request) {
    return Prompt.of(Calls.json(request.replace('\'', '"')));
  }
}
