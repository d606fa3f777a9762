package io.aiproxy.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.node.DecimalNode;
import io.aiproxy.provider.Providers;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigReaderTest {
  private static final Providers PROVIDERS = Providers.installed();
  private static final String SECRET = "sk-4f1c0ffee";
  private final ScriptedEnvironment environment =
      new ScriptedEnvironment().with("OPENAI_API_KEY", SECRET);

  @Test
  void readsTheRouteOfTheDocumentation() throws BadConfiguration {
    Route route = read("""
            {"routes": [{
              "id": "ai-proxy-route", "uri": "/anything", "methods": ["POST"],
              "plugins": {"ai-proxy": {
                "provider": "openai",
                "auth": {"header": {"Authorization": "Bearer ${OPENAI_API_KEY}"}},
                "options": {"model": "gpt-4"}}}}]}
            """).routes().get(0);

    assertThat(route.id()).isEqualTo("ai-proxy-route");
    assertThat(route.uris()).containsExactly("/anything");
    assertThat(route.methods()).containsExactly("POST");
    assertThat(route.aiProxy().provider().name()).isEqualTo("openai");
    assertThat(route.aiProxy().auth().header())
        .isEqualTo(Map.of("Authorization", Secret.of("Bearer " + SECRET)));
    assertThat(route.aiProxy().options().path("model").asText()).isEqualTo("gpt-4");
  }

  @Test
  void hasTheDefaultsOfTheFamilyForWhatIsNotGiven() throws BadConfiguration {
    Route route = read(route("")).routes().get(0);
    AiProxy plugin = route.aiProxy();

    assertThat(route.id()).isEqualTo("route-1");
    assertThat(route.methods()).isEmpty();
    assertThat(route.hosts()).isEmpty();
    assertThat(route.priority()).isZero();
    assertThat(plugin.auth().isOwn()).isTrue();
    assertThat(plugin.options()).isEmpty();
    assertThat(plugin.override()).isEqualTo(Overrides.NONE);
    assertThat(plugin.logging()).isEqualTo(new Logging(false, false));
    assertThat(plugin.timeouts())
        .isEqualTo(new Timeouts(
            Duration.ofSeconds(30),
            Duration.ofSeconds(30),
            Duration.ofMinutes(10),
            Duration.ofMinutes(1)));
    assertThat(plugin.limits())
        .isEqualTo(new Limits(67_108_864, OptionalLong.empty(), Optional.empty(), 0));
    assertThat(plugin.streaming())
        .isEqualTo(new Streaming(
            Duration.ofMillis(10),
            Duration.ZERO,
            OnClientAbort.CANCEL,
            Duration.ofSeconds(10),
            1_048_576));
    assertThat(plugin.forwardHeaders()).isEqualTo(ForwardHeaders.NONE);
    assertThat(plugin.transport())
        .isEqualTo(new Transport(
            Duration.ofSeconds(30),
            true,
            Duration.ofMinutes(1),
            30,
            1000,
            Duration.ofSeconds(2),
            true,
            Optional.empty(),
            Optional.empty()));
  }

  @Test
  void readsEveryKeyOfThePlugin() throws BadConfiguration {
    AiProxy plugin = read("""
            {"uri": "/*", "plugins": {"ai-proxy": {
              "provider": "azure-openai",
              "auth": {"header": {"api-key": "k1"}, "query": {"key": "k2"}},
              "options": {"model": "gpt-4", "temperature": 0.5},
              "override": {
                "endpoint": "http://LOCALHOST:8080/a%20b?api-version=1",
                "llm_options": {"max_tokens": 17},
                "request_body": {"openai-chat": {"stop": ["x"]}},
                "request_body_force_override": true},
              "logging": {"summaries": true, "payloads": true},
              "timeout": 1000, "connect_timeout": 1, "first_byte_timeout": 2, "idle_timeout": 3,
              "request_timeout": 4, "body_timeout": 5,
              "max_req_body_size": 6, "max_response_bytes": 7, "max_stream_duration_ms": 8, "max_concurrent_requests": 9,
              "streaming_flush_interval_ms": 0, "stream_heartbeat_ms": 100,
              "on_client_abort": "drain", "drain_timeout_ms": 11, "drain_max_bytes": 12,
              "forward_headers": ["X-Trace", "Accept-Language"],
              "keepalive": false, "keepalive_timeout": 1000, "keepalive_pool": 13, "pool_size": 14, "pool_wait": 15,
              "ssl_verify": false, "proxy": "http://proxy.example:3128"}}}
            """).routes().get(0).aiProxy();

    assertThat(plugin.auth().header()).isEqualTo(Map.of("api-key", Secret.of("k1")));
    assertThat(plugin.auth().query()).isEqualTo(Map.of("key", Secret.of("k2")));
    assertThat(plugin.options()).hasToString("{\"model\":\"gpt-4\",\"temperature\":0.5}");
    assertThat(plugin.override().endpoint())
        .contains(new Endpoint("http", "localhost", 8080, "/a%20b", "api-version=1"));
    assertThat(plugin.override().maxTokens()).isEqualTo(OptionalInt.of(17));
    assertThat(plugin.override().requestBody().get("openai-chat"))
        .hasToString("{\"stop\":[\"x\"]}");
    assertThat(plugin.override().force()).isTrue();
    assertThat(plugin.logging()).isEqualTo(new Logging(true, true));
    assertThat(plugin.timeouts())
        .isEqualTo(new Timeouts(millis(2), millis(3), millis(4), millis(5)));
    assertThat(plugin.limits())
        .isEqualTo(new Limits(6, OptionalLong.of(7), Optional.of(millis(8)), 9));
    assertThat(plugin.streaming())
        .isEqualTo(new Streaming(Duration.ZERO, millis(100), OnClientAbort.DRAIN, millis(11), 12));
    assertThat(plugin.forwardHeaders())
        .isEqualTo(new ForwardHeaders(false, Set.of("x-trace", "accept-language")));
    assertThat(plugin.transport())
        .isEqualTo(new Transport(
            millis(1),
            false,
            Duration.ofSeconds(1),
            13,
            14,
            millis(15),
            false,
            Optional.empty(),
            Optional.of(new Endpoint("http", "proxy.example", 3128, "", ""))));
  }

  @Test
  void takesTheFamilysTimeoutWhereNoneOfOursIsGiven() throws BadConfiguration {
    AiProxy plugin =
        read(route(", \"timeout\": 5000, \"idle_timeout\": 70")).routes().get(0).aiProxy();

    assertThat(plugin.transport().connectTimeout()).isEqualTo(millis(5000));
    assertThat(plugin.timeouts().firstByte()).isEqualTo(millis(5000));
    assertThat(plugin.timeouts().idle()).isEqualTo(millis(70));
  }

  @Test
  void readsARouteByItself() throws BadConfiguration {
    assertThat(read("{\"uri\": \"/a\", \"plugins\": " + plugins("") + "}").routes())
        .hasSize(1);
  }

  @Test
  void readsAnArrayOfRoutes() throws BadConfiguration {
    String route = "{\"uri\": \"/a\", \"plugins\": " + plugins("") + "}";

    assertThat(read("[" + route + "," + route + "]").routes())
        .extracting(Route::id)
        .containsExactly("route-1", "route-2");
  }

  @Test
  void readsAFileThatNamesItsSchema() throws BadConfiguration {
    assertThat(read("{\"$schema\": \"ai-proxy.schema.json\", " + route("").substring(1))
            .routes())
        .hasSize(1);
  }

  @Test
  void takesTheBodyOfAnAdminCallOfTheFamily() throws BadConfiguration {
    Route route = read("""
            {"id": 7, "name": "chat", "desc": "all of it", "labels": {"team": "a"}, "status": 1, "priority": 3,
             "create_time": 1700000000, "update_time": 1700000001,
             "uris": ["/a", "/b/*"], "hosts": ["API.example.com", "*.example.org"], "methods": ["GET", "POST"],
             "plugins": {"ai-proxy": {"_meta": {"disable": false}, "provider": "openai", "auth": {}}}}
            """).routes().get(0);

    assertThat(route.id()).isEqualTo("7");
    assertThat(route.uris()).containsExactly("/a", "/b/*");
    assertThat(route.hosts()).containsExactly("api.example.com", "*.example.org");
    assertThat(route.methods()).containsExactly("GET", "POST");
    assertThat(route.priority()).isEqualTo(3);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"status\": 0, \"uri\": \"/a\", \"plugins\": {\"ai-proxy\": {\"provider\": \"openai\", \"auth\": {}}}}",
        "{\"uri\": \"/a\", \"plugins\": {\"ai-proxy\": {\"_meta\": {\"disable\": true}, \"provider\": \"openai\", \"auth\": {}}}}"
      })
  void leavesOutWhatIsSwitchedOff(String route) throws BadConfiguration {
    assertThat(read(route).routes()).isEmpty();
  }

  @Test
  void forwardsAllHeadersIfAskedTo() throws BadConfiguration {
    assertThat(read(route(", \"forward_headers\": \"all\""))
            .routes()
            .get(0)
            .aiProxy()
            .forwardHeaders())
        .isEqualTo(new ForwardHeaders(true, Set.of()));
  }

  @Test
  void keepsNumbersOfOptionsAsTheyAreWritten() throws BadConfiguration {
    AiProxy plugin = read(route(
            ", \"options\": {\"a\": 1.0, \"b\": 12345678901234567890123, \"c\": 0.10}"))
        .routes()
        .get(0)
        .aiProxy();

    assertThat(plugin.options())
        .hasToString("{\"a\":1.0,\"b\":12345678901234567890123,\"c\":0.10}");
    assertThat(plugin.options().get("a")).isInstanceOf(DecimalNode.class);
    assertThat(plugin.options().get("b").bigIntegerValue())
        .isEqualTo(new BigInteger("12345678901234567890123"));
  }

  @Test
  void followsReferencesInsideOfOptions() throws BadConfiguration {
    environment.with("TEAM", "blue");

    assertThat(read(route(
                ", \"options\": {\"metadata\": {\"teams\": [\"${TEAM}\", \"${NONE:-red}\"]}}"))
            .routes()
            .get(0)
            .aiProxy()
            .options())
        .hasToString("{\"metadata\":{\"teams\":[\"blue\",\"red\"]}}");
  }

  @Test
  void isEqualIfTheFileIsEqual() throws BadConfiguration {
    String file = route(", \"options\": {\"a\": 1.5}");

    assertThat(read(file)).isEqualTo(read(file));
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
          "max_tokens": 1                         | max_tokens                  | unknown key
          "time_out": 1                           | time_out                    | unknown key, did you mean timeout?
          "max_respons_bytes": 1                  | max_respons_bytes           | unknown key, did you mean max_response_bytes?
          "timeout": 0                            | timeout                     | must be a whole number from 1 to 600000, was 0
          "timeout": 600001                       | timeout                     | must be a whole number from 1 to 600000, was 600001
          "timeout": 1.5                          | timeout                     | must be a whole number from 1 to 600000, was 1.5
          "timeout": "1000"                       | timeout                     | must be a whole number from 1 to 600000, was "1000"
          "timeout": null                         | timeout                     | must be a whole number from 1 to 600000, was null
          "timeout": 1e400                        | timeout                     | must be a whole number from 1 to 600000, was 1E+400
          "keepalive": 1                          | keepalive                   | must be true or false, was 1
          "keepalive_timeout": 999                | keepalive_timeout           | must be a whole number from 1000 to 2147483647, was 999
          "stream_heartbeat_ms": 99               | stream_heartbeat_ms         | must be a whole number from 100 to 2147483647, or 0, was 99
          "max_response_bytes": 0                 | max_response_bytes          | must be a whole number of at least 1, was 0
          "on_client_abort": "stop"               | on_client_abort             | must be one of cancel, drain; was "stop"
          "options": []                           | options                     | must be an object, was an array
          "options": {"model": ""}                | options.model               | must not be empty or hold control characters, was ""
          "options": {"model": 4}                 | options.model               | must be a string, was a number
          "override": {"llm_options": {"top_p": 1}} | override.llm_options.top_p | unknown key
          "override": {"llm_options": {"max_tokens": 0}} | override.llm_options.max_tokens | must be a whole number from 1 to 2147483647, was 0
          "override": {"request_body": {"chat": {}}} | override.request_body.chat | unknown key
          "override": {"request_body": {"openai-chat": 1}} | override.request_body.openai-chat | must be an object, was a number
          "override": {"endpoint": "localhost:80"} | override.endpoint         | must begin with http:// or https:// and hold no line breaks
          "override": {"endpoint": "https://u:p@host/"} | override.endpoint     | must not hold a user or a password; credentials belong in auth
          "proxy": "http://host/path"             | proxy                       | must be http://host:port
          "proxy": "http://user:pw@host"          | proxy                       | must be http://host:port
          "forward_headers": "none"               | forward_headers             | must be "all" or an array, was "none"
          "forward_headers": []                   | forward_headers             | must not be empty
          "forward_headers": ["a b"]              | forward_headers[0]          | must be the name of a header field: letters, digits and hyphens, was "a b"
          "forward_headers": ["Connection"]       | forward_headers[0]          | must not be configured: the gateway sets it itself
          "logging": {"summary": true}            | logging.summary             | unknown key
          "_meta": {"priority": 1}                | _meta.priority              | unknown key
          "ca_certificates": "missing.pem"        | ca_certificates             | must name a PEM file that can be read, was "missing.pem"
          """)
  void refusesInThePlugin(String keys, String path, String message) {
    assertThat(errors(route(", " + keys)))
        .containsExactly(new ConfigError("routes[0].plugins.ai-proxy." + path, message));
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
          {}                                    |                        |
          {"header": {}}                        | .header                | must not be empty
          {"query": {}}                         | .query                 | must not be empty
          {"ldap": {}}                          | .ldap                  | unknown key
          {"header": {"a b": "x"}}              | .header                | a key must be the name of a header field: letters, digits and hyphens
          {"header": {"X": 1}}                  | .header.X              | must be a string, was a number
          {"header": {"X": ""}}                 | .header.X              | must be the value of a header field: not empty, no line breaks, no spaces around it, and Latin-1 only
          {"header": {"X": "sk-a\\r\\nb"}}      | .header.X              | must be the value of a header field: not empty, no line breaks, no spaces around it, and Latin-1 only
          {"header": {"X": "sk-\\u20ac"}}       | .header.X              | must be the value of a header field: not empty, no line breaks, no spaces around it, and Latin-1 only
          {"header": {"X": "${NOWHERE}"}}       | .header.X              | environment variable NOWHERE is not set
          {"header": {"X": "$env://NOWHERE"}}   | .header.X              | environment variable NOWHERE is not set
          {"header": {"X": "$FILE://nowhere"}}  | .header.X              | file nowhere cannot be read
          {"header": {"X": "$secret://v/1/k"}}  | .header.X              | $secret:// is not supported; use ${NAME}, $env:// or $file://
          {"header": {"X": "a", "x": "b"}}      | .header.x              | is given twice: the case of a header's name does not count
          {"header": {"Content-Length": "1"}}   | .header.Content-Length | must not be configured: the gateway sets it itself
          {"query": {"": "x"}}                  | .query                 | a key must be the name of a query parameter: not empty and without control characters
          "sk-secret"                           | ''                     | must be an object, was a string
          """)
  void checksTheCredentials(String auth, String path, String message) {
    String file =
        "{\"uri\": \"/\", \"plugins\": {\"ai-proxy\": {\"provider\": \"openai\", \"auth\": " + auth
            + "}}}";

    assertThat(errors(file))
        .isEqualTo(
            message == null
                ? List.of()
                : List.of(new ConfigError(
                    "plugins.ai-proxy.auth" + (path == null || path.equals("''") ? "" : path),
                    message)));
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
          "id": "a b", "uri": "/"          | id         | must be 1 to 64 letters, digits, dots, hyphens or underscores, was "a b"
          "id": ""   , "uri": "/"          | id         | must be 1 to 64 letters, digits, dots, hyphens or underscores, was ""
          "id": true , "uri": "/"          | id         | must be a string, was true or false
          "id": "a"                        | uri        | is required, or uris
          "uri": "/", "uris": ["/"]        | uris       | cannot stand beside uri
          "uris": []                       | uris       | must not be empty
          "uris": ["/", 1]                 | uris[1]    | must be a string, was a number
          "uri": ""                        | uri        | must be a path that begins with / and has * at most as its last character, without ? and #, was ""
          "uri": "a"                       | uri        | must be a path that begins with / and has * at most as its last character, without ? and #, was "a"
          "uri": "/*/a"                    | uri        | must be a path that begins with / and has * at most as its last character, without ? and #, was "/*/a"
          "uri": "/", "methods": ["get"]   | methods[0] | must be one of GET, POST, PUT, DELETE, PATCH, HEAD, OPTIONS, CONNECT, TRACE, PURGE; was "get"
          "uri": "/", "methods": "GET"     | methods    | must be an array, was a string
          "uri": "/", "host": "a:80"       | host       | must be a host name without a port; *. may stand at its beginning, was "a:80"
          "uri": "/", "host": "*"          | host       | must be a host name without a port; *. may stand at its beginning, was "*"
          "uri": "/", "host": "a", "hosts": ["b"] | hosts | cannot stand beside host
          "uri": "/", "priority": 1.5      | priority   | must be a whole number from -2147483648 to 2147483647, was 1.5
          "uri": "/", "status": 2          | status     | must be a whole number from 0 to 1, was 2
          "uri": "/", "upstream": {}       | upstream   | unknown key
          """)
  void refusesInTheRoute(String keys, String path, String message) {
    String file = "{\"routes\": [{" + keys + ", \"plugins\": " + plugins("") + "}]}";

    assertThat(errors(file)).containsExactly(new ConfigError("routes[0]." + path, message));
  }

  @Test
  void refusesAPluginItDoesNotKnow() {
    String file =
        "{\"routes\": [{\"uri\": \"/\", \"plugins\": {\"ai-cache\": {}, \"ai-proxy\": {\"provider\": \"openai\", \"auth\": {}}}}]}";

    assertThat(errors(file))
        .containsExactly(new ConfigError("routes[0].plugins.ai-cache", "unknown plugin"));
  }

  @Test
  void refusesARouteThatDoesNothing() {
    assertThat(errors("[{\"uri\": \"/\", \"plugins\": {}}]"))
        .containsExactly(new ConfigError("[0].plugins.ai-proxy", "is required, or ai-proxy-multi"));
  }

  @Test
  void refusesAPluginWithoutProviderAndAuth() {
    assertThat(errors("{\"uri\": \"/\", \"plugins\": {\"ai-proxy\": {}}}"))
        .containsExactly(
            new ConfigError("plugins.ai-proxy.provider", "is required"),
            new ConfigError("plugins.ai-proxy.auth", "is required"));
  }

  @Test
  void namesTheProvidersWhereOneIsNotKnown() {
    assertThat(
            errors(
                "{\"uri\": \"/\", \"plugins\": {\"ai-proxy\": {\"provider\": \"opneai\", \"auth\": {}}}}"))
        .containsExactly(new ConfigError(
            "plugins.ai-proxy.provider",
            "must be one of " + String.join(", ", PROVIDERS.names()) + "; was \"opneai\""));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'auth': {}",
        "'auth': {}, 'provider_conf': {'region': 'r'}",
        "'auth': {}, 'override': {'endpoint': 'https://x'}"
      })
  void asksForWhatTheAddressOfAProviderIsMadeWith(String rest) {
    assertThat(errors(
            "{'uri': '/', 'plugins': {'ai-proxy': {'provider': 'vertex-ai', ".replace('\'', '"')
                + rest.replace('\'', '"') + "}}}"))
        .containsExactly(
            new ConfigError(
                "plugins.ai-proxy.provider_conf",
                "vertex-ai requires either provider_conf (project_id + region) or override.endpoint with a path"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"openai-compatible", "azure-openai"})
  void asksWhereAProviderIsThatHasNoAddress(String provider) {
    assertThat(errors("{\"uri\": \"/\", \"plugins\": {\"ai-proxy\": {\"provider\": \"" + provider
            + "\", \"auth\": {}}}}"))
        .containsExactly(new ConfigError(
            "plugins.ai-proxy.override.endpoint", "is required for the provider " + provider));
  }

  @Test
  void refusesTwoRoutesOfOneId() {
    String first = "{\"id\": \"route-2\", \"uri\": \"/a\", \"plugins\": " + plugins("") + "}";
    String second = "{\"uri\": \"/b\", \"plugins\": " + plugins("") + "}";

    assertThat(errors("[" + first + "," + second + "]"))
        .containsExactly(new ConfigError("[1].id", "is another route's id already: route-2"));
  }

  @Test
  void reportsEverythingAtOnce() {
    String file = """
        {"routes": [
          {"uri": "a", "plugins": {"ai-proxy": {"provider": "x", "auth": {"header": {"A": "${NONE}"}}, "timeout": 0}}},
          {"uri": "/", "plugins": {"ai-cache": {}}}]}
        """;

    assertThat(errors(file))
        .extracting(ConfigError::path)
        .containsExactlyInAnyOrder(
            "routes[0].uri",
            "routes[0].plugins.ai-proxy.provider",
            "routes[0].plugins.ai-proxy.auth.header.A",
            "routes[0].plugins.ai-proxy.timeout",
            "routes[1].plugins.ai-cache",
            "routes[1].plugins.ai-proxy");
  }

  @Test
  void reportsABoundedNumberOfFaults() {
    String keys = new Random(1)
        .ints(1000, 0, Integer.MAX_VALUE)
        .distinct()
        .mapToObj(i -> ", \"k" + i + "\": 1")
        .collect(Collectors.joining());

    assertThat(errors(route(keys))).hasSize(101).last().hasToString("and 900 more");
  }

  @Test
  void showsWhatIsInTheFileAndNotWhatItStandsFor() {
    assertThat(errors(route(", \"on_client_abort\": \"${OPENAI_API_KEY}\"")))
        .extracting(ConfigError::message)
        .containsExactly("must be one of cancel, drain; was \"${OPENAI_API_KEY}\"");
  }

  @Test
  void showsOfAValueOnlySoMuchAndNoControlCharacters() {
    assertThat(errors(route(", \"on_client_abort\": \"" + "\\n\\u001b".repeat(100) + "\"")))
        .extracting(ConfigError::message)
        .containsExactly("must be one of cancel, drain; was \"" + "?".repeat(60) + "…\"");
  }

  @Test
  void neverShowsACredential() {
    String key = "sk-0123456789";
    String file = """
        {"routes": [
          {"uri": "/", "plugins": {"ai-proxy": {"provider": "openai", "auth": {"header": {"A": "KEY\\n", "Bearer KEY": "x"}}}}},
          {"uri": "/", "plugins": {"ai-proxy": {"provider": "openai", "auth": {"query": {"a": "KEY\\n"}}}}},
          {"uri": "/", "plugins": {"ai-proxy": {"provider": "openai", "auth": {"header": "KEY"}}}},
          {"uri": "/", "plugins": {"ai-proxy": {"provider": "openai", "auth": {"header": ["KEY"]}}}},
          {"uri": "/", "plugins": {"ai-proxy": {"provider": "openai", "auth": "KEY"}}},
          {"uri": "/", "plugins": {"ai-proxy": {"provider": "openai", "auth": {}, "override": {"endpoint": "https://KEY@h"}}}},
          {"uri": "/", "plugins": {"ai-proxy": {"provider": "openai", "auth": {}, "override": {"endpoint": "h?k=KEY"}}}},
          {"uri": "/", "plugins": {"ai-proxy": {"provider": "openai", "auth": {}, "proxy": "http://u:KEY@h"}}}]}
        """.replace("KEY", key);

    assertThat(errors(file)).hasSize(9).noneMatch(error -> error.toString().contains(key));
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
          {"a": sk-secret}    | line 1, column 7 | is not JSON: expected (JSON String, Number, Array, Object or token 'null', 'true' or 'false')
          {"a" "sk-secret"}   | line 1, column 6 | is not JSON: expected a colon to separate field name and value
          {"a": 1, "a": 2}    | line 1, column 13 | a key is given twice in one object
          {"a": 1} {}         | line 1, column 10 | expected the end of the text
          {"a": [1}           | line 1, column 9 | is not JSON: expected ']'
          {"a": "sk-secret    | line 1, column 17 | the text ends too early
          {'a': 1}            | line 1, column 2 | is not JSON: expected double-quote to start field name
          """)
  void saysWhereTheTextStopsToBeJsonAndWhatItExpected(String json, String path, String message) {
    assertThat(errors(json)).containsExactly(new ConfigError(path, message));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " \n",
        "null",
        "1",
        "\"x\"",
        "true",
        "[]",
        "{}",
        "[null]",
        "[[]]",
        "{\"routes\": []}",
        "{\"routes\": {}}"
      })
  void refusesWhatIsNoConfigurationAtAll(String json) {
    assertThat(errors(json)).isNotEmpty();
  }

  @Test
  void refusesAHundredThousandBrackets() {
    assertThat(errors("[".repeat(100_000)))
        .singleElement()
        .extracting(ConfigError::message)
        .asString()
        .startsWith("goes beyond what is read");
  }

  @Test
  void refusesRandomBytes() {
    Random random = new Random(7);
    for (int i = 0; i < 2000; i++) {
      byte[] bytes = new byte[random.nextInt(200)];
      random.nextBytes(bytes);
      assertThat(errors(bytes)).isNotEmpty();
    }
  }

  @Test
  void refusesTheFileCutAnywhere() {
    byte[] whole = route(", \"options\": {\"model\": \"é\"}").getBytes(StandardCharsets.UTF_8);
    for (int cut = 0; cut < whole.length; cut++) {
      assertThat(errors(Arrays.copyOf(whole, cut))).as("cut at %s", cut).isNotEmpty();
    }
  }

  @Test
  void neverFailsOtherwiseThanBySayingSo() {
    byte[] whole = route(", \"options\": {\"model\": \"${OPENAI_API_KEY}\"}, \"timeout\": 1000")
        .getBytes(StandardCharsets.UTF_8);
    Random random = new Random(3);
    for (int i = 0; i < 5000; i++) {
      byte[] changed = whole.clone();
      changed[random.nextInt(changed.length)] = (byte) random.nextInt();
      changed[random.nextInt(changed.length)] = (byte) "{}[]\",:$\\".charAt(random.nextInt(9));
      // either a configuration or a report; everything else would be thrown through
      assertThat(errors(changed))
          .allSatisfy(error -> assertThat(error.toString()).doesNotContain(SECRET));
    }
  }

  @Test
  void findsCertificatesBesideTheConfiguration() throws Exception {
    environment.file("ca.pem", getClass().getResourceAsStream("ca.pem").readAllBytes());

    assertThat(read(route(", \"ca_certificates\": \"ca.pem\""))
            .routes()
            .get(0)
            .aiProxy()
            .transport()
            .caCertificates())
        .contains(Path.of("/etc/ai-proxy/ca.pem"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "hello", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"})
  void refusesAFileWithoutCertificates(String content) {
    environment.file("ca.pem", content);

    assertThat(errors(route(", \"ca_certificates\": \"ca.pem\"")))
        .extracting(ConfigError::path)
        .containsExactly("routes[0].plugins.ai-proxy.ca_certificates");
  }

  private Configuration read(String json) throws BadConfiguration {
    return reader().read(json.getBytes(StandardCharsets.UTF_8));
  }

  private List<ConfigError> errors(String json) {
    return errors(json.getBytes(StandardCharsets.UTF_8));
  }

  private List<ConfigError> errors(byte[] json) {
    BadConfiguration bad =
        catchThrowableOfType(BadConfiguration.class, () -> reader().read(json));
    return bad == null ? List.of() : bad.errors();
  }

  private ConfigReader reader() {
    return new ConfigReader(PROVIDERS, environment);
  }

  private static String route(String more) {
    return "{\"routes\": [{\"uri\": \"/\", \"plugins\": " + plugins(more) + "}]}";
  }

  private static String plugins(String more) {
    return "{\"ai-proxy\": {\"provider\": \"openai\", \"auth\": {}" + more + "}}";
  }

  private static Duration millis(long millis) {
    return Duration.ofMillis(millis);
  }
}
