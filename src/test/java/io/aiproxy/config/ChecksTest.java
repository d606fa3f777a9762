package io.aiproxy.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.aiproxy.call.Headers;
import io.aiproxy.provider.Providers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChecksTest {
  private static final String AT = "plugins.ai-proxy-multi.instances[0].checks.active.";

  @Test
  void hasTheDefaultsOfTheFamily() throws BadConfiguration {
    ActiveCheck check = read("{}");

    assertThat(check.type()).isEmpty();
    assertThat(check.timeout()).isEqualTo(Duration.ofSeconds(1));
    assertThat(check.concurrency()).isEqualTo(10);
    assertThat(check.port()).isEmpty();
    assertThat(check.verifies()).isTrue();
    assertThat(check.request().method()).isEqualTo("GET");
    assertThat(check.request().target()).isEqualTo("/");
    assertThat(check.request().body()).isEmpty();
    assertThat(check.healthy())
        .isEqualTo(new ActiveCheck.Healthy(Duration.ofSeconds(1), 2, Set.of(200, 302)));
    assertThat(check.unhealthy())
        .isEqualTo(new ActiveCheck.Unhealthy(
            Duration.ofSeconds(1), 5, 2, 3, Set.of(429, 404, 500, 501, 502, 503, 504, 505)));
  }

  @Test
  void readsAllKeys() throws BadConfiguration {
    ActiveCheck check = read("""
        {'type':'tcp','timeout':0.25,'concurrency':3,'host':'foo.com','port':81,'http_path':'/up','http_method':'POST',
        'http_req_body':'{}','https_verify_certificate':false,'req_headers':['X-A: b:c'],
        'healthy':{'interval':2,'successes':3,'http_statuses':[204]},
        'unhealthy':{'interval':4,'http_failures':5,'tcp_failures':6,'timeouts':7,'http_statuses':[500]}}""");

    assertThat(check.type()).isEqualTo(Optional.of(ActiveCheck.Type.TCP));
    assertThat(check.timeout()).isEqualTo(Duration.ofMillis(250));
    assertThat(check.concurrency()).isEqualTo(3);
    assertThat(check.port()).isEqualTo(OptionalInt.of(81));
    assertThat(check.verifies()).isFalse();
    assertThat(check.request().target()).isEqualTo("/up");
    assertThat(check.request().method()).isEqualTo("POST");
    assertThat(check.request().body()).isEqualTo("{}");
    assertThat(check.request().headers())
        .containsExactly(new Headers.Field("Host", "foo.com"), new Headers.Field("X-A", "b:c"));
    assertThat(check.healthy())
        .isEqualTo(new ActiveCheck.Healthy(Duration.ofSeconds(2), 3, Set.of(204)));
    assertThat(check.unhealthy())
        .isEqualTo(new ActiveCheck.Unhealthy(Duration.ofSeconds(4), 5, 6, 7, Set.of(500)));
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
      'timeout':0                   | timeout                      | must be a number from 0.001 to 600, was 0
      'timeout':'1'                 | timeout                      | must be a number from 0.001 to 600, was \\"1\\"
      'port':0                      | port                         | must be a whole number from 1 to 65535, was 0
      'healthy':{'interval':0.5}    | healthy.interval             | must be a whole number from 1 to 86400, was 0.5
      'healthy':{'successes':255}   | healthy.successes            | must be a whole number from 1 to 254, was 255
      'unhealthy':{'timeout':1}     | unhealthy.timeout            | unknown key, did you mean timeouts?
      'unhealthy':{'http_statuses':[99]} | unhealthy.http_statuses[0] | must be a whole number from 200 to 599, was 99
      'req_headers':['nothing']     | req_headers[0]               | must be \\"Name: value\\", without line breaks
      'http_path':'up'              | http_path                    | must be a path that begins with /, percent-encoded, with at most a query
      """, quoteCharacter = '`')
  void refuses(String keys, String path, String message) {
    assertThat(errors("{" + keys + "}", "http://localhost"))
        .containsExactly(new ConfigError(AT + path, message.replace("\\\"", "\"")));
  }

  @Test
  void doesNotSendCredentialsInTheOpen() {
    assertThat(errors("{'type':'http'}", "https://localhost"))
        .extracting(ConfigError::path)
        .containsExactly(AT + "type");
    assertThat(errors("{'type':'http','port':80}", "https://localhost")).isEmpty();
  }

  private static ActiveCheck read(String active) throws BadConfiguration {
    return configuration(active, "http://localhost")
        .routes()
        .get(0)
        .instances()
        .get(0)
        .check()
        .orElseThrow();
  }

  private static List<ConfigError> errors(String active, String endpoint) {
    try {
      configuration(active, endpoint);
      return List.of();
    } catch (BadConfiguration wrong) {
      return wrong.errors();
    }
  }

  private static Configuration configuration(String active, String endpoint)
      throws BadConfiguration {
    String file = """
        {'uri':'/*','plugins':{'ai-proxy-multi':{'instances':[{'name':'a','weight':1,'provider':'openai','auth':{},
        'override':{'endpoint':'%s'},'checks':{'active':%s}}]}}}""".formatted(endpoint, active);
    return new ConfigReader(Providers.installed(), new ScriptedEnvironment())
        .read(file.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
  }
}
