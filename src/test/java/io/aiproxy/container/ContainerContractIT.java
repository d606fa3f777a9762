package io.aiproxy.container;

import static io.aiproxy.container.Client.QUESTION;
import static io.aiproxy.container.Client.STREAM_QUESTION;
import static io.aiproxy.container.Configurations.CHAT;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.aiproxy.testing.OddPaths;
import io.aiproxy.testing.ScriptedUpstream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What must hold of the gateway in every servlet container that {@code deploy/} has a recipe for. */
@ParameterizedClass
@EnumSource(Distribution.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ContainerContractIT {
  private static final String ANSWER = """
      {"id":"c1","object":"chat.completion","model":"gpt-4o-2024","choices":[{"index":0,"message":{"role":"assistant",\
      "content":"hi"},"finish_reason":"stop"}],"usage":{"prompt_tokens":23,"completion_tokens":8,"total_tokens":31}}""";
  private static final String USAGE =
      "{\"choices\":[],\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":2,\"total_tokens\":7}}";

  @Parameter
  Distribution distribution;

  private ScriptedUpstream upstream;
  private Container container;

  @BeforeParameterizedClassInvocation
  void start() throws Exception {
    upstream = ScriptedUpstream.open();
    container = Container.start(
        distribution, Deployment.of(Wars.gateway(), Configurations.chatTo(upstream)));
  }

  @AfterParameterizedClassInvocation
  void stop() throws Exception {
    container.close();
    upstream.close();
  }

  @Test
  void logsAnAnswerInTheDocumentedOrder() throws Exception {
    upstream.answers(turn -> turn.json(ANSWER));
    Client client = new Client();

    HttpResponse<String> reply = client.post(container.uri(CHAT), QUESTION);

    assertThat(reply.statusCode()).isEqualTo(200);
    assertThat(reply.body()).isEqualTo(ANSWER);
    LogLine line = line(client);
    assertThat(line.remoteAddr()).isEqualTo("127.0.0.1");
    assertThat(line.remoteUser()).isEqualTo("-");
    assertThat(line.timeLocal())
        .matches("\\d\\d/[A-Z][a-z][a-z]/\\d{4}:\\d\\d:\\d\\d:\\d\\d \\+0000");
    assertThat(line.httpHost()).isEqualTo(container.uri(CHAT).getAuthority());
    assertThat(line.request()).isEqualTo("POST " + CHAT + " HTTP/1.1");
    assertThat(line.status()).isEqualTo("200");
    assertThat(line.bodyBytesSent()).isEqualTo(Integer.toString(ANSWER.length()));
    assertThat(line.requestTime()).matches("\\d+\\.\\d{3}");
    assertThat(line.httpReferer()).isEqualTo("-");
    assertThat(line.httpUserAgent()).isEqualTo(client.id());
    assertThat(line.upstreamAddr()).isEqualTo("127.0.0.1:" + upstream.port());
    assertThat(line.upstreamStatus()).isEqualTo("200");
    assertThat(line.upstreamResponseTime()).matches("\\d+\\.\\d{3}");
    assertThat(line.upstream()).isEqualTo("http://127.0.0.1/v1/chat/completions");
    assertThat(line.requestId())
        .isEqualTo(reply.headers().firstValue("x-ai-request-id").orElseThrow());
    assertThat(line.requestType()).isEqualTo("ai_chat");
    assertThat(line.timeToFirstToken()).matches("\\d+");
    assertThat(line.model()).isEqualTo("gpt-4o");
    assertThat(line.requestModel()).isEqualTo("gpt-4o");
    assertThat(line.promptTokens()).isEqualTo("23");
    assertThat(line.completionTokens()).isEqualTo("8");
  }

  @Test
  void passesEachEventBeforeTheNextOneIsSent() throws Exception {
    CountDownLatch first = new CountDownLatch(1);
    CountDownLatch second = new CountDownLatch(1);
    upstream.answers(turn ->
        turn.event(delta("a")).awaits(first).event(delta("b")).awaits(second).sse(USAGE, "[DONE]"));
    Client client = new Client();

    HttpResponse<InputStream> reply = client.open(container.uri(CHAT), STREAM_QUESTION);

    BufferedReader lines = Client.lines(reply);
    assertThat(Client.nextEvent(lines)).contains("\"a\"");
    first.countDown();
    assertThat(Client.nextEvent(lines)).contains("\"b\"");
    second.countDown();
    assertThat(lines.lines()).contains("data: [DONE]");
  }

  @Test
  void logsTheTokensOfAStream() throws Exception {
    upstream.answers(turn -> turn.sse(delta("a"), USAGE, "[DONE]"));
    Client client = new Client();

    String body = client.post(container.uri(CHAT), STREAM_QUESTION).body();

    LogLine line = line(client);
    assertThat(line.requestType()).isEqualTo("ai_stream");
    assertThat(line.timeToFirstToken()).matches("\\d+");
    assertThat(line.promptTokens()).isEqualTo("5");
    assertThat(line.completionTokens()).isEqualTo("2");
    assertThat(line.bodyBytesSent()).isEqualTo(Integer.toString(body.length()));
  }

  @Test
  void servesMoreStreamsAtATimeThanAContainerHasThreadsByDefault() throws Exception {
    CountDownLatch all = new CountDownLatch(1);
    upstream.answers(turn -> turn.event(delta("a")).awaits(all).sse(USAGE, "[DONE]"));
    Client client = new Client();

    List<CompletableFuture<HttpResponse<InputStream>>> replies = new ArrayList<>();
    for (int i = 0; i < 220; i++) {
      replies.add(client.opens(container.uri(CHAT), STREAM_QUESTION));
    }

    for (CompletableFuture<HttpResponse<InputStream>> reply : replies) {
      assertThat(Client.nextEvent(Client.lines(reply.join()))).contains("\"a\"");
    }
    all.countDown();
    for (CompletableFuture<HttpResponse<InputStream>> reply : replies) {
      assertThat(new String(reply.join().body().readAllBytes(), StandardCharsets.UTF_8))
          .contains("[DONE]");
    }
  }

  @Test
  void showsThatAStreamBroke() throws Exception {
    upstream.answers(turn -> turn.event(delta("a")).close());
    Client client = new Client();

    HttpResponse<InputStream> reply = client.open(container.uri(CHAT), STREAM_QUESTION);

    assertThat(Client.untilItEndsOrIsCut(reply))
        .contains("\"a\"")
        .doesNotContain("[DONE]")
        .containsAnyOf("\"error\"", "[CUT]");
    assertThat(line(client).status()).isEqualTo("200");
  }

  @Test
  void passesTheErrorOfAnUpstream() throws Exception {
    String error =
        "{\"error\":{\"message\":\"slow down\",\"type\":\"rate_limit_error\",\"code\":\"rate_limit\"}}";
    upstream.answers(turn -> turn.status(429).header("Retry-After", "7").json(error));
    Client client = new Client();

    HttpResponse<String> reply = client.post(container.uri(CHAT), QUESTION);

    assertThat(reply.statusCode()).isEqualTo(429);
    assertThat(reply.headers().firstValue("Retry-After")).contains("7");
    assertThat(reply.body()).isEqualTo(error);
    assertThat(line(client).status()).isEqualTo("429");
    assertThat(line(client).upstreamStatus()).isEqualTo("429");
  }

  @Test
  void refusesWhatIsNoJson() throws Exception {
    Client client = new Client();

    HttpResponse<String> reply = client.post(container.uri(CHAT), "{\"model\":");

    assertIsError(reply, 400);
    assertThat(line(client).status()).isEqualTo("400");
    assertThat(line(client).requestId())
        .isEqualTo(reply.headers().firstValue("x-ai-request-id").orElseThrow());
  }

  @Test
  void refusesABodyThatIsTooLarge() throws Exception {
    Client client = new Client();

    HttpResponse<String> reply =
        client.post(container.uri(CHAT), " ".repeat(Configurations.MOST_BYTES + 1));

    assertIsError(reply, 413);
    assertThat(line(client).status()).isEqualTo("413");
  }

  @Test
  void answersForAnUpstreamThatIsNotThere() throws Exception {
    Client client = new Client();

    HttpResponse<String> reply = client.post(container.uri("/dead" + CHAT), QUESTION);

    assertIsError(reply, 502);
    assertThat(line(client).status()).isEqualTo("502");
    assertThat(line(client).upstreamStatus()).isEqualTo("-");
    assertThat(line(client).model()).isEqualTo("gpt-4o");
  }

  @Test
  void answersWhereThereIsNoRoute() throws Exception {
    Client client = new Client();

    HttpResponse<String> reply = client.post(container.uri("/nowhere"), QUESTION);

    assertIsError(reply, 404);
    assertThat(line(client).status()).isEqualTo("404");
    assertThat(line(client).requestType()).isEqualTo("-");
  }

  @Test
  void letsNoPathPastTheRoutes() throws Exception {
    upstream.answers(turn -> turn.json("{}"));

    for (OddPaths.Odd odd : OddPaths.all()) {
      OddPaths.check(odd, container.uri("/"), upstream);
    }
  }

  @Test
  void keepsForgedTextInsideItsField() throws Exception {
    upstream.answers(turn -> turn.json(ANSWER));
    Client client = new Client();
    String question = QUESTION.replace("gpt-4o", "x\\r\\n127.0.0.1 - - \\u2028\\\" 200 \\u0000");

    client.post(
        container.uri(CHAT + "?api_key=sk-mine&a=%0d%0a%22"),
        question,
        "User-Agent",
        client.id() + "\" \"-\" - 200 \\",
        "Referer",
        "\"" + "x".repeat(1000));

    LogLine line = line(client);
    assertThat(line.requestModel()).isEqualTo("x__127.0.0.1 - - __ 200 _");
    assertThat(line.httpUserAgent()).isEqualTo(client.id() + "_ _-_ - 200 _");
    assertThat(line.httpReferer()).hasSize(256).startsWith("_xxx");
    assertThat(line.request()).isEqualTo("POST " + CHAT + "?api_key=***&a=%0d%0a%22 HTTP/1.1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "?a=%zz",
        "?a=%",
        "?%ff=%ff",
        "?a=%00",
        "?" + "a&a=%u0041",
        " Cookie: a=\"; =b; \u00ff; $Version=1; a,b=c",
        " Content-Type: application/x-www-form-urlencoded; charset=nonsense",
        " Content-Type: multipart/form-data; boundary=\"",
        " Accept-Language: *;q=x, -, zz_ZZ_zz",
        " X-Forwarded-For: \"\\",
        " Authorization: Basic %%%",
        " Expect: 200-maybe"
      })
  void writesALineForEveryOddRequest(String oddity) throws Exception {
    String id = new Client().id();
    String query = oddity.startsWith("?") ? oddity : "";
    String header = oddity.startsWith(" ") ? oddity.strip() + "\r\n" : "";

    Client.raw(
        container.uri("/"),
        "POST /nowhere" + query + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\nUser-Agent: " + id
            + "\r\n" + header + "Content-Length: 3\r\n\r\na=b");

    assertThat(container.accessLog().linesWith(id)).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET / HTTP/1.1\r\nHost : a\r\n\r\n",
        "GET / HTTP/1.1\r\n\r\n",
        "GET /%00 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
        "GET /a/../../.. HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\nConnection: close\r\n\r\nab",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: x\r\nConnection: close\r\n\r\n",
        "TRACE / HTTP/1.1\r\nHost: a\r\nX-Canary: canary\r\nConnection: close\r\n\r\n",
        "BR\u0001KEN\r\n\r\n"
      })
  void tellsNeitherVersionNorClass(String request) throws Exception {
    String reply = Client.raw(container.uri("/"), request);

    assertThat(reply.substring(0, 12)).matches("HTTP/1.1 (4..|501)");
    assertThat(reply)
        .doesNotContainIgnoringCase(
            "server:", "tomcat", "jetty", "java.", "org.", "exception", "canary");
  }

  @Test
  void writesNoCredentialAnywhere() throws Exception {
    upstream.answers(turn -> turn.json(ANSWER));
    Client client = new Client();

    client.post(container.uri(CHAT), QUESTION, "Authorization", "Bearer sk-of-the-client");

    line(client);
    assertThat(Stream.concat(
            container.console().lines().stream(), container.accessLog().lines().stream()))
        .noneMatch(
            text -> text.contains(Configurations.CREDENTIAL) || text.contains("sk-of-the-client"));
  }

  private LogLine line(Client client) throws IOException {
    return LogLine.parse(container.accessLog().lineWith(client.id()));
  }

  private static void assertIsError(HttpResponse<String> reply, int status) throws IOException {
    assertThat(reply.statusCode()).isEqualTo(status);
    assertThat(reply.headers().firstValue("Content-Type").orElse(""))
        .startsWith("application/json");
    JsonNode error = new ObjectMapper().readTree(reply.body()).path("error");
    assertThat(error.path("message").asText()).isNotEmpty();
    assertThat(error.path("code").asText()).isNotEmpty();
  }

  private static String delta(String content) {
    return "{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"" + content + "\"}}]}";
  }
}
