package io.aiproxy.embedding;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;

import io.aiproxy.call.Call;
import io.aiproxy.call.Ending;
import io.aiproxy.call.Exchange;
import io.aiproxy.call.Headers;
import io.aiproxy.call.Problem;
import io.aiproxy.call.Reply;
import io.aiproxy.call.Target;
import io.aiproxy.ledger.Ledger;
import io.aiproxy.ledger.Ticker;
import io.aiproxy.testing.Calls;
import io.aiproxy.testing.ScriptedBody;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EmbeddingEndpointTest {
  private static final Target TARGET =
      new Target("http", "vectors", 80, "/v1/embeddings", "api-key=hidden");
  private static final Headers HEADERS =
      Headers.builder().add("Authorization", "Bearer hidden").build();

  private final Exchange asking =
      new Exchange("id", new Ledger("id", Ticker.SYSTEM), Calls.SCHEDULER);
  private final List<Call> sent = new ArrayList<>();

  @Test
  void asksAsOpenAiDescribesIt() throws Exception {
    answering("{'data':[{'embedding':[1,0]},{'embedding':[0,1]}]}")
        .embed(List.of("a", "\"b"), asking);

    Call call = sent.get(0);
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    call.payload().writeTo(body);
    assertThat(body.toString(UTF_8)).isEqualTo("{\"model\":\"m\",\"input\":[\"a\",\"\\\"b\"]}");
    assertThat(call.method()).isEqualTo("POST");
    assertThat(call.target()).isEqualTo(TARGET);
    assertThat(call.headers()).isEqualTo(HEADERS);
  }

  @Test
  void isNoAttemptOfTheOneWhoAsks() throws Exception {
    answering("{'data':[{'embedding':[1]}]}").embed(List.of("a"), asking);

    assertThat(asking.ledger().attempts()).isEmpty();
    assertThat(sent.get(0).exchange()).isNotSameAs(asking);
  }

  @Test
  void endsWithTheOneWhoAsks() throws Exception {
    EmbeddingEndpoint endpoint = new EmbeddingEndpoint(
        call -> {
          asking.end(Ending.CLIENT_GONE);
          assertThat(call.exchange().ending()).contains(Ending.CLIENT_GONE);
          throw Problem.of(Problem.Kind.DEADLINE, "the client has gone");
        },
        TARGET,
        HEADERS,
        "m");

    assertThat(catchThrowableOfType(NoVectors.class, () -> endpoint.embed(List.of("a"), asking)))
        .hasMessage("the client has gone");
  }

  @Test
  void placesVectorsByTheirIndex() throws Exception {
    List<Vector> vectors = answering(
            "{'object':'list','data':[{'index':1,'embedding':[0,2.5e0]},{'index':0,'embedding':[7,0]}]}")
        .embed(List.of("a", "b"), asking);

    assertThat(vectors.get(0).similarity(Vector.of(new float[] {1, 0}))).isCloseTo(1, within(1e-6));
    assertThat(vectors.get(1).similarity(Vector.of(new float[] {0, 1}))).isCloseTo(1, within(1e-6));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "[]",
        "{}",
        "not json",
        "{'data':null}",
        "{'data':[]}",
        "{'data':[1,2]}",
        "{'data':[{'embedding':[1,0]}]}",
        "{'data':[{'embedding':[1,0]},{'embedding':[1,0]},{'embedding':[1,0]}]}",
        "{'data':[{'embedding':[1,0]},{'embedding':null}]}",
        "{'data':[{'embedding':[1,0]},{'embedding':[]}]}",
        "{'data':[{'embedding':[1,0]},{'embedding':[1,null]}]}",
        "{'data':[{'embedding':[1,0]},{'embedding':[1,'0']}]}",
        "{'data':[{'embedding':[1,0]},{'embedding':[1,NaN]}]}",
        "{'data':[{'embedding':[1,0]},{'embedding':[1,1e999]}]}",
        "{'data':[{'embedding':[1,0]},{'embedding':[0,0]}]}",
        "{'data':[{'embedding':[1,0]},{'embedding':[1,0,0]}]}",
        "{'data':[{'embedding':[1,0]},{'embedding':'AACAPwAAAAA='}]}",
        "{'data':[{'index':0,'embedding':[1,0]},{'index':0,'embedding':[1,0]}]}",
        "{'data':[{'index':1,'embedding':[1,0]},{'index':2,'embedding':[1,0]}]}",
        "{'data':[{'index':'x','embedding':[1,0]},{'index':1,'embedding':[1,0]}]}",
        "{'error':{'message':'SENSITIVE'}}"
      })
  void believesNothing(String answer) {
    NoVectors none = catchThrowableOfType(
        NoVectors.class, () -> answering(answer).embed(List.of("a", "b"), asking));

    assertThat(none.isTransitory()).isFalse();
    assertThat(none.words()).startsWith("the endpoint's").doesNotContain("SENSITIVE");
  }

  @ParameterizedTest
  @ValueSource(ints = {201, 301, 400, 401, 404})
  void hasNoVectorsWithoutA200(int status) {
    NoVectors none = refused(status);

    assertThat(none.isTransitory()).isFalse();
    assertThat(none.words()).isEqualTo("the endpoint answered with " + status);
  }

  @ParameterizedTest
  @ValueSource(ints = {429, 500, 503})
  void knowsWhoIsNotThereAtTheMoment(int status) {
    assertThat(refused(status).isTransitory()).isTrue();
  }

  @Test
  void readsOnlySoMuch() {
    ScriptedBody endless = ScriptedBody.endless(" ".repeat(8_192));
    EmbeddingEndpoint endpoint =
        new EmbeddingEndpoint(call -> new Reply(200, Headers.NONE, endless), TARGET, HEADERS, "m");

    assertThat(catchThrowableOfType(NoVectors.class, () -> endpoint.embed(List.of("a"), asking)))
        .hasMessage("the endpoint's answer is too large");
    assertThat(endless.given()).isLessThan(EmbeddingEndpoint.MOST_FOR_ONE + 2 * 8_192);
    assertThat(endless.closed()).isTrue();
  }

  @Test
  void readsAVectorOf4096Dimensions() throws Exception {
    String numbers = String.join(",", Collections.nCopies(4096, "-0.0123456789012345"));

    assertThat(answering("{'data':[{'embedding':[" + numbers + "]}]}")
            .embed(List.of("a"), asking)
            .get(0)
            .size())
        .isEqualTo(4096);
  }

  @Test
  void saysNoSecret() {
    assertThat(answering("{}")).hasToString("http://vectors:80/v1/embeddings");
  }

  private NoVectors refused(int status) {
    EmbeddingEndpoint endpoint = new EmbeddingEndpoint(
        call -> new Reply(status, Headers.NONE, ScriptedBody.of("{\"error\":\"SENSITIVE\"}")),
        TARGET,
        HEADERS,
        "m");
    return catchThrowableOfType(NoVectors.class, () -> endpoint.embed(List.of("a"), asking));
  }

  private EmbeddingEndpoint answering(String json) {
    return new EmbeddingEndpoint(
        call -> {
          sent.add(call);
          return new Reply(200, Headers.NONE, ScriptedBody.of(json.replace('\'', '"')));
        },
        TARGET,
        HEADERS,
        "m");
  }
}
