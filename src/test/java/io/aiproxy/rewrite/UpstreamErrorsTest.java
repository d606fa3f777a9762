package io.aiproxy.rewrite;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.aiproxy.call.Body;
import io.aiproxy.call.Call;
import io.aiproxy.call.Headers;
import io.aiproxy.call.Problem;
import io.aiproxy.call.Reply;
import io.aiproxy.testing.Calls;
import io.aiproxy.testing.ScriptedBody;
import io.aiproxy.testing.Settings;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UpstreamErrorsTest {
  private static final Call CALL =
      Calls.arrived("/v1/chat/completions", "{\"messages\":[]}", Headers.NONE);
  private static final String OWN = "{ \"error\" : {\"message\":\"no\",\"x\":1.0} }\n";

  private final UpstreamErrors errors = errors("{}");

  @ParameterizedTest
  @ValueSource(ints = {200, 201, 204, 299})
  void letASuccessPassUnread(int status) {
    Reply reply = new Reply(status, Headers.NONE, ScriptedBody.of().fails());

    assertThat(errors.handle(CALL, call -> reply)).isSameAs(reply);
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 401, 404, 429, 500, 529, 599})
  void letTheProvidersOwnWordsPassToTheByte(int status) {
    Reply reply = errors.handle(CALL, call -> reply(status, "application/json", OWN));

    assertThat(reply.status()).isEqualTo(status);
    assertThat(text(reply)).isEqualTo(OWN);
    assertThat(reply.mediaType()).isEqualTo("application/json");
  }

  @Test
  void keepTheHeadersButForThoseOfTheBody() {
    Headers sent = Headers.builder()
        .add("Retry-After", "7")
        .add("X-RateLimit-Remaining", "0")
        .add("Content-Type", "application/problem+json")
        .add("Content-Length", "999")
        .add("Content-Encoding", "identity")
        .build();

    Reply reply = errors.handle(CALL, call -> new Reply(429, sent, Body.of(OWN.getBytes(UTF_8))));

    assertThat(reply.headers())
        .extracting(Headers.Field::name)
        .containsExactly("Retry-After", "X-RateLimit-Remaining", "Content-Type");
    assertThat(reply.headers().first("retry-after")).contains("7");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "<html>",
        "[1]",
        "\"x\"",
        "null",
        "{\"a\":1",
        "{\"a\":1}{}",
        "{\"a\":\"\u0001\"}"
      })
  void putAnErrorInThePlaceOfWhatIsNone(String body) {
    Reply reply = errors.handle(CALL, call -> reply(503, "application/json", body));

    assertThat(reply.status()).isEqualTo(503);
    assertThat(text(reply))
        .isEqualTo("{\"error\":{\"message\":\"the upstream answered with status 503\","
            + "\"type\":\"upstream_error\",\"param\":null,\"code\":\"upstream_error\"}}");
    assertThat(reply.mediaType()).isEqualTo("application/json");
  }

  @Test
  void readNoMoreThanTheBound() {
    String longest = "{\"a\":\"" + "x".repeat(UpstreamErrors.MOST - 8) + "\"}";

    assertThat(text(errors.handle(CALL, call -> reply(500, "application/json", longest))))
        .isEqualTo(longest);
    assertThat(text(errors.handle(CALL, call -> reply(500, "application/json", longest + " "))))
        .startsWith("{\"error\":");
    ScriptedBody endless = ScriptedBody.endless("x".repeat(1000));
    errors.handle(CALL, call -> new Reply(500, Headers.NONE, endless));
    assertThat(endless.given()).isLessThan(UpstreamErrors.MOST + 2000L);
    assertThat(endless.closed()).isTrue();
  }

  @Test
  void putAnErrorInThePlaceOfWhatBreaksOff() {
    ScriptedBody body = ScriptedBody.of("{\"a\":").fails();

    Reply reply = errors.handle(CALL, call -> new Reply(500, Headers.NONE, body));

    assertThat(text(reply)).startsWith("{\"error\":{\"message\":\"the upstream answered");
    assertThat(body.closed()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(ints = {300, 301, 302, 304, 307, 308})
  void neitherFollowNorPassRedirects(int status) {
    ScriptedBody body = ScriptedBody.of("x");
    Headers elsewhere = Headers.builder().add("Location", "http://evil").build();

    Problem problem = catchThrowableOfType(
        Problem.class, () -> errors.handle(CALL, call -> new Reply(status, elsewhere, body)));

    assertThat(problem.kind()).isEqualTo(Problem.Kind.UPSTREAM_BROKEN);
    assertThat(problem.message()).doesNotContain("evil");
    assertThat(body.closed()).isTrue();
  }

  @Test
  void putDotsInThePlaceOfACredential() {
    UpstreamErrors guarded =
        errors("{'header':{'Authorization':'Bearer sk-secret'},'query':{'k':'querysecret'}}");
    Headers sent = Headers.builder().add("X-Request-Id", "for sk-secret").build();
    String body = "{\"m\":\"Bearer sk-secret, sk-secret or querysecret\"}";

    Reply reply = guarded.handle(CALL, call -> new Reply(401, sent, Body.of(body.getBytes(UTF_8))));

    assertThat(text(reply)).isEqualTo("{\"m\":\"***, *** or ***\"}");
    assertThat(reply.headers().first("x-request-id")).contains("for ***");
  }

  @Test
  void putDotsInThePlaceOfACredentialWithEscapedSlashes() {
    UpstreamErrors guarded = errors("{'header':{'Authorization':'Bearer sk/se+cret='}}");
    String body = "{\"m\":\"sk\\/se+cret= and sk/se+cret=\"}";

    assertThat(text(guarded.handle(CALL, call -> reply(401, "application/json", body))))
        .doesNotContain("cret=");
  }

  @Test
  void leaveShortWordsThatAreNoCredentialsAlone() {
    UpstreamErrors guarded = errors("{'header':{'X-Version':'2'}}");

    assertThat(text(guarded.handle(CALL, call -> reply(400, "application/json", "{\"a\":2}"))))
        .isEqualTo("{\"a\":2}");
  }

  private static UpstreamErrors errors(String auth) {
    return new UpstreamErrors(
        Settings.of("{'provider':'openai','auth':" + auth + "}").auth(), "", Duration.ofSeconds(1));
  }

  private static Reply reply(int status, String type, String body) {
    return new Reply(
        status, Headers.builder().add("Content-Type", type).build(), ScriptedBody.of(body));
  }

  private static String text(Reply reply) {
    return ScriptedBody.text(reply.body());
  }
}
