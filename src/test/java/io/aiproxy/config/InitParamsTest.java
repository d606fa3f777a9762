package io.aiproxy.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.aiproxy.provider.Providers;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InitParamsTest {
  private final ConfigReader reader =
      new ConfigReader(Providers.installed(), new ScriptedEnvironment().with("KEY", "sk-secret"));

  @Test
  void makeARoute() throws BadConfiguration {
    Route route = read(Map.of(
        "provider", "openai",
        "auth.header.Authorization", "Bearer ${KEY}",
        "options.model", "gpt-4"));

    assertThat(route.id()).isEqualTo("chat");
    assertThat(route.uris()).containsExactly("/*");
    assertThat(route.aiProxy().auth().header())
        .isEqualTo(Map.of("Authorization", Secret.of("Bearer sk-secret")));
    assertThat(route.aiProxy().options()).hasToString("{\"model\":\"gpt-4\"}");
  }

  @Test
  void sayWhichRequestsAreTaken() throws BadConfiguration {
    Route route = read(own(Map.of(
        "id",
        "mine",
        "uris",
        "/a, /b/*",
        "methods",
        "GET,POST",
        "hosts",
        "X.example",
        "priority",
        "-2")));

    assertThat(route.id()).isEqualTo("mine");
    assertThat(route.uris()).containsExactly("/a", "/b/*");
    assertThat(route.methods()).containsExactly("GET", "POST");
    assertThat(route.hosts()).containsExactly("x.example");
    assertThat(route.priority()).isEqualTo(-2);
  }

  @Test
  void holdNumbersFlagsAndLists() throws BadConfiguration {
    AiProxy plugin = read(own(Map.of(
            "timeout", " 1000\n",
            "ssl_verify", "false",
            "logging.summaries", "true",
            "forward_headers", "X-A, x-b",
            "override.llm_options.max_tokens", "5")))
        .aiProxy();

    assertThat(plugin.timeouts().idle()).isEqualTo(Duration.ofSeconds(1));
    assertThat(plugin.transport().sslVerify()).isFalse();
    assertThat(plugin.logging().summaries()).isTrue();
    assertThat(plugin.forwardHeaders().names()).isEqualTo(Set.of("x-a", "x-b"));
    assertThat(plugin.override().maxTokens()).isEqualTo(OptionalInt.of(5));
  }

  @Test
  void forwardAllHeaders() throws BadConfiguration {
    assertThat(read(own(Map.of("forward_headers", "all")))
            .aiProxy()
            .forwardHeaders()
            .all())
        .isTrue();
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
          0.70          | 0.70
          true          | true
          null          | null
          12345678901234567890123 | 12345678901234567890123
          "4"           | "4"
          [1, 2]        | [1,2]
          {"a": "${KEY}"} | {"a":"sk-secret"}
          high          | "high"
          007           | "007"
          1.2.3         | "1.2.3"
          {broken       | "{broken"
          ${KEY}        | "sk-secret"
          """)
  void holdOptionsOfTheTypeThatTheyLookLike(String text, String json) throws BadConfiguration {
    assertThat(read(own(Map.of("options.some", text))).aiProxy().options().get("some"))
        .hasToString(json);
  }

  @ParameterizedTest
  @CsvSource({"4", "true", "null", "1.0"})
  void holdAModelThatIsAlwaysAString(String model) throws BadConfiguration {
    assertThat(read(own(Map.of("options.model", model)))
            .aiProxy()
            .options()
            .get("model")
            .textValue())
        .isEqualTo(model);
  }

  @Test
  void holdCredentialsThatAreAlwaysStrings() throws BadConfiguration {
    Map<String, String> params =
        Map.of("provider", "openai", "auth.header.X-Key.v1", "123", "auth.query.key", "true");

    assertThat(read(params).aiProxy().auth())
        .isEqualTo(
            new Auth(Map.of("X-Key.v1", Secret.of("123")), Map.of("key", Secret.of("true"))));
  }

  @Test
  void mayHoldAnObjectAsAWholeAndMoreOfItsParts() throws BadConfiguration {
    AiProxy plugin = read(own(Map.of(
            "options", "{\"temperature\": 1.0, \"model\": \"a\"}",
            "options.model", "b",
            "override.request_body.openai-chat", "{\"seed\": 1}",
            "override.request_body.openai-chat.user", "me")))
        .aiProxy();

    assertThat(plugin.options()).hasToString("{\"temperature\":1.0,\"model\":\"b\"}");
    assertThat(plugin.override().requestBody().get("openai-chat"))
        .hasToString("{\"seed\":1,\"user\":\"me\"}");
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
          timeout               | 30s    | timeout                     | must be a whole number from 1 to 600000, was "30s"
          timeout.connect       | 1      | timeout.connect             | unknown key
          ssl_verify            | yes    | ssl_verify                  | must be true or false, was "yes"
          colour                | red    | colour                      | unknown key
          plugins               | {}     | plugins                     | unknown key
          auth.ldap             | {}     | auth.ldap                   | unknown key
          auth.header.X         | ${NO}  | auth.header.X               | environment variable NO is not set
          auth.header           | sk-x   | auth.header                 | must be an object, was a string
          options               | x      | options                     | must be an object, was a string
          override.endpoint     | x      | override.endpoint           | must begin with http:// or https:// and hold no line breaks
          uris                  | /a,b   | uris[1]                     | must be a path that begins with / and has * at most as its last character, without ? and #, was "b"
          methods               | post   | methods[0]                  | must be one of GET, POST, PUT, DELETE, PATCH, HEAD, OPTIONS, CONNECT, TRACE, PURGE; was "post"
          host                  | a:1    | host                        | must be a host name without a port; *. may stand at its beginning, was "a:1"
          priority              | high   | priority                    | must be a whole number from -2147483648 to 2147483647, was "high"
          """)
  void areRefusedByName(String name, String value, String path, String message) {
    assertThat(errors(own(Map.of(name, value)))).containsExactly(new ConfigError(path, message));
  }

  @Test
  void areRefusedWhereTheMostImportantIsMissing() {
    assertThat(errors(Map.of()))
        .containsExactly(
            new ConfigError("provider", "is required"), new ConfigError("auth", "is required"));
  }

  @ParameterizedTest
  @CsvSource({"AI Proxy/1, AI-Proxy-1", "'', route-1", "ok, ok"})
  void giveTheRouteTheFiltersNameAsFarAsItCanBeAnId(String filter, String id)
      throws BadConfiguration {
    assertThat(reader.read(own(Map.of()), filter).routes().get(0).id()).isEqualTo(id);
  }

  private Route read(Map<String, String> params) throws BadConfiguration {
    return reader.read(params, "chat").routes().get(0);
  }

  private List<ConfigError> errors(Map<String, String> params) {
    return catchThrowableOfType(BadConfiguration.class, () -> reader.read(params, "chat"))
        .errors();
  }

  /** With what every route needs. */
  private static Map<String, String> own(Map<String, String> params) {
    Map<String, String> all = new HashMap<>(params);
    all.put("provider", "openai");
    if (params.keySet().stream().noneMatch(name -> name.startsWith("auth."))) {
      all.put("auth", "{}");
    }
    return all;
  }
}
