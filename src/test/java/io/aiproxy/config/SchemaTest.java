package io.aiproxy.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SpecVersion.VersionFlag;
import io.aiproxy.provider.Providers;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The schema takes what the reader takes, as far as a schema can say it. */
class SchemaTest {
  private static final JsonSchema SCHEMA = schema();
  private final ConfigReader reader = new ConfigReader(
      Providers.installed(),
      new ScriptedEnvironment()
          .with("KEY", "sk-secret")
          .with("OPENAI_API_KEY", "sk-openai")
          .with("DEEPSEEK_API_KEY", "sk-deepseek")
          .with("AZ_OPENAI_API_KEY", "azure"));

  @Test
  void isOfTheDraftThatItNames() {
    JsonSchema draft = JsonSchemaFactory.getInstance(VersionFlag.V202012)
        .getSchema(SchemaLocation.of("https://json-schema.org/draft/2020-12/schema"));

    assertThat(draft.validate(SCHEMA.getSchemaNode())).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'timeout': 1",
        "'timeout': 600000",
        "'timeout': 30000.0",
        "'connect_timeout': 1, 'first_byte_timeout': 1, 'idle_timeout': 1, 'request_timeout': 86400000, 'body_timeout': 1",
        "'keepalive': false, 'keepalive_timeout': 1000, 'keepalive_pool': 1, 'ssl_verify': false",
        "'max_req_body_size': 9007199254740991, 'max_response_bytes': 1, 'max_stream_duration_ms': 1",
        "'streaming_flush_interval_ms': 0, 'stream_heartbeat_ms': 0, 'max_concurrent_requests': 0",
        "'stream_heartbeat_ms': 100, 'on_client_abort': 'drain', 'drain_timeout_ms': 1, 'drain_max_bytes': 1",
        "'pool_size': 1, 'pool_wait': 1, 'proxy': 'http://proxy:3128'",
        "'forward_headers': 'all'",
        "'forward_headers': ['X-Trace', '${KEY}']",
        "'on_client_abort': '${NONE:-cancel}'",
        "'options': {}",
        "'options': {'model': 'm', 'temperature': 0.5, 'stop': null, 'x': {'y': [1]}}",
        "'override': {}",
        "'override': {'endpoint': 'https://host:1/a%20b?c=d', 'llm_options': {'max_tokens': 1}}",
        "'override': {'endpoint': '${NONE:-https://host}'}",
        "'override': {'request_body': {'openai-chat': {'a': 1}, 'passthrough': {}}, 'request_body_force_override': true}",
        "'logging': {'summaries': true}",
        "'_meta': {'disable': false}",
        "'_meta': {}"
      })
  void takesWhatThePluginTakes(String keys) {
    assertBothTake(plugin(keys));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'timeout': 0",
        "'timeout': 600001",
        "'timeout': 1.5",
        "'timeout': '1'",
        "'timeout': null",
        "'keepalive': 'true'",
        "'keepalive_timeout': 999",
        "'keepalive_timeout': 2147483648",
        "'max_req_body_size': 0",
        "'max_response_bytes': 9007199254740992",
        "'stream_heartbeat_ms': 99",
        "'stream_heartbeat_ms': -1",
        "'streaming_flush_interval_ms': -1",
        "'on_client_abort': 'stop'",
        "'forward_headers': []",
        "'forward_headers': 'some'",
        "'forward_headers': ['a b']",
        "'forward_headers': [1]",
        "'proxy': 'https://proxy'",
        "'proxy': 'http://proxy/path'",
        "'options': []",
        "'options': {'model': ''}",
        "'options': {'model': 1}",
        "'override': {'endpoint': 'host'}",
        "'override': {'endpoint': 'https://user@host'}",
        "'override': {'endpoint': 'https://host/#a'}",
        "'override': {'llm_options': {'max_tokens': 0}}",
        "'override': {'llm_options': {'temperature': 0}}",
        "'override': {'request_body': {'chat': {}}}",
        "'override': {'request_body': {'openai-chat': []}}",
        "'override': {'model': 'm'}",
        "'logging': {'all': true}",
        "'logging': true",
        "'_meta': {'filter': []}",
        "'max_tokens': 1"
      })
  void refusesWhatThePluginRefuses(String keys) {
    assertBothRefuse(plugin(keys));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'provider': 'openai', 'auth': {}",
        "'provider': 'openai', 'auth': {'header': {'Authorization': 'Bearer ${KEY}'}}",
        "'provider': 'openai', 'auth': {'query': {'a b': '€'}}",
        "'provider': '${NONE:-openai}', 'auth': {}",
        "'provider': 'azure-openai', 'auth': {}, 'override': {'endpoint': 'https://h'}"
      })
  void takesTheProvidersAndCredentialsThatTheReaderTakes(String plugin) {
    assertBothTake("{'uri': '/', 'plugins': {'ai-proxy': {" + plugin + "}}}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'auth': {}",
        "'provider': 'openai'",
        "'provider': 'gpt', 'auth': {}",
        "'provider': 'azure-openai', 'auth': {}",
        "'provider': 'openai-compatible', 'auth': {}, 'override': {}",
        "'provider': 'openai', 'auth': {'header': {}}",
        "'provider': 'openai', 'auth': {'header': {'a b': 'x'}}",
        "'provider': 'openai', 'auth': {'header': {'a': ''}}",
        "'provider': 'openai', 'auth': {'header': {'a': 'x\\ny'}}",
        "'provider': 'openai', 'auth': {'header': {'a': ' x'}}",
        "'provider': 'openai', 'auth': {'header': {'a': '€'}}",
        "'provider': 'openai', 'auth': {'header': {'a': 1}}",
        "'provider': 'openai', 'auth': {'query': {'': 'x'}}",
        "'provider': 'openai', 'auth': {'ldap': {}}",
        "'provider': 'openai', 'auth': 'key'"
      })
  void refusesTheProvidersAndCredentialsThatTheReaderRefuses(String plugin) {
    assertBothRefuse("{'uri': '/', 'plugins': {'ai-proxy': {" + plugin + "}}}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{ROUTE}",
        "[{ROUTE}]",
        "{'routes': [{ROUTE}]}",
        "{'$schema': 'x', 'routes': [{ROUTE}]}",
        "{ROUTE, 'id': 'a-b_c.1'}",
        "{ROUTE, 'id': 7}",
        "{ROUTE, 'methods': ['GET', 'POST'], 'host': '*.example.com', 'priority': -1, 'status': 0}",
        "{ROUTE, 'hosts': ['a', '[::1]'], 'name': 'n', 'desc': 'd', 'labels': {'a': 'b'}, 'create_time': 1, 'update_time': 1}"
      })
  void takesTheRoutesThatTheReaderTakes(String file) {
    assertBothTake(file.replace(
        "ROUTE", "'uri': '/a*', 'plugins': {'ai-proxy': {'provider': 'openai', 'auth': {}}}"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "null",
        "1",
        "[]",
        "{}",
        "[1]",
        "{'routes': []}",
        "{'routes': {}}",
        "{'routes': [{ROUTE}], 'plugins': {}}",
        "{'routes': [{ROUTE}], 'version': 1}",
        "{'uri': '/'}",
        "{'uri': '/', 'plugins': {}}",
        "{'plugins': {'ai-proxy': {'provider': 'openai', 'auth': {}}}}",
        "{ROUTE, 'uris': ['/']}",
        "{ROUTE, 'id': ''}",
        "{ROUTE, 'id': 0}",
        "{ROUTE, 'id': 1.5}",
        "{ROUTE, 'methods': []}",
        "{ROUTE, 'methods': ['get']}",
        "{ROUTE, 'host': 'a', 'hosts': ['b']}",
        "{ROUTE, 'host': 'a:1'}",
        "{ROUTE, 'host': '*'}",
        "{ROUTE, 'priority': '1'}",
        "{ROUTE, 'status': 2}",
        "{ROUTE, 'upstream': {}}",
        "{ROUTE, 'labels': []}",
        "{ROUTE, 'name': ''}",
        "{'uri': 'a', PLUGINS}",
        "{'uri': '/*/a', PLUGINS}",
        "{'uri': '/a?b', PLUGINS}",
        "{'uris': [], PLUGINS}",
        "{'uri': '/', 'plugins': {'ai-proxy': {'provider': 'openai', 'auth': {}}, 'ai-cache': {}}}"
      })
  void refusesTheRoutesThatTheReaderRefuses(String file) {
    assertBothRefuse(file.replace("ROUTE", "'uri': '/a*', PLUGINS")
        .replace("PLUGINS", "'plugins': {'ai-proxy': {'provider': 'openai', 'auth': {}}}"));
  }

  @ParameterizedTest
  @MethodSource("examples")
  void takesTheExamples(Path example) throws IOException {
    assertBothTake(Files.readString(example));
  }

  static List<Path> examples() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("deploy/examples"))) {
      return files.filter(file -> file.toString().endsWith(".json")).sorted().toList();
    }
  }

  private void assertBothTake(String file) {
    assertThat(faultsOfReader(file)).as("the reader's faults").isEmpty();
    assertThat(faultsOfSchema(file)).as("the schema's faults").isEmpty();
  }

  private void assertBothRefuse(String file) {
    assertThat(faultsOfReader(file)).as("the reader's faults").isNotEmpty();
    assertThat(faultsOfSchema(file)).as("the schema's faults").isNotEmpty();
  }

  private List<String> faultsOfReader(String file) {
    try {
      reader.read(json(file));
      return List.of();
    } catch (BadConfiguration e) {
      return e.errors().stream().map(ConfigError::toString).toList();
    }
  }

  private static List<String> faultsOfSchema(String file) {
    try {
      JsonNode node = JsonText.parse(json(file));
      return SCHEMA.validate(node).stream().map(Object::toString).toList();
    } catch (BadConfiguration e) {
      throw new AssertionError(e);
    }
  }

  /** Single quotes read better inside of Java. */
  private static byte[] json(String text) {
    return text.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
  }

  private static String plugin(String keys) {
    return "{'uri': '/', 'plugins': {'ai-proxy': {'provider': 'openai', 'auth': {}, " + keys
        + "}}}";
  }

  private static JsonSchema schema() {
    try (InputStream in = ConfigReader.class.getResourceAsStream("ai-proxy.schema.json")) {
      return JsonSchemaFactory.getInstance(VersionFlag.V202012).getSchema(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
