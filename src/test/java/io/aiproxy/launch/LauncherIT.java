package io.aiproxy.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aiproxy.testing.OddPaths;
import io.aiproxy.testing.ScriptedUpstream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The WAR as a person starts it, in a process of its own. */
@Timeout(120)
class LauncherIT {
  private static final String QUESTION =
      "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"Hello, gateway\"}]}";
  private static final String STREAMED = QUESTION.replaceFirst("\\{", "{\"stream\":true,");

  private final HttpClient client = HttpClient.newHttpClient();

  @TempDir
  Path folder;

  @Test
  void demonstratesItselfFromTheWarAlone() throws Exception {
    try (WarProcess war = WarProcess.start(folder, "demo", "--port", "0")) {
      assertThat(post(war.address(), QUESTION).body()).contains("You said \\\"Hello, gateway\\\"");
      assertThat(post(war.address(), STREAMED).body())
          .contains("\"content\":\" \\\"Hello,\"")
          .endsWith("data: [DONE]\n\n");
      war.signal();
      assertThat(war.end()).isZero();
      assertThat(war.output())
          .anyMatch(line -> line.contains("curl -N " + war.address() + "/v1/chat/completions"));
      assertThat(Files.readAllLines(folder.resolve("logs/access.log")))
          .hasSize(2)
          .anyMatch(
              line -> line.contains("\"ai_chat\"") && line.endsWith("\"m\" \"m\" \"6\" \"14\""))
          .anyMatch(
              line -> line.contains("\"ai_stream\"") && line.endsWith("\"m\" \"m\" \"6\" \"14\""));
    }
  }

  @Test
  void leavesNothingBehind() throws Exception {
    try (WarProcess war = WarProcess.start(folder, "--version")) {
      assertThat(war.end()).isZero();
      assertThat(war.output()).singleElement().asString().matches("ai-proxy \\d\\S* on Java \\d.*");
      assertThat(WarProcess.temporary(folder)).isEmptyDirectory();
    }
  }

  @Test
  void startsFromAFolderThatItWasUnpackedInto() throws Exception {
    try (WarProcess war = WarProcess.start(folder, "unpack", "app")) {
      assertThat(war.end()).isZero();
      assertThat(war.output()).containsExactly("java -jar app/ai-proxy.jar");
    }
    try (WarProcess app =
        WarProcess.start(folder, folder.resolve("app/ai-proxy.jar"), "--version")) {
      assertThat(app.end()).isZero();
      assertThat(app.output()).singleElement().asString().startsWith("ai-proxy ");
    }
  }

  @Test
  void unpacksIntoNoFolderThatIsThereAlready() throws Exception {
    try (WarProcess war = WarProcess.start(folder, "unpack", ".")) {
      assertThat(war.end()).isEqualTo(1);
      assertThat(war.errors()).containsExactly(".: is there already");
    }
  }

  @Test
  void checksManyFilesAtOnce() throws Exception {
    config("good.json", "/v1/*", "http://127.0.0.1:1");
    Files.writeString(
        folder.resolve("bad.json"), "{\"routes\":[{\"uri\":\"/a\"},{\"surplus\":1}]}");
    try (WarProcess war =
        WarProcess.start(folder, "check", "good.json", "bad.json", "./missing.json")) {
      assertThat(war.end()).isEqualTo(1);
      assertThat(war.output()).containsExactly("good.json: ok");
      assertThat(war.errors())
          .hasSizeGreaterThan(2)
          .contains("./missing.json: there is no such file")
          .allMatch(line -> line.matches("(bad|\\./missing)\\.json: .*"));
    }
  }

  @Test
  void servesNoBadConfiguration() throws Exception {
    Files.writeString(folder.resolve("bad.json"), "{\"routes\":[{\"uri\":\"/a\"}]}");
    try (WarProcess war = WarProcess.start(folder, "serve", "--config", "bad.json")) {
      assertThat(war.end()).isEqualTo(1);
      assertThat(war.errors()).isNotEmpty().allMatch(line -> line.startsWith("bad.json: "));
      assertThat(war.output()).noneMatch(line -> line.contains("listening on"));
    }
  }

  @Test
  void refusesACommandThatItDoesNotKnow() throws Exception {
    try (WarProcess war = WarProcess.start(folder, "surf")) {
      assertThat(war.end()).isEqualTo(2);
      assertThat(war.errors()).first().asString().contains("unknown command: surf");
    }
  }

  @Test
  void doesNotStartWithABrokenLogConfiguration() throws Exception {
    config("good.json", "/v1/*", "http://127.0.0.1:1");
    Files.writeString(folder.resolve("log.xml"), "<configuration><appender");
    try (WarProcess war =
        WarProcess.start(folder, "serve", "--config", "good.json", "--log-config", "log.xml")) {
      assertThat(war.end()).isEqualTo(1);
      assertThat(war.errors()).anyMatch(line -> line.startsWith("log configuration: "));
    }
  }

  @Test
  void answersProbesBeforeARouteThatTakesEverything() throws Exception {
    config("all.json", "/*", "http://127.0.0.1:1");
    try (WarProcess war =
        WarProcess.start(folder, "serve", "--config", "all.json", "--port", "0")) {
      assertThat(get(war.address(), "/ready").body()).isEqualTo("{\"status\":\"ready\"}");
      assertThat(get(war.address(), "/health").body())
          .contains("\"status\":\"ok\"")
          .doesNotContain("sk-secret");
      HttpRequest post = HttpRequest.newBuilder(war.address().resolve("/ready"))
          .POST(BodyPublishers.noBody())
          .build();
      HttpResponse<String> refused = client.send(post, BodyHandlers.ofString());
      assertThat(refused.statusCode()).isEqualTo(405);
      assertThat(refused.headers().firstValue("Allow")).contains("GET, HEAD");
    }
  }

  @Test
  void servesNoFileAndNamesTheMethodsOfARoute() throws Exception {
    config("chat.json", "/v1/*", "http://127.0.0.1:1");
    try (WarProcess war =
        WarProcess.start(folder, "serve", "--config", "chat.json", "--port", "0")) {
      assertThat(get(war.address(), "/WEB-INF/web.xml").statusCode()).isEqualTo(404);
      assertThat(get(war.address(), "/META-INF/MANIFEST.MF").statusCode()).isEqualTo(404);
      assertThat(get(war.address(), "/").body()).contains("\"code\":\"not_found\"");
      HttpResponse<String> refused = get(war.address(), "/v1/chat/completions");
      assertThat(refused.statusCode()).isEqualTo(405);
      assertThat(refused.headers().firstValue("Allow")).contains("POST");
    }
  }

  @Test
  void letsNoPathPastTheRoutes() throws Exception {
    try (ScriptedUpstream upstream = ScriptedUpstream.open()) {
      Files.writeString(
          folder.resolve("odd.json"), "{\"routes\":[" + OddPaths.routes(upstream) + "]}");
      try (WarProcess war =
          WarProcess.start(folder, "serve", "--config", "odd.json", "--port", "0")) {
        for (OddPaths.Odd odd : OddPaths.all()) {
          OddPaths.check(odd, war.address(), upstream);
        }
      }
    }
  }

  @Test
  void letsRunningStreamsEndWhenItIsToldToStop() throws Exception {
    try (HeldUpstream upstream = new HeldUpstream();
        WarProcess war = serve(upstream, "--drain-timeout", "30");
        BufferedReader running = begun(war)) {
      war.signal();
      awaitDraining(war);
      assertThat(get(war.address(), "/health").statusCode()).isEqualTo(200);
      HttpResponse<String> refused = post(war.address(), QUESTION);
      assertThat(refused.statusCode()).isEqualTo(503);
      assertThat(refused.headers().firstValue("Retry-After")).isPresent();
      upstream.letGo();
      assertThat(running.lines()).contains("data: [DONE]");
      assertThat(war.end()).isZero();
    }
  }

  @Test
  void cutsStreamsThatOutlastTheDrainSoThatTheirClientsSeeIt() throws Exception {
    try (HeldUpstream upstream = new HeldUpstream();
        WarProcess war = serve(upstream, "--drain-timeout", "0");
        BufferedReader running = begun(war)) {
      war.signal();
      assertThat(war.end()).isZero();
      assertThatThrownBy(() -> assertThat(running.lines())
              .noneMatch(line -> line.contains("[DONE]"))
              .noneMatch(line -> line.contains("error")))
          .satisfiesAnyOf(
              cut -> assertThat(cut).hasRootCauseInstanceOf(IOException.class),
              told -> assertThat(told)
                  .isInstanceOf(AssertionError.class)
                  .hasMessageContaining("error"));
    }
  }

  @Test
  void endsAtOnceAtTheSecondSignal() throws Exception {
    try (HeldUpstream upstream = new HeldUpstream();
        WarProcess war = serve(upstream, "--drain-timeout", "600");
        BufferedReader running = begun(war)) {
      war.signal();
      awaitDraining(war);
      war.signal();
      assertThat(war.end()).isEqualTo(143);
      assertThat(WarProcess.temporary(folder)).isEmptyDirectory();
    }
  }

  private WarProcess serve(HeldUpstream upstream, String... options) throws IOException {
    config("held.json", "/v1/*", upstream.address());
    String[] args = {"serve", "--config", "held.json", "--port", "0", options[0], options[1]};
    return WarProcess.start(folder, args);
  }

  /** A stream whose first event is there. */
  private BufferedReader begun(WarProcess war) throws IOException, InterruptedException {
    HttpResponse<InputStream> stream =
        client.send(chat(war.address(), STREAMED), BodyHandlers.ofInputStream());
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(stream.body(), StandardCharsets.UTF_8));
    assertThat(lines.readLine()).contains("\"Hi\"");
    return lines;
  }

  private void awaitDraining(WarProcess war) throws IOException, InterruptedException {
    while (get(war.address(), "/ready").statusCode() != 503) {
      Thread.onSpinWait();
    }
  }

  private HttpResponse<String> post(URI address, String body)
      throws IOException, InterruptedException {
    return client.send(chat(address, body), BodyHandlers.ofString());
  }

  private HttpResponse<String> get(URI address, String path)
      throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(address.resolve(path)).build(), BodyHandlers.ofString());
  }

  private static HttpRequest chat(URI address, String body) {
    return HttpRequest.newBuilder(address.resolve("/v1/chat/completions"))
        .header("Content-Type", "application/json")
        .POST(BodyPublishers.ofString(body))
        .build();
  }

  private void config(String name, String uri, String endpoint) throws IOException {
    Files.writeString(folder.resolve(name), """
        {"routes": [{"id": "r", "uri": "%s", "methods": ["POST"], "plugins": {"ai-proxy": {
          "provider": "openai-compatible",
          "auth": {"header": {"Authorization": "Bearer sk-secret"}},
          "override": {"endpoint": "%s"}}}}]}
        """.formatted(uri, endpoint));
  }
}
