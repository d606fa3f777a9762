package io.aiproxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.aiproxy.testing.FakeServlet;
import io.aiproxy.testing.Settings;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ClosedGatewayTest {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  @Test
  void turnsAwayRequestsThatComeTooLate() {
    Gateway gateway = Gateway.open(Settings.configuration(
        "{'id':'r','uri':'/*','plugins':{'ai-proxy':{'provider':'openai','auth':{}}}}"));
    gateway.close();
    FakeServlet late = FakeServlet.post("/v1/chat/completions", "{\"messages\":[{}]}");

    assertTimeoutPreemptively(PATIENCE, () -> gateway.serve(late.request(), late.response()));

    assertThat(late.status()).isEqualTo(503);
    assertThat(late.attribute("llm_outcome")).isEqualTo("draining");
  }
}
