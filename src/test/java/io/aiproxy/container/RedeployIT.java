package io.aiproxy.container;

import static io.aiproxy.container.Client.QUESTION;
import static io.aiproxy.container.Configurations.CHAT;
import static org.assertj.core.api.Assertions.assertThat;

import io.aiproxy.testing.ScriptedUpstream;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
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

  @Parameter
  Distribution distribution;

  private ScriptedUpstream upstream;
  private Container container;

  @BeforeParameterizedClassInvocation
  void start() throws Exception {
    upstream = ScriptedUpstream.open();
    upstream.answers(turn -> turn.json(
        "{\"usage\":{\"prompt_tokens\":23,\"completion_tokens\":8,\"total_tokens\":31}}"));
    container = Container.start(
        distribution,
        Deployment.of(Wars.gateway(), Configurations.chatTo(upstream))
            .with(AccessLog.NATIVE)
            .watched());
  }

  @AfterParameterizedClassInvocation
  void stop() throws Exception {
    container.close();
    upstream.close();
  }

  @Test
  @Order(1)
  void logsByTheContainersOwnMeans() throws Exception {
    Client client = new Client();

    String body = client.post(container.uri(CHAT + "?key=AIza"), QUESTION).body();

    LogLine line = LogLine.parse(container.accessLog().lineWith(client.id()));
    assertThat(line.request()).isEqualTo("POST " + CHAT + " HTTP/1.1");
    assertThat(line.status()).isEqualTo("200");
    assertThat(line.bodyBytesSent()).isEqualTo(Integer.toString(body.length()));
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

      assertThat(new Client().post(container.uri(CHAT), QUESTION).statusCode()).isEqualTo(200);
    }
  }

  @Test
  @Order(3)
  void leavesNothingBehind() throws Exception {
    int seen = container.console().lines().size();
    container.takeAway();
    container.console().await(container.recipe().undeployed(), seen);

    assertThat(container.jcmd("Thread.print"))
        .filteredOn(line -> line.contains("io.aiproxy") || line.contains("\"ai-proxy"))
        .isEmpty();
    assertThat(remainsAfterCollection()).isEmpty();
    assertThat(container.console().lines())
        .filteredOn(line -> line.contains("memory leak") || line.contains("failed to stop"))
        .isEmpty();
  }

  /** Some class loaders need a second collection, after finalizers and cleaners have run. */
  private List<String> remainsAfterCollection() throws Exception {
    List<String> remains = ours(container.jcmd("GC.class_histogram"));
    for (int i = 0; i < 5 && !remains.isEmpty(); i++) {
      container.jcmd("GC.run_finalization");
      remains = ours(container.jcmd("GC.class_histogram"));
    }
    return remains;
  }

  private List<String> ours(List<String> histogram) {
    assertThat(histogram).hasSizeGreaterThan(100);
    return histogram.stream()
        .filter(line -> line.contains(" io.aiproxy.")
            || line.contains(container.recipe().webappClassLoader() + " "))
        .limit(10)
        .toList();
  }
}
