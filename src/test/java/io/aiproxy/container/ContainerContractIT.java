package io.aiproxy.container;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What must hold of the gateway in every servlet container that {@code deploy/} has a recipe for. */
@ParameterizedClass
@EnumSource(Distribution.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ContainerContractIT {
  private static final String CHAT = "/v1/chat/completions";
  private static final String QUESTION = """
      {"model":"gpt-4o","messages":[{"role":"user","content":"hello"}]}""";
  private static final String ANSWER = """
      {"id":"c1","object":"chat.completion","model":"gpt-4o-2024","choices":[{"index":0,"message":{"role":"assistant",\
      "content":"hi"},"finish_reason":"stop"}],"usage":{"prompt_tokens":23,"completion_tokens":8,"total_tokens":31}}""";

  @Parameter
  Distribution distribution;

  private final HttpClient http = HttpClient.newHttpClient();
  private Upstream upstream;
  private Container container;

  @BeforeParameterizedClassInvocation
  void start() throws Exception {
    upstream = Upstream.open();
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
    upstream.answers(200, ANSWER);
    String id = UUID.randomUUID().toString();

    HttpResponse<String> reply = http.send(post(CHAT, QUESTION, id), BodyHandlers.ofString());

    assertThat(reply.statusCode()).isEqualTo(200);
    assertThat(reply.body()).isEqualTo(ANSWER);
    LogLine line = LogLine.parse(container.accessLog().lineWith(id));
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
    assertThat(line.httpUserAgent()).isEqualTo(id);
    assertThat(line.upstreamStatus()).isEqualTo("200");
    assertThat(line.requestType()).isEqualTo("ai_chat");
    assertThat(line.requestModel()).isEqualTo("gpt-4o");
    assertThat(line.promptTokens()).isEqualTo("23");
    assertThat(line.completionTokens()).isEqualTo("8");
  }

  @Test
  void passesEachEventBeforeTheNextOneIsSent() throws Exception {
    String id = UUID.randomUUID().toString();
    upstream.sends(
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n");
    upstream.sends(event("{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\"}}]}"));

    HttpResponse<InputStream> reply = http.send(
        post(CHAT, QUESTION.replace("{\"model", "{\"stream\":true,\"model"), id),
        BodyHandlers.ofInputStream());
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(reply.body(), StandardCharsets.UTF_8));

    assertThat(nextEvent(lines)).contains("\"a\"");
    upstream.sends(event("{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"b\"}}]}"));
    assertThat(nextEvent(lines)).contains("\"b\"");
    upstream.sends(
        event(
            "{\"choices\":[],\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":2,\"total_tokens\":7}}"));
    upstream.sends(event("[DONE]"));
    upstream.closes();
    assertThat(lines.lines().toList()).contains("data: [DONE]");
    LogLine line = LogLine.parse(container.accessLog().lineWith(id));
    assertThat(line.requestType()).isEqualTo("ai_stream");
    assertThat(line.timeToFirstToken()).matches("\\d+");
    assertThat(line.promptTokens()).isEqualTo("5");
    assertThat(line.completionTokens()).isEqualTo("2");
    assertThat(line.bodyBytesSent()).matches("\\d+");
  }

  private static String event(String data) {
    return "data: " + data + "\n\n";
  }

  private static String nextEvent(BufferedReader lines) throws IOException {
    String line = lines.readLine();
    while (line != null && line.isEmpty()) {
      line = lines.readLine();
    }
    return String.valueOf(line);
  }

  private HttpRequest post(String path, String body, String userAgent) {
    return HttpRequest.newBuilder(container.uri(path))
        .header("User-Agent", userAgent)
        .header("Content-Type", "application/json")
        .POST(BodyPublishers.ofString(body))
        .build();
  }
}
