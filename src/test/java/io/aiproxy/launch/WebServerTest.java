package io.aiproxy.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.RequestLog;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebServerTest {
  private static final RequestLog NONE = (request, response) -> {};

  private static WebServer server;

  @BeforeAll
  static void start() throws Failure {
    server = WebServer.open(on(0), new Scripted(), NONE);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void saysNothingOfItself() throws IOException {
    assertThat(answer("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"))
        .startsWith("HTTP/1.1 200 OK")
        .doesNotContainIgnoringCase("jetty")
        .doesNotContain("Server:", "X-Powered-By:");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET / HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a b/<c>\r\n\r\n",
        "GET / HTTP/1.1\r\nHost : a\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\n: nothing\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nX: b\r\n c\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nX: b\rY: c\r\n\r\n",
        "GET / HTTP/1.1\nHost: a\n\n",
        "G<T / HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /..;/x HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /a/%2e%2e/b HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET //x HTTP/1.1\r\nHost: a\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +1\r\n\r\nx",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        "\u0000\u00ff lorem ipsum\r\n\r\n",
      })
  void refusesWhatTwoParsersCouldReadDifferently(String request) throws IOException {
    assertThat(answer(request))
        .startsWith("HTTP/1.1 400 Bad Request")
        .contains("Content-Type: application/json")
        .endsWith(
            "{\"error\":{\"message\":\"bad request\",\"type\":\"invalid_request_error\",\"param\":null,"
                + "\"code\":\"bad_request\"}}");
  }

  @Test
  void takesASlashInTheNameOfAModel() throws IOException {
    assertThat(answer("GET /model/a%2Fb/converse HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"))
        .startsWith("HTTP/1.1 200 OK");
  }

  @Test
  void refusesAHeadOfMoreThanSixteenKilobytes() throws IOException {
    assertThat(answer("GET / HTTP/1.1\r\nHost: a\r\nX: " + "a".repeat(17_000) + "\r\n\r\n"))
        .startsWith("HTTP/1.1 431")
        .contains("\"code\":\"request_header_fields_too_large\"");
  }

  @Test
  void refusesOtherVersionsOfHttp() throws IOException {
    assertThat(answer("GET / HTTP/9.9\r\nHost: a\r\n\r\n")).startsWith("HTTP/1.1 505");
    assertThat(answer("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")).startsWith("HTTP/1.1 505");
  }

  @Test
  void hidesTheInsideWhenSomethingIsThrown() throws IOException {
    assertThat(answer("GET /throw HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"))
        .startsWith("HTTP/1.1 500")
        .endsWith(
            "{\"error\":{\"message\":\"server error\",\"type\":\"server_error\",\"param\":null,"
                + "\"code\":\"server_error\"}}");
  }

  @Test
  void answersAnUpgradeThatItDoesNotKnowAsIfItWereNone() throws IOException {
    String offer =
        "Connection: Upgrade, HTTP2-Settings, close\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\r\n";
    assertThat(answer("GET / HTTP/1.1\r\nHost: a\r\n" + offer + "\r\n"))
        .startsWith("HTTP/1.1 200 OK");
  }

  @Test
  void saysWhichAddressIsTaken() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      assertThatThrownBy(() -> WebServer.open(on(taken.getLocalPort()), new Scripted(), NONE))
          .isInstanceOf(Failure.class)
          .hasMessageContaining("cannot listen on 127.0.0.1:" + taken.getLocalPort());
    }
  }

  private static ServeOptions on(int port) {
    return new ServeOptions("127.0.0.1", port, Optional.empty(), Optional.empty(), Duration.ZERO);
  }

  private static String answer(String request) throws IOException {
    try (Socket socket = new Socket("127.0.0.1", server.address().getPort())) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      socket.shutdownOutput();
      try (InputStream answer = socket.getInputStream()) {
        return new String(answer.readAllBytes(), StandardCharsets.UTF_8);
      }
    }
  }

  private static final class Scripted extends Handler.Abstract {
    @Override
    public boolean handle(Request request, Response response, Callback callback) {
      if (Request.getPathInContext(request).equals("/throw")) {
        throw new IllegalStateException("secret");
      }
      callback.succeeded();
      return true;
    }
  }
}
