package io.aiproxy.balance;

import static org.assertj.core.api.Assertions.assertThat;

import io.aiproxy.call.Call;
import io.aiproxy.call.Headers;
import io.aiproxy.testing.Calls;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PrefixTest {
  private static final String SYSTEM = "{'role':'system','content':'Be brief'}";

  private final Prefix prefix = new Prefix();

  /** The first request of a conversation, a later one, and the first one of another conversation. */
  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
      /v1/chat/completions | {'messages':[S,{'role':'user','content':'Hi'}]} | {'messages':[S,{'role':'user','content':'Hi'},{'role':'assistant','content':'?'},{'role':'user','content':'x'}]} | {'messages':[S,{'role':'user','content':'Ho'}]}
      /v1/chat/completions | {'messages':[S,{'role':'user','content':'Hi'}],'tools':[{'type':'function'}]} | {'tools':[{'type':'function'}],'messages':[S,{'role':'user','content':'Hi'},{'role':'user','content':'x'}]} | {'messages':[S,{'role':'user','content':'Hi'}]}
      /v1/chat/completions | {'messages':[{'role':'user','content':'Hi'}],'temperature':1} | {'temperature':0,'messages':[{'content':[{'text':'Hi','type':'text'}],'role':'user'},{'role':'user','content':'x'}]} | {'messages':[S,{'role':'user','content':'Hi'}]}
      /v1/chat/completions | {'messages':[{'role':'user','content':'Hi'}],'prompt_cache_key':'k'} | {'messages':[{'role':'user','content':'Ho'}],'prompt_cache_key':'k'} | {'messages':[{'role':'user','content':'Hi'}],'prompt_cache_key':'l'}
      /v1/completions      | {'prompt':'Hi'} | {'prompt':'Hi','n':1} | {'prompt':'Ho'}
      /v1/responses        | {'instructions':'Be','input':'Hi'} | {'instructions':'Be','input':[{'type':'message','role':'user','content':[{'type':'input_text','text':'Hi'}]},{'type':'reasoning','summary':[]},{'role':'user','content':'x'}]} | {'instructions':'Bee','input':'Hi'}
      /v1/responses        | {'input':'Hi','conversation':'conv_1'} | {'input':'Ho','conversation':{'id':'conv_1'}} | {'input':'Hi','conversation':'conv_2'}
      /v1/responses        | {'input':'Hi','previous_response_id':'resp_1'} | {'input':'Ho','previous_response_id':'resp_1'} | {'input':'Hi','previous_response_id':'resp_2'}
      /v1/messages         | {'system':'Be','messages':[{'role':'user','content':[{'type':'text','text':'Hi','cache_control':{'type':'ephemeral'}}]}]} | {'system':[{'type':'text','text':'Be','cache_control':{'type':'ephemeral'}}],'messages':[{'role':'user','content':'Hi'},{'role':'assistant','content':'?'},{'role':'user','content':'x'}]} | {'system':'Be','messages':[{'role':'user','content':'Ho'}]}
      /v1/messages         | {'messages':[{'role':'user','content':[{'type':'image','source':{'data':'AA=='},'cache_control':{'type':'ephemeral'}}]}]} | {'messages':[{'role':'user','content':[{'type':'image','source':{'data':'AA=='}}]},{'role':'assistant','content':'?'}]} | {'messages':[{'role':'user','content':[{'type':'image','source':{'data':'BB=='}}]}]}
      /v1beta/models/m:generateContent | {'systemInstruction':{'parts':[{'text':'Be'}]},'contents':[{'parts':[{'text':'Hi'}]}]} | {'systemInstruction':{'parts':[{'text':'Be'}]},'contents':[{'role':'user','parts':[{'text':'Hi'}]},{'role':'model','parts':[{'text':'?'}]},{'role':'user','parts':[{'text':'x'}]}]} | {'contents':[{'parts':[{'text':'Ho'}]}]}
      /v1beta/models/m:generateContent | {'cachedContent':'cachedContents/1','contents':[{'parts':[{'text':'Hi'}]}]} | {'cachedContent':'cachedContents/1','contents':[{'parts':[{'text':'Ho'}]}]} | {'cachedContent':'cachedContents/2','contents':[{'parts':[{'text':'Hi'}]}]}
      /model/m/converse    | {'system':[{'text':'Be'}],'messages':[{'role':'user','content':[{'text':'Hi'},{'cachePoint':{'type':'default'}}]}]} | {'system':[{'text':'Be'},{'cachePoint':{'type':'default'}}],'messages':[{'role':'user','content':[{'text':'Hi'}]},{'role':'assistant','content':[{'text':'?'}]}]} | {'messages':[{'role':'user','content':[{'text':'Ho'}]}]}
      /v2/chat             | {'messages':[S,{'role':'user','content':'Hi'}]} | {'messages':[S,{'role':'user','content':'Hi'},{'role':'tool','content':'x'}]} | {'messages':[S,{'role':'user','content':'Ho'}]}
      /v1/chat             | {'preamble':'Be','message':'Hi'} | {'preamble':'Be','message':'x','chat_history':[{'role':'USER','message':'Hi'},{'role':'CHATBOT','message':'?'}]} | {'preamble':'Be','message':'Ho'}
      /api/chat            | {'messages':[S,{'role':'user','content':'Hi'}]} | {'messages':[S,{'role':'user','content':'Hi'},{'role':'assistant','content':'?'}]} | {'messages':[S,{'role':'user','content':'Ho'}]}
      /api/generate        | {'prompt':'Hi','system':'Be'} | {'prompt':'Hi','system':'Be','stream':true} | {'prompt':'Ho','system':'Be'}
      """)
  void keepsTheTurnsOfAConversationTogether(String path, String first, String later, String other) {
    assertThat(place(path, later)).isEqualTo(place(path, first));
    assertThat(place(path, other)).isNotEqualTo(place(path, first));
  }

  @Test
  void looksNoFurtherThanTheUsersFirstWords() {
    String begin = "{'messages':[{'role':'user','content':'" + "x".repeat(Digest.MOST);

    assertThat(place("/v1/messages", begin + "1'}]}"))
        .isEqualTo(place("/v1/messages", begin + "2'}]}"));
  }

  @Test
  void looksAtSoManyBlocksOnly() {
    String begin = "{'messages':[{'role':'user','content':[" + "{},".repeat(Digest.MOST) + "'";

    assertThat(place("/v1/messages", begin + "1']}]}"))
        .isEqualTo(place("/v1/messages", begin + "2']}]}"));
  }

  @Test
  void seesTheUsersFirstWordsBehindALongPrompt() {
    String begin = "{'messages':[{'role':'system','content':'" + "x".repeat(3 * Digest.MOST)
        + "'},{'role':'user','content':'";

    assertThat(place("/v1/chat/completions", begin + "1'}]}"))
        .isNotEqualTo(place("/v1/chat/completions", begin + "2'}]}"));
  }

  @Test
  void takesTheClientForAConversationWhereNothingIsSaid() {
    Call one = fetching("10.0.0.1");

    assertThat(prefix.applyAsLong(one)).isEqualTo(prefix.applyAsLong(fetching("10.0.0.1")));
    assertThat(prefix.applyAsLong(one)).isNotEqualTo(prefix.applyAsLong(fetching("10.0.0.2")));
  }

  private static Call fetching(String client) {
    Call call = Calls.at("openai-chat", "/v1/files", "");
    call.exchange().client(client);
    return call;
  }

  private long place(String path, String body) {
    String json = body.replace("S,", SYSTEM + ",").replace('\'', '"');
    String named = json.replaceFirst("\\{", "{\"model\":\"m\",");
    return prefix.applyAsLong(Calls.arrived(path, named, Headers.NONE));
  }
}
