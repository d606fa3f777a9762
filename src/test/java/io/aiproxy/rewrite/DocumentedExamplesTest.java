package io.aiproxy.rewrite;

import static org.assertj.core.api.Assertions.assertThat;

import io.aiproxy.call.Body;
import io.aiproxy.call.Call;
import io.aiproxy.call.Exchange;
import io.aiproxy.call.Headers;
import io.aiproxy.call.Payload;
import io.aiproxy.call.Reply;
import io.aiproxy.call.Target;
import io.aiproxy.config.ConfigReader;
import io.aiproxy.config.Environment;
import io.aiproxy.config.Route;
import io.aiproxy.config.RouteTable;
import io.aiproxy.json.JsonLimits;
import io.aiproxy.json.JsonValue;
import io.aiproxy.ledger.Ledger;
import io.aiproxy.ledger.Ticker;
import io.aiproxy.protocol.Protocols;
import io.aiproxy.provider.Providers;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The files in {@code deploy/examples} with the requests that APISIX's documentation of ai-proxy sends to them. */
class DocumentedExamplesTest {
  private static final Path EXAMPLES = Path.of("deploy/examples");

  private static final String QUESTION = """
      {
          "messages": [
            { "role": "system", "content": "You are a mathematician" },
            { "role": "user", "content": "What is 1+1?" }
          ]
        }""";

  @Test
  void openAiGetsTheModelAndTheKey() throws Exception {
    Call sent = send("openai.json", "/anything", QUESTION);

    assertThat(url(sent)).isEqualTo("https://api.openai.com:443/v1/chat/completions");
    assertThat(sent.headers().first("authorization")).contains("Bearer key-of-OPENAI_API_KEY");
    assertThat(body(sent)).isEqualTo(QUESTION.replace("\n  }", ",\"model\":\"gpt-4\"\n  }"));
  }

  @Test
  void deepSeekGetsItsOwnModel() throws Exception {
    Call sent = send(
        "deepseek.json",
        "/anything",
        "{\"messages\":[{\"role\":\"user\",\"content\":\"Write me a 50-word introduction for Apache APISIX.\"}]}");

    assertThat(url(sent)).isEqualTo("https://api.deepseek.com:443/chat/completions");
    assertThat(sent.headers().first("authorization")).contains("Bearer key-of-DEEPSEEK_API_KEY");
    assertThat(body(sent)).endsWith("],\"model\":\"deepseek-chat\"}");
  }

  @Test
  void azureGetsItsKeyAndNoModel() throws Exception {
    String request =
        "{\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}],\"max_tokens\": 800,\"temperature\": 0.7,"
            + "\"frequency_penalty\": 0,\"presence_penalty\": 0,\"top_p\": 0.95,\"stop\": null}";

    Call sent = send("azure-openai.json", "/anything", request);

    assertThat(url(sent))
        .isEqualTo(
            "https://api7-azure-openai.openai.azure.com:443/openai/deployments/gpt-4/chat/completions"
                + "?api-version=2024-02-15-preview");
    assertThat(sent.headers().first("api-key")).contains("key-of-AZ_OPENAI_API_KEY");
    assertThat(body(sent)).isEqualTo(request);
  }

  @Test
  void embeddingsGetTheirOptions() throws Exception {
    Call sent = send("embeddings.json", "/embeddings", "{\"input\": \"hello world\"}");

    assertThat(url(sent)).isEqualTo("https://api.openai.com:443/v1/embeddings");
    assertThat(body(sent))
        .isEqualTo(
            "{\"input\": \"hello world\",\"model\":\"text-embedding-3-small\",\"encoding_format\":\"float\"}");
  }

  /** What would go out for that request. */
  private static Call send(String example, String path, String body) throws Exception {
    ConfigReader reader = new ConfigReader(Providers.installed(), new KeysOfAll());
    Route route = RouteTable.of(
            reader.read(Files.readAllBytes(EXAMPLES.resolve(example))).routes())
        .match("POST", "127.0.0.1", path)
        .orElseThrow();
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    JsonValue json = JsonValue.parse(bytes, 0, bytes.length, JsonLimits.REQUEST);
    Exchange exchange =
        new Exchange("id", new Ledger("id", Ticker.SYSTEM), (delay, task) -> () -> {});
    Target target = new Target("http", "127.0.0.1", 9080, path, "");
    Headers headers = Headers.builder().add("Content-Type", "application/json").build();
    Call[] sent = new Call[1];
    new Rewrite("example", route.aiProxy())
        .handle(
            new Call(
                exchange,
                Protocols.of(path, json),
                Protocols.of(path, json).asked(path, "", json),
                "POST",
                path,
                target,
                headers,
                json,
                Payload.of(bytes)),
            call -> {
              sent[0] = call;
              return new Reply(200, Headers.NONE, Body.of(new byte[0]));
            });
    return sent[0];
  }

  private static String url(Call call) {
    return call.target().scheme() + "://" + call.target().address()
        + call.target().pathAndQuery();
  }

  private static String body(Call call) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    call.payload().writeTo(out);
    return out.toString(StandardCharsets.UTF_8);
  }

  /** Each variable is set to a key that tells which it is. */
  private record KeysOfAll() implements Environment {
    @Override
    public Optional<String> variable(String name) {
      return Optional.of("key-of-" + name);
    }

    @Override
    public byte[] file(Path path) throws IOException {
      return Files.readAllBytes(path);
    }
  }
}
