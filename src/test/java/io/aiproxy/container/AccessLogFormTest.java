package io.aiproxy.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import ch.qos.logback.access.common.joran.JoranConfigurator;
import ch.qos.logback.access.common.spi.AccessContext;
import ch.qos.logback.access.common.spi.IAccessEvent;
import ch.qos.logback.core.status.Status;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.aiproxy.ledger.Attribute;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** The access log's two forms in {@code deploy/}, fed with what clients and providers may send. */
class AccessLogFormTest {
  private static final Path LINE = Path.of("deploy", "logback-access.xml");
  private static final Path JSON = Path.of("deploy", "logback-access-json.xml");

  /** Every line end, quote, control and format character of the first planes' beginning, and half a pair. */
  private static final String EVERYTHING = "\ud800"
      + IntStream.range(0, 0x2100)
          .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append);

  @TempDir
  Path folder;

  private final Map<String, Object> attributes = new HashMap<>();
  private final Map<String, String> headers = new HashMap<>();
  private String request = "POST /anything HTTP/1.1";
  private String user = "-";
  private long bytes = 17;

  @Test
  void printsTheDocumentedLine() throws Exception {
    bytes = 804;
    headers.put("Host", "api.openai.com");
    headers.put("User-Agent", "curl/8.6.0");
    attributes.put("body_bytes_sent", 804);
    attributes.put("request_time", "2.858");
    attributes.put("upstream_addr", "api.openai.com:443");
    attributes.put("upstream_status", 200);
    attributes.put("upstream_response_time", "2.858");
    attributes.put("upstream_scheme", "https");
    attributes.put("upstream_host", "api.openai.com");
    attributes.put("upstream_uri", "/v1/chat/completions");
    attributes.put("ai_request_id", "5c5e0b95f8d303cb81e4dc456a4b12d9");
    attributes.put("request_type", "ai_chat");
    attributes.put("llm_time_to_first_token", 2858);
    attributes.put("llm_model", "gpt-4");
    attributes.put("request_llm_model", "gpt-4");
    attributes.put("llm_prompt_tokens", 23);
    attributes.put("llm_completion_tokens", 8);

    assertThat(written(LINE)).isEqualTo("""
        192.168.215.1 - - [21/Mar/2025:04:28:03 +0000] api.openai.com "POST /anything HTTP/1.1" 200 804 2.858 "-" \
        "curl/8.6.0" api.openai.com:443 200 2.858 "https://api.openai.com/v1/chat/completions" \
        "5c5e0b95f8d303cb81e4dc456a4b12d9" "ai_chat" "2858" "gpt-4" "gpt-4" "23" "8"
        """);
  }

  @Test
  void takesTheContainersCountOfBytesWhereTheGatewayHasNone() throws Exception {
    assertThat(LogLine.parse(written(LINE).strip()).bodyBytesSent()).isEqualTo("17");
  }

  @Test
  void keepsForgedTextInsideItsField() throws Exception {
    fillWith(EVERYTHING);

    String text = written(LINE);

    assertThat(text.chars()
            .filter(c -> c < ' ' || c == 0x7f || c == 0x85 || c == 0x2028 || c == 0x2029))
        .containsExactly((int) '\n');
    LogLine.parse(text.strip());
  }

  @Test
  void boundsWhatIsNotTheGatewaysOwn() throws Exception {
    fillWith("x".repeat(5000));

    assertThat(written(LINE).length()).isLessThan(11 * 256);
  }

  @Test
  void hidesKeysInTheQuery() throws Exception {
    request =
        "POST /a?alt=sse&key=AIza1&api_key=sk-2&API-KEY=sk-3&token=t4&access_token=t5&apikey=t6&monkey=see HTTP/1.1";

    assertThat(LogLine.parse(written(LINE).strip()).request())
        .isEqualTo(
            "POST /a?alt=sse&key=***&api_key=***&API-KEY=***&token=***&access_token=***&apikey=***&monkey=see HTTP/1.1");
    assertThat(written(JSON)).doesNotContain("AIza1", "sk-2", "sk-3", "t4", "t5", "t6");
  }

  @Test
  void staysJsonWhateverIsSent() throws Exception {
    fillWith(EVERYTHING);
    Arrays.stream(Attribute.values())
        .forEach(attribute -> attributes.put(attribute.key(), EVERYTHING));

    String text = written(JSON);

    assertThat(text.lines()).hasSize(1);
    assertThat(new ObjectMapper().readTree(text).path("llm_model").asText())
        .hasSize(256)
        .startsWith("____");
  }

  @Test
  void writesNumbersAsNumbersAndTruthAsTruth() throws Exception {
    attributes.put("llm_prompt_tokens", 23);
    attributes.put("request_time", "2.858");
    attributes.put("llm_stream", true);
    attributes.put("llm_model", "gpt-4");
    attributes.put("llm_total_tokens", "forged");

    JsonNode json = new ObjectMapper().readTree(written(JSON));

    assertThat(json.path("llm_prompt_tokens").isInt()).isTrue();
    assertThat(json.path("request_time").doubleValue()).isEqualTo(2.858);
    assertThat(json.path("llm_stream").booleanValue()).isTrue();
    assertThat(json.path("llm_model").textValue()).isEqualTo("gpt-4");
    assertThat(json.path("llm_total_tokens").isNull()).isTrue();
    assertThat(json.path("request_llm_model").isNull()).isTrue();
    assertThat(json.path("body_bytes_sent").intValue()).isEqualTo(17);
    assertThat(json.path("time").textValue()).isEqualTo("2025-03-21T04:28:03.000Z");
  }

  @Test
  void listsWhatThereIsOfEachAttempt() throws Exception {
    attributes.put("upstream_addr", "a:443, b:443");
    attributes.put("upstream_status", "-, 200");
    attributes.put("upstream_response_time", "1.002");

    JsonNode json = new ObjectMapper().readTree(written(JSON));

    assertThat(json.path("upstream_addr"))
        .extracting(JsonNode::asText)
        .containsExactly("a:443", "b:443");
    assertThat(json.path("upstream_status"))
        .extracting(JsonNode::asText)
        .containsExactly("null", "200");
    assertThat(json.path("upstream_response_time"))
        .extracting(JsonNode::asText)
        .containsExactly("1.002");
    assertThat(json.path("upstream_connect_time").isEmpty()).isTrue();
  }

  @Test
  void namesEveryAttribute() throws Exception {
    assertThat(new ObjectMapper().readTree(written(JSON)).fieldNames())
        .toIterable()
        .contains(Arrays.stream(Attribute.values()).map(Attribute::key).toArray(String[]::new));
  }

  @Test
  @EnabledIf("hasFullDisk")
  void doesNotFailRequestsWhenTheDiskIsFull() throws Exception {
    Path file = Files.createSymbolicLink(folder.resolve("access.log"), Path.of("/dev/full"));

    assertThatCode(() -> write(LINE)).doesNotThrowAnyException();

    Files.delete(file);
  }

  static boolean hasFullDisk() {
    return Files.exists(Path.of("/dev/full"));
  }

  private void fillWith(String text) {
    request = "POST /" + text + " HTTP/1.1";
    user = text;
    for (String name : List.of("Host", "Referer", "User-Agent")) {
      headers.put(name, text);
    }
    for (String name : List.of(
        "upstream_uri",
        "ai_request_id",
        "llm_model",
        "request_llm_model",
        "ai_consumer",
        "llm_end_user_id",
        "llm_finish_reason")) {
      attributes.put(name, text);
    }
  }

  private String written(Path configuration) throws Exception {
    write(configuration);
    try (var files = Files.newDirectoryStream(folder)) {
      return Files.readString(files.iterator().next(), StandardCharsets.UTF_8);
    }
  }

  private void write(Path configuration) throws Exception {
    AccessContext context = new AccessContext();
    context.putProperty("ai-proxy.logs", folder.toString());
    context.putProperty("file", folder.resolve("access.log").toString());
    context.putProperty("destination", "file");
    JoranConfigurator configurator = new JoranConfigurator();
    configurator.setContext(context);
    configurator.doConfigure(configuration.toFile());
    try {
      assertThat(context.getStatusManager().getCopyOfStatusList())
          .filteredOn(status -> status.getEffectiveLevel() >= Status.WARN)
          .filteredOn(status -> !status.getMessage().contains("not referenced"))
          .isEmpty();
      context.callAppenders(event());
    } finally {
      context.stop();
    }
  }

  private IAccessEvent event() {
    return (IAccessEvent) Proxy.newProxyInstance(
        getClass().getClassLoader(),
        new Class<?>[] {IAccessEvent.class},
        (proxy, method, arguments) -> switch (method.getName()) {
          case "getAttribute" -> attributes.getOrDefault(arguments[0], "-").toString();
          case "getRequestHeader" -> headers.getOrDefault(arguments[0], "-");
          case "getRequestURL" -> request;
          case "getRemoteUser" -> user;
          case "getRemoteAddr" -> "192.168.215.1";
          case "getStatusCode" -> 200;
          case "getContentLength" -> bytes;
          case "getTimeStamp" -> Instant.parse("2025-03-21T04:28:03Z").toEpochMilli();
          case "prepareForDeferredProcessing" -> "";
          default -> throw new UnsupportedOperationException(method.getName());
        });
  }
}
