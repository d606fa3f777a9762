package io.aiproxy.rewrite;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.aiproxy.call.Call;
import io.aiproxy.call.Headers;
import io.aiproxy.call.Problem;
import io.aiproxy.call.Reply;
import io.aiproxy.testing.Calls;
import io.aiproxy.testing.ScriptedBody;
import io.aiproxy.testing.Settings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RewriteTest {
  private static final String CHAT = "/v1/chat/completions";
  private static final String USAGE_CHUNK =
      "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":1}}\n\n";

  private final List<Call> sent = new ArrayList<>();

  @Test
  void sendsToTheProviderWithItsKey() {
    send(
        "{'provider':'openai','auth':{'header':{'Authorization':'Bearer k'}}}",
        CHAT + "?a=b",
        "{\"messages\":[]}");

    Call call = sent.get(0);
    assertThat(call.method()).isEqualTo("POST");
    assertThat(call.target()).hasToString("https://api.openai.com:443/v1/chat/completions");
    assertThat(call.target().query()).isEmpty();
    assertThat(call.headers().first("authorization")).contains("Bearer k");
  }

  @Test
  void sendsTheClientsOwnBytesIfNothingChanges() {
    Call arrived = Calls.arrived(CHAT, " {\"messages\" : []}\n", Headers.NONE);

    rewrite("{'provider':'openai','auth':{}}").handle(arrived, this::answer);

    assertThat(sent.get(0).payload()).isSameAs(arrived.payload());
  }

  @Test
  void sendsAsManyBytesAsItSays() throws IOException {
    send("{'provider':'openai','auth':{},'options':{'user':'ä'}}", CHAT, "{\"messages\":[]}");

    ByteArrayOutputStream out = new ByteArrayOutputStream();
    sent.get(0).payload().writeTo(out);
    assertThat(out.toString(UTF_8)).isEqualTo("{\"messages\":[],\"user\":\"ä\"}");
    assertThat(sent.get(0).payload().length()).isEqualTo(out.size());
  }

  @Test
  void passesOtherJsonWithItsMethodAndPath() {
    Call arrived = Calls.arrived("PUT", "/v1/a b?c=d", "[1, 2]", Headers.NONE);

    rewrite("{'provider':'openai','auth':{},'options':{'model':'m'}}")
        .handle(arrived, this::answer);

    assertThat(sent.get(0).method()).isEqualTo("PUT");
    assertThat(sent.get(0).target().pathAndQuery()).isEqualTo("/v1/a%20b?c=d");
    assertThat(sent.get(0).payload()).isSameAs(arrived.payload());
  }

  @Test
  void beginsEachAttemptWithTheClientsOwnBody() throws IOException {
    Call arrived = Calls.arrived(CHAT, "{\"messages\":[],\"stream\":true}", Headers.NONE);
    Rewrite rewrite = rewrite("{'provider':'openai','auth':{},'options':{'model':'m'}}");

    rewrite.handle(arrived, this::answer);
    rewrite.handle(arrived, this::answer);

    assertThat(text(sent.get(1))).isEqualTo(text(sent.get(0)));
  }

  @Test
  void writesDownTheAttemptAndTheModel() {
    Call arrived = Calls.arrived(CHAT, "{\"messages\":[],\"model\":\"a\"}", Headers.NONE);

    rewrite("{'provider':'openai','auth':{},'options':{'model':'b'}}")
        .handle(arrived, this::answer);

    assertThat(arrived.exchange().ledger().model()).isEqualTo("b");
    assertThat(arrived.exchange().ledger().lastAttempt().orElseThrow().instance())
        .isEqualTo("an instance");
    assertThat(arrived.exchange().ledger().lastAttempt().orElseThrow().address())
        .isEqualTo("api.openai.com:443");
  }

  @Test
  void refusesWhatTheProviderDoesNotSpeakAndSaysWhatItDoes() {
    Call arrived = Calls.arrived("/v1/responses", "{\"input\":\"x\"}", Headers.NONE);

    Problem problem = catchThrowableOfType(
        Problem.class,
        () -> rewrite("{'provider':'deepseek','auth':{}}").handle(arrived, this::answer));

    assertThat(problem.kind()).isEqualTo(Problem.Kind.UNSUPPORTED_PROTOCOL);
    assertThat(problem.message())
        .isEqualTo(
            "provider deepseek does not support openai-responses protocol (supported: openai-chat, openai-completions)");
    assertThat(sent).isEmpty();
  }

  @Test
  void refusesABodyThatSaysTwoThingsWhereOneMustChange() {
    Call arrived = Calls.arrived(
        CHAT,
        "{\"messages\":[],\"stream\":true,\"stream_options\":{\"include_usage\":false,\"include_usage\":false}}",
        Headers.NONE);

    Problem problem = catchThrowableOfType(
        Problem.class,
        () -> rewrite("{'provider':'openai','auth':{}}").handle(arrived, this::answer));

    assertThat(problem.kind()).isEqualTo(Problem.Kind.INVALID_JSON);
  }

  @Test
  void takesTheUsageOutOfTheStreamOfAClientThatDidNotAsk() {
    Call asked = Calls.arrived(CHAT, "{\"messages\":[],\"stream\":true}", Headers.NONE);

    assertThat(streamed(asked)).isEqualTo("data: {}\n\n");
  }

  @Test
  void leavesTheUsageInTheStreamOfAClientThatAsked() {
    Call asked = Calls.arrived(
        CHAT,
        "{\"messages\":[],\"stream\":true,\"stream_options\":{\"include_usage\":true}}",
        Headers.NONE);

    assertThat(streamed(asked)).isEqualTo("data: {}\n\n" + USAGE_CHUNK);
  }

  private String streamed(Call call) {
    Headers stream = Headers.builder().add("Content-Type", "text/event-stream").build();
    ScriptedBody body = ScriptedBody.of("data: {}\n\n", USAGE_CHUNK);
    Reply reply = rewrite("{'provider':'openai','auth':{}}")
        .handle(call, c -> new Reply(200, stream, body).inEvents());
    return ScriptedBody.text(reply.body());
  }

  private void send(String plugin, String pathAndQuery, String body) {
    rewrite(plugin).handle(Calls.arrived(pathAndQuery, body, Headers.NONE), this::answer);
  }

  private static Rewrite rewrite(String plugin) {
    return new Rewrite("an instance", Settings.of(plugin));
  }

  private Reply answer(Call call) {
    sent.add(call);
    return new Reply(200, Headers.NONE, ScriptedBody.of("{}"));
  }

  private static String text(Call call) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    call.payload().writeTo(out);
    return out.toString(UTF_8);
  }
}
