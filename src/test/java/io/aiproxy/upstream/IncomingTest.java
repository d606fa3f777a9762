package io.aiproxy.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.aiproxy.testing.Calls;
import java.time.Duration;
import java.util.Optional;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpVersion;
import org.apache.hc.core5.http.ProtocolException;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.message.BasicClassicHttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class IncomingTest {
  private final Rig settings = new Rig();

  @ParameterizedTest
  @CsvSource({
    "'', 60",
    "timeout=5, 5",
    "timeout=600, 60",
    "'max=3, Timeout=7', 7",
    "timeout=-1, 60",
    "timeout=soon, 60",
    "timeout=99999999999, 60"
  })
  void keepsAConnectionAsLongAsBothSidesWant(String hint, int seconds) throws ProtocolException {
    assertThat(keep("Keep-Alive", hint)).contains(Duration.ofSeconds(seconds));
  }

  @Test
  void doesNotKeepAConnectionForNoTime() throws ProtocolException {
    assertThat(keep("Keep-Alive", "timeout=0")).isEmpty();
  }

  @Test
  void doesNotKeepAConnectionIfKeepaliveIsOff() throws ProtocolException {
    settings.keepalive = false;
    assertThat(keep("X", "y")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "text/event-stream",
        "Text/Event-Stream; charset=utf-8",
        "application/vnd.amazon.eventstream",
        "application/x-ndjson ;x"
      })
  void tellsStreamsByTheirType(String type) throws ProtocolException {
    assertThat(incoming("Content-Type", type).format().isStream()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"application/json", "text/event-streams", ""})
  void takesAllElseForADocument(String type) throws ProtocolException {
    assertThat(incoming("Content-Type", type).format().isStream()).isFalse();
  }

  private Optional<Duration> keep(String name, String value) throws ProtocolException {
    return incoming(name, value).keep();
  }

  private Incoming incoming(String name, String value) throws ProtocolException {
    ClassicHttpResponse response = new BasicClassicHttpResponse(200);
    response.setVersion(HttpVersion.HTTP_1_1);
    response.addHeader("Content-Length", "2");
    response.addHeader(name, value);
    response.setEntity(new ByteArrayEntity(new byte[2], null));
    return Incoming.of(
        Calls.at("openai-chat", "/", ""),
        Outgoing.request("POST", "/"),
        response,
        settings.transport());
  }
}
