package io.aiproxy.container;

import static io.aiproxy.container.Client.QUESTION;
import static io.aiproxy.container.Configurations.CHAT;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.aiproxy.testing.ScriptedUpstream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The filter in somebody's own web application: behind the container's login, in front of a servlet; with the log in JSON. */
@ParameterizedClass
@EnumSource(Distribution.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OwnWebappIT {
  @Parameter
  Distribution distribution;

  private ScriptedUpstream upstream;
  private Container container;

  @BeforeParameterizedClassInvocation
  void start() throws Exception {
    upstream = ScriptedUpstream.open();
    container = Container.start(
        distribution,
        Deployment.of(Wars.own(), Configurations.chatTo(upstream)).with(AccessLog.JSON));
  }

  @AfterParameterizedClassInvocation
  void stop() throws Exception {
    container.close();
    upstream.close();
  }

  @Test
  void logsThePrincipalOfTheContainerAsTheConsumer() throws Exception {
    upstream.answers(turn -> turn.json(
        "{\"usage\":{\"prompt_tokens\":23,\"completion_tokens\":8,\"total_tokens\":31}}"));
    Client client = new Client();

    HttpResponse<String> reply =
        client.post(container.uri(CHAT), QUESTION, "Authorization", basic("alice:wonder"));

    assertThat(reply.statusCode()).isEqualTo(200);
    JsonNode line = line(client);
    assertThat(line.path("ai_consumer").textValue()).isEqualTo("alice");
    assertThat(line.path("remote_user").textValue()).isEqualTo("alice");
    assertThat(line.path("llm_prompt_tokens").intValue()).isEqualTo(23);
    assertThat(line.path("upstream_status")).extracting(JsonNode::intValue).containsExactly(200);
  }

  @Test
  void letsTheContainerTurnStrangersAway() throws Exception {
    Client client = new Client();

    HttpResponse<String> reply = client.post(container.uri(CHAT), QUESTION);

    assertThat(reply.statusCode()).isEqualTo(401);
    assertThat(line(client).path("status").intValue()).isEqualTo(401);
  }

  @Test
  void doesNotSendTheLoginToTheUpstream() throws Exception {
    int before = upstream.requests().size();
    upstream.answers(turn -> turn.json("{}"));

    new Client().post(container.uri(CHAT), QUESTION, "Authorization", basic("alice:wonder"));

    assertThat(upstream.request(before).headers().first("Authorization"))
        .contains("Bearer " + Configurations.CREDENTIAL);
  }

  @Test
  void leavesOtherRequestsToTheServlet() throws Exception {
    HttpResponse<String> reply = new Client().post(container.uri("/echo"), "hello");

    assertThat(reply.statusCode()).isEqualTo(200);
    assertThat(reply.body()).isEqualTo("echo: hello");
  }

  @Test
  void keepsTheLogJsonWhateverIsSent() throws Exception {
    upstream.answers(turn -> turn.json("{}"));
    Client client = new Client();

    client.post(
        container.uri(CHAT + "?key=AIza"),
        QUESTION.replace("gpt-4o", "\\\",\\\"status\\\":0,\\\\\\r\\n\\u2028\\u0007"),
        "Authorization",
        basic("alice:wonder"),
        "User-Agent",
        client.id() + "\",\"forged\":\"\\");

    JsonNode line = line(client);
    assertThat(line.has("forged")).isFalse();
    assertThat(line.path("status").intValue()).isEqualTo(200);
    assertThat(line.path("request_llm_model").textValue()).isEqualTo("_,_status_:0,_____");
    assertThat(line.path("request_line").textValue())
        .isEqualTo("POST " + CHAT + "?key=*** HTTP/1.1");
  }

  private JsonNode line(Client client) throws IOException {
    return new ObjectMapper().readTree(container.accessLog().lineWith(client.id()));
  }

  private static String basic(String credentials) {
    return "Basic "
        + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8));
  }
}
