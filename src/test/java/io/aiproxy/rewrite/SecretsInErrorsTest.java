package io.aiproxy.rewrite;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.aiproxy.call.Body;
import io.aiproxy.call.Headers;
import io.aiproxy.call.Reply;
import io.aiproxy.config.Auth;
import io.aiproxy.config.Secret;
import io.aiproxy.testing.Calls;
import io.aiproxy.testing.ScriptedBody;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What was sent in a URL comes back as it stood there. */
class SecretsInErrorsTest {
  @ParameterizedTest
  @ValueSource(strings = {"k/y+of=us", "k%2Fy%2Bof%3Dus", "in&the=address", "in%26the%3Daddress"})
  void areTakenOutHoweverTheyAreSpelled(String echoed) {
    Auth auth = new Auth(Map.of(), Map.of("key", Secret.of("k/y+of=us")));
    UpstreamErrors errors =
        new UpstreamErrors(auth, "v=1&code=in%26the%3Daddress", Duration.ofSeconds(1));
    String body = "{\"error\":{\"message\":\"bad: " + echoed + " v 1\"}}";

    Reply reply = errors.handle(
        Calls.arrived("/v1/chat/completions", "{\"messages\":[]}", Headers.NONE),
        call -> new Reply(401, Headers.NONE, Body.of(body.getBytes(UTF_8))));

    assertThat(ScriptedBody.text(reply.body()))
        .isEqualTo("{\"error\":{\"message\":\"bad: *** v 1\"}}");
  }

  @Test
  void areTakenOutThoughTheyWereMadeForThisExchange() {
    UpstreamErrors errors =
        new UpstreamErrors(new Auth(Map.of(), Map.of()), "", Duration.ofSeconds(1));

    Reply reply = errors.handle(
        Calls.arrived("/v1/chat/completions", "{\"messages\":[]}", Headers.NONE), call -> {
          call.exchange().conceal("ya29.fresh");
          return new Reply(
              401,
              Headers.builder().add("x-said", "Bearer ya29.fresh").build(),
              Body.of("{\"error\":\"bad ya29.fresh\"}".getBytes(UTF_8)));
        });

    assertThat(ScriptedBody.text(reply.body()) + reply.headers().first("x-said").orElse(""))
        .isEqualTo("{\"error\":\"bad ***\"}Bearer ***");
  }
}
