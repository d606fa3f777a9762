package io.aiproxy.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AccessLogTest {
  private static final Map<String, String> ATTRIBUTES = Map.ofEntries(
      Map.entry("request_time", "2.858"),
      Map.entry("upstream_addr", "api.openai.com:443"),
      Map.entry("upstream_status", "200"),
      Map.entry("upstream_response_time", "2.858"),
      Map.entry("upstream_scheme", "https"),
      Map.entry("upstream_host", "api.openai.com"),
      Map.entry("upstream_uri", "/v1/chat/completions"),
      Map.entry("ai_request_id", "5c5e0b95f8d303cb81e4dc456a4b12d9"),
      Map.entry("request_type", "ai_chat"),
      Map.entry("llm_time_to_first_token", "2858"),
      Map.entry("llm_model", "gpt-4"),
      Map.entry("request_llm_model", "gpt-4"),
      Map.entry("llm_prompt_tokens", "23"),
      Map.entry("llm_completion_tokens", "8"));

  private static final ServeOptions ANY_PORT =
      new ServeOptions("127.0.0.1", 0, Optional.empty(), Optional.empty(), Duration.ZERO);

  @TempDir
  Path folder;

  @Test
  void printsTheFieldsThatApisixDocuments() throws Exception {
    String line = builtIn(
            "POST /anything HTTP/1.1\r\nHost: api.openai.com\r\nUser-Agent: curl/8.6.0\r\n\r\n")
        .get(0);
    assertThat(line.replaceFirst(
            "\\[\\d\\d/[A-Z][a-z]{2}/\\d{4}:\\d\\d:\\d\\d:\\d\\d \\+0000]", "[TIME]"))
        .isEqualTo(
            "127.0.0.1 - - [TIME] api.openai.com \"POST /anything HTTP/1.1\" 200 2 2.858 \"-\" \"curl/8.6.0\""
                + " api.openai.com:443 200 2.858 \"https://api.openai.com/v1/chat/completions\""
                + " \"5c5e0b95f8d303cb81e4dc456a4b12d9\" \"ai_chat\" \"2858\" \"gpt-4\" \"gpt-4\" \"23\" \"8\"");
  }

  @Test
  void letsNoClientForgeAField() throws Exception {
    String head =
        "GET /a?q=\"%0d&api_key=sk-1 HTTP/1.1\r\nHost: a\r\nReferer: \" 200 \\\"\r\nUser-Agent: "
            + "b".repeat(1_000) + "\r\n\r\n";
    assertThat(builtIn(head).get(0))
        .contains("\"GET /a?q=_%0d&api_key=*** HTTP/1.1\" 200 2 2.858 \"_ 200 __\" \""
            + "b".repeat(256) + "\" ")
        .doesNotContain("sk-1");
  }

  @Test
  void logsARequestWhoseQueryAndCookiesCannotBeRead() throws Exception {
    assertThat(builtIn(
            "GET /a?%zz&a=%ff HTTP/1.1\r\nHost: a\r\nCookie: $Version=1; a b=c; =x\r\n\r\n"))
        .hasSize(1);
  }

  @Test
  void takesAConfigurationOfSomebodyElse() throws Exception {
    Path file = folder.resolve("own.log");
    Path config = config(
        "<appender name='f' class='ch.qos.logback.core.FileAppender'><file>" + file + "</file>"
            + "<encoder><pattern>%header{Host} %statusCode %reqAttribute{llm_model}%n</pattern></encoder></appender>"
            + "<appender-ref ref='f'/>");
    serve(AccessLog.open(Optional.of(config), Map.of()), "GET / HTTP/1.1\r\nHost: b\r\n\r\n");
    assertThat(file).content().isEqualTo("b 200 gpt-4\n");
  }

  @Test
  void doesNotStartWithABrokenConfiguration() throws IOException {
    for (String broken : List.of(
        "<appender",
        "<appender name='f' class='no.such.Appender'/><appender-ref ref='f'/>",
        "<appender name='f' class='ch.qos.logback.core.FileAppender'><file>/dev/null/x</file>"
            + "<encoder><pattern>%h</pattern></encoder></appender><appender-ref ref='f'/>")) {
      Path config = config(broken);
      assertThatThrownBy(() -> AccessLog.open(Optional.of(config), Map.of()))
          .as(broken)
          .isInstanceOf(Failure.class)
          .hasMessageStartingWith("access log: ");
    }
  }

  @Test
  void doesNotStartWhereItsFileCannotBe() {
    assertThatThrownBy(
            () -> AccessLog.open(Optional.empty(), Map.of("AI_PROXY_ACCESS_LOG", "/dev/null/x")))
        .isInstanceOf(Failure.class)
        .hasMessageStartingWith("access log: ");
  }

  @Test
  void doesNotStartWithoutItsConfiguration() {
    assertThatThrownBy(() -> AccessLog.open(Optional.of(folder.resolve("none.xml")), Map.of()))
        .isInstanceOf(Failure.class)
        .hasMessageContaining("none.xml: there is no such file");
  }

  private Path config(String content) throws IOException {
    return Files.writeString(
        folder.resolve("logback-access.xml"), "<configuration>" + content + "</configuration>");
  }

  private List<String> builtIn(String request) throws Exception {
    Path file = folder.resolve("logs/access.log");
    serve(
        AccessLog.open(Optional.empty(), Map.of("AI_PROXY_ACCESS_LOG", file.toString())), request);
    return Files.readAllLines(file);
  }

  /** Closing the log writes what is still in its queue. */
  private static void serve(AccessLog log, String request) throws Exception {
    try (log;
        WebServer server = WebServer.open(ANY_PORT, new Attributes(), log)) {
      answer(server, request);
    }
  }

  private static String answer(WebServer server, String request) throws IOException {
    try (Socket socket = new Socket("127.0.0.1", server.address().getPort())) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
      socket.shutdownOutput();
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static final class Attributes extends Handler.Abstract {
    @Override
    public boolean handle(Request request, Response response, Callback callback) {
      ATTRIBUTES.forEach(request::setAttribute);
      response.write(true, ByteBuffer.wrap("ok".getBytes(StandardCharsets.UTF_8)), callback);
      return true;
    }
  }
}
