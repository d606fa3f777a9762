package io.aiproxy.container;

import io.aiproxy.testing.ScriptedUpstream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/** A client of the gateway whose requests can be told from all others, by their {@code User-Agent}. */
final class Client {
  /** A question for a model. */
  static final String QUESTION = """
      {"model":"gpt-4o","messages":[{"role":"user","content":"hello"}]}""";
  /** The same, for a stream. */
  static final String STREAM_QUESTION = """
      {"model":"gpt-4o","stream":true,"messages":[{"role":"user","content":"hello"}]}""";

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final String id = "client-" + UUID.randomUUID();

  /** What its lines in an access log can be found by. */
  String id() {
    return id;
  }

  HttpResponse<String> post(URI uri, String body, String... headers)
      throws IOException, InterruptedException {
    return http.send(request(uri, body, headers), BodyHandlers.ofString());
  }

  /** Returns when the head of the answer is there. */
  HttpResponse<InputStream> open(URI uri, String body) throws IOException, InterruptedException {
    return http.send(request(uri, body), BodyHandlers.ofInputStream());
  }

  /** The same without waiting. */
  CompletableFuture<HttpResponse<InputStream>> opens(URI uri, String body) {
    return http.sendAsync(request(uri, body), BodyHandlers.ofInputStream());
  }

  private HttpRequest request(URI uri, String body, String... headers) {
    HttpRequest.Builder request = HttpRequest.newBuilder(uri)
        .timeout(ScriptedUpstream.PATIENCE.multipliedBy(3))
        .header("User-Agent", id)
        .header("Content-Type", "application/json")
        .POST(BodyPublishers.ofString(body));
    for (int i = 0; i < headers.length; i += 2) {
      request.setHeader(headers[i], headers[i + 1]);
    }
    return request.build();
  }

  /** Sends just these characters, in Latin-1, and reads until the server closes. */
  static String raw(URI server, String text) throws IOException {
    try (Socket socket = new Socket(server.getHost(), server.getPort())) {
      socket.setSoTimeout(Math.toIntExact(ScriptedUpstream.PATIENCE.toMillis()));
      socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }
  }

  static BufferedReader lines(HttpResponse<InputStream> reply) {
    return new BufferedReader(new InputStreamReader(reply.body(), StandardCharsets.UTF_8));
  }

  /** The next line with something in it; empty at the end. */
  static String nextEvent(BufferedReader lines) throws IOException {
    String line = lines.readLine();
    while (line != null && line.isEmpty()) {
      line = lines.readLine();
    }
    return line == null ? "" : line;
  }

  /** What is left of an answer, with {@code [CUT]} at its end if it was cut. */
  static String untilItEndsOrIsCut(HttpResponse<InputStream> reply) {
    StringBuilder text = new StringBuilder();
    try (InputStream body = reply.body()) {
      for (int b = body.read(); b >= 0; b = body.read()) {
        text.append((char) b);
      }
    } catch (IOException cut) {
      text.append("[CUT]");
    }
    return text.toString();
  }
}
