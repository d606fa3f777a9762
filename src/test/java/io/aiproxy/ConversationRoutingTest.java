package io.aiproxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.aiproxy.testing.JettyContainer;
import io.aiproxy.testing.ScriptedUpstream;
import io.aiproxy.testing.Settings;
import io.aiproxy.testing.Stage;
import io.aiproxy.testing.WireClient;
import jakarta.servlet.ServletException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The turns of a conversation on real sockets, which an instance that has not seen the first could not go on with. */
class ConversationRoutingTest {
  private static final String ROUTE = """
      {'uri':'/*','plugins':{'ai-proxy-multi':{'balancer':{'algorithm':'prefix'},'fallback_strategy':'http_5xx','instances':[
      {'name':'a','weight':1,'provider':'openai','auth':{},'override':{'endpoint':'%1$s'}},
      {'name':'b','weight':1,'provider':'openai','auth':{},'override':{'endpoint':'%1$s'}},
      {'name':'c','weight':1,'provider':'openai','auth':{},'override':{'endpoint':'%1$s'}}]}}}""";

  private final Stage stage = new Stage();
  private final ScriptedUpstream upstream = ScriptedUpstream.open();
  private final JettyContainer container = JettyContainer.open(stage, Duration.ofSeconds(30));
  private Gateway gateway;

  @BeforeEach
  void open() throws ServletException {
    gateway = Gateway.open(Settings.configuration(ROUTE.formatted(upstream.url())));
    AiProxyFilter filter = new AiProxyFilter(gateway);
    filter.init(stage.config());
    stage.has(filter);
  }

  @AfterEach
  void close() {
    gateway.close();
    container.close();
    upstream.close();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void storedResponsesAreGoneOnWithWhereTheyAre(boolean stream) {
    AtomicInteger turns = new AtomicInteger();
    upstream.answers(turn -> {
      String response =
          "{\"id\":\"resp_" + turns.get() + "\",\"status\":\"completed\",\"output\":[]}";
      if (stream) {
        turn.sse("{\"type\":\"response.completed\",\"response\":" + response + "}");
      } else {
        turn.json(response);
      }
    });
    Set<String> asked = new HashSet<>();

    for (int i = 0; i < 8; i++) {
      turns.set(i);
      asked.add(instance(
          "/v1/responses",
          "{'input':'turn %d','stream':%s%s}"
              .formatted(
                  i, stream, i == 0 ? "" : ",'previous_response_id':'resp_" + (i - 1) + "'")));
    }

    assertThat(asked).hasSize(1);
  }

  @Test
  void conversationsStayTogetherAndAreSpread() {
    upstream.answers(turn -> turn.json("{}"));
    Set<String> asked = new HashSet<>();

    for (int i = 0; i < 12; i++) {
      String first = "{'role':'user','content':'Question %d'}".formatted(i);
      String begun = instance("/v1/chat/completions", "{'messages':[%s]}".formatted(first));
      String gone = instance(
          "/v1/chat/completions",
          "{'messages':[%s,{'role':'assistant','content':'?'},{'role':'user','content':'So?'}]}"
              .formatted(first));
      assertThat(gone).isEqualTo(begun);
      asked.add(begun);
    }

    assertThat(asked).containsExactlyInAnyOrder("a", "b", "c");
  }

  private String instance(String path, String body) {
    try (WireClient client = WireClient.to(container.port())) {
      client.post(path, body.replace('\'', '"')).answer();
    }
    return stage.attributes().getOrDefault("llm_instance", "");
  }
}
