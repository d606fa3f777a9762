package io.aiproxy.container;

import static io.aiproxy.container.Client.QUESTION;
import static io.aiproxy.container.Client.STREAM_QUESTION;
import static io.aiproxy.container.Configurations.CHAT;
import static io.aiproxy.container.Configurations.FOUND;
import static io.aiproxy.container.Configurations.GEMINI;
import static io.aiproxy.container.Configurations.TOKENS;
import static io.aiproxy.container.Configurations.WRITTEN;
import static org.assertj.core.api.Assertions.assertThat;

import io.aiproxy.testing.ScriptedUpstream;
import io.aiproxy.testing.Turn;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The gateway comes and goes in a container that stays; with the log that the container writes by its own means. */
@ParameterizedClass
@EnumSource(Distribution.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RedeployIT {
  private static final int TIMES = 3;

  /** A record's equals goes through a method handle of the JDK that keeps the last class it was cast to (JDK-8078641). */
  private static final int KEPT_BY_JDK = 1;

  @Parameter
  Distribution distribution;

  private ScriptedUpstream upstream;
  private Container container;

  @BeforeParameterizedClassInvocation
  void start() throws Exception {
    upstream = ScriptedUpstream.open();
    upstream.answers(RedeployIT::answer);
    container = Container.start(
        distribution,
        Deployment.of(Wars.gateway(), Configurations.signedTo(upstream))
            .with(AccessLog.NATIVE)
            .with(Map.of("AWS_ACCESS_KEY_ID", "AKIDFOUND", "AWS_SECRET_ACCESS_KEY", "K"))
            .watched());
  }

  @AfterParameterizedClassInvocation
  void stop() throws Exception {
    container.close();
    upstream.close();
  }

  private static void answer(Turn turn) throws IOException {
    turn.json(
        turn.request().target().equals(TOKENS)
            ? "{\"access_token\":\"ya29.t\",\"expires_in\":3600,\"token_type\":\"Bearer\"}"
            : "{\"usage\":{\"prompt_tokens\":23,\"completion_tokens\":8,\"total_tokens\":31}}");
  }

  @Test
  @Order(1)
  void logsByTheContainersOwnMeans() throws Exception {
    String id = new Client().id();

    String reply = askAndHangUp(CHAT + "?key=AIza", id);

    LogLine line = LogLine.parse(container.accessLog().lineWith(id));
    assertThat(line.request()).isEqualTo("POST " + CHAT + " HTTP/1.1");
    assertThat(line.status()).isEqualTo("200");
    assertThat(line.bodyBytesSent())
        .isEqualTo(Integer.toString(reply.length() - reply.indexOf("\r\n\r\n") - 4));
    assertThat(line.requestModel()).isEqualTo("gpt-4o");
    assertThat(line.promptTokens()).isEqualTo("23");
    assertThat(line.completionTokens()).isEqualTo("8");
  }

  @Test
  @Order(2)
  void servesAgainAfterEachRedeployment() throws Exception {
    for (int i = 1; i <= TIMES; i++) {
      int seen = container.console().lines().size();
      container.redeploy(FileTime.from(Instant.now().minus(Duration.ofHours(i))));
      container.console().await(container.recipe().undeployed(), seen);
      container.console().await(container.recipe().deployed(), seen);

      for (String target : List.of(CHAT, WRITTEN, FOUND, GEMINI)) {
        assertThat(askAndHangUp(target, "again")).startsWith("HTTP/1.1 200 ");
      }
    }
  }

  @Test
  @Order(3)
  void givesTheContainerNothingToWarnOf() {
    assertThat(container.console().lines())
        .filteredOn(line -> line.contains("memory leak") || line.contains("failed to stop"))
        .isEmpty();
  }

  @Test
  @Order(4)
  void cutsItsStreamsWhenItIsTakenAway() throws Exception {
    upstream.answers(
        turn -> turn.event("{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\"}}]}")
            .stall());
    HttpResponse<InputStream> stream = new Client().open(container.uri(CHAT), STREAM_QUESTION);
    BufferedReader lines = Client.lines(stream);
    assertThat(Client.nextEvent(lines)).contains("\"a\"");
    int seen = container.console().lines().size();

    container.takeAway();

    assertThat(Client.untilItEndsOrIsCut(stream))
        .doesNotContain("[DONE]")
        .containsAnyOf("\"error\"", "[CUT]");
    upstream.awaitAllClosed();
    container.console().await(container.recipe().undeployed(), seen);
  }

  @Test
  @Order(5)
  void leavesNothingBehind() throws Exception {
    assertThat(remains()).isEmpty();
  }

  /** An idle connection keeps its last request in Jetty, and so the web application that served it. */
  private String askAndHangUp(String target, String userAgent) throws IOException {
    String question =
        target.equals(GEMINI) ? "{\"contents\":[{\"parts\":[{\"text\":\"hello\"}]}]}" : QUESTION;
    return Client.raw(
        container.uri("/"),
        "POST " + target + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\nUser-Agent: " + userAgent
            + "\r\nContent-Type: application/json\r\nContent-Length: " + question.length()
            + "\r\n\r\n" + question);
  }

  /** What is there even after a while: undeployment takes its time, and some class loaders need a second collection. */
  private List<String> remains() throws Exception {
    List<String> remains = remainsNow();
    for (int i = 0; i < 20 && !remains.isEmpty(); i++) {
      container.jcmd("GC.run_finalization");
      remains = remainsNow();
    }
    return remains;
  }

  private List<String> remainsNow() throws Exception {
    List<String> threads = container.jcmd("Thread.print").stream()
        .filter(line -> line.contains("io.aiproxy") || line.contains("\"ai-proxy"))
        .toList();
    long loaders = classLoaders();
    return loaders > KEPT_BY_JDK ? List.of(loaders + " class loaders") : threads;
  }

  private long classLoaders() throws Exception {
    List<String> histogram = container.jcmd("GC.class_histogram");
    assertThat(histogram).hasSizeGreaterThan(100);
    return histogram.stream()
        .map(line -> line.strip().split("\\s+"))
        .filter(
            words -> words.length > 3 && words[3].equals(container.recipe().webappClassLoader()))
        .mapToLong(words -> Long.parseLong(words[1]))
        .sum();
  }
}
