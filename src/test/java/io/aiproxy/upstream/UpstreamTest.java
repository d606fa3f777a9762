package io.aiproxy.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.aiproxy.call.Call;
import io.aiproxy.call.Headers;
import io.aiproxy.call.Problem;
import io.aiproxy.call.Reply;
import io.aiproxy.call.Target;
import io.aiproxy.ledger.Attempt;
import io.aiproxy.testing.Calls;
import io.aiproxy.testing.ScriptedUpstream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class UpstreamTest {
  private final ScriptedUpstream provider = ScriptedUpstream.open();
  private final Rig rig = new Rig();

  @AfterEach
  void close() {
    rig.close();
    provider.close();
  }

  @Test
  void sendsTheCallAsItIsAndGivesTheAnswerAsItCame() {
    provider.answers(
        turn -> turn.status(203).header("X-One", "1").header("x-two", "\u00e4").json("{\"a\":1}"));
    try (Reply reply = rig.send(Calls.post(provider.target("/v1/x"), "{\"q\":2}"))) {
      assertThat(reply.status()).isEqualTo(203);
      assertThat(reply.headers().first("X-One")).contains("1");
      assertThat(reply.headers().first("x-two")).contains("\u00e4");
      assertThat(reply.body().length()).isEqualTo(7);
      assertThat(Rig.text(reply.body())).isEqualTo("{\"a\":1}");
    }
    ScriptedUpstream.Request request = provider.request(0);
    assertThat(request.method()).isEqualTo("POST");
    assertThat(request.target()).isEqualTo("/v1/x");
    assertThat(request.text()).isEqualTo("{\"q\":2}");
    assertThat(request.headers().toString())
        .isEqualTo("[Host: …, Content-Type: …, Content-Length: …]");
    assertThat(request.headers().first("Host")).contains("127.0.0.1:" + provider.port());
  }

  @Test
  void givesEachEventOfAStreamAsSoonAsItIsThere() {
    CountDownLatch first = new CountDownLatch(1);
    CountDownLatch second = new CountDownLatch(1);
    provider.answers(
        turn -> turn.event("one").awaits(first).event("two").awaits(second).end());
    try (Reply reply = rig.send(Calls.post(provider.target("/"), "{}"))) {
      StringBuilder seen = new StringBuilder();
      while (seen.length() == 0) {
        reply
            .body()
            .advance(
                piece -> seen.append(new String(piece.array(), piece.offset(), piece.length())));
      }
      assertThat(seen).hasToString("data: one\n\n");
      assertThat(reply.body().ready()).isFalse();
      first.countDown();
      while (seen.length() < 20) {
        reply
            .body()
            .advance(
                piece -> seen.append(new String(piece.array(), piece.offset(), piece.length())));
      }
      second.countDown();
      assertThat(Rig.text(reply.body())).isEmpty();
      assertThat(seen).hasToString("data: one\n\ndata: two\n\n");
    }
  }

  @Test
  void writesTheAttemptDown() {
    Call call = Calls.post(provider.target("/"), "{}");
    rig.text(call);
    Attempt attempt = call.exchange().ledger().lastAttempt().orElseThrow();
    assertThat(attempt.status()).isEqualTo(200);
    assertThat(attempt.bytes()).isEqualTo(2);
    assertThat(attempt.connectNanos()).isPositive();
    assertThat(attempt.headNanos()).isGreaterThan(attempt.connectNanos());
    assertThat(attempt.endNanos()).isGreaterThan(attempt.headNanos());
  }

  @Test
  void usesAConnectionAgain() {
    rig.text(Calls.post(provider.target("/"), "{}"));
    rig.text(Calls.post(provider.target("/"), "{}"));
    assertThat(provider.connections()).isEqualTo(1);
  }

  @Test
  void addsNothingToARequestThatTheCallDoesNotHave() {
    rig.text(Calls.of("GET", provider.target("/"), Headers.NONE, ""));
    assertThat(provider.request(0).headers().toString()).isEqualTo("[Host: …]");
  }

  @Test
  void keepsTheOrderAndCaseOfFieldsAndTheirRepetition() {
    Headers headers = Headers.builder()
        .add("x-b", "1")
        .add("X-A", "2")
        .add("x-b", "3")
        .add("Host", "own.example")
        .build();
    rig.text(Calls.of("GET", provider.target("/"), headers, ""));
    assertThat(provider.request(0).headers().toString())
        .isEqualTo("[x-b: …, X-A: …, x-b: …, Host: …]");
    assertThat(provider.request(0).headers().all("x-b")).containsExactly("1", "3");
    assertThat(provider.request(0).headers().first("Host")).contains("own.example");
  }

  @Test
  void keepsTheTargetToTheLetter() {
    Target plain = provider.target("//a/../%7Eb;c=d:e//");
    rig.text(Calls.post(
        new Target("http", plain.host(), plain.port(), plain.path(), "q=%20&&x=/?"), "{}"));
    assertThat(provider.request(0).target()).isEqualTo("//a/../%7Eb;c=d:e//?q=%20&&x=/?");
  }

  @Test
  void aloneDecidesWhereARequestEnds() {
    Headers headers = Headers.builder()
        .add("Content-Length", "1")
        .add("Transfer-Encoding", "chunked")
        .add("Connection", "close")
        .build();
    rig.text(Calls.of("POST", provider.target("/"), headers, "{\"a\":1}"));
    assertThat(provider.request(0).headers().all("Content-Length")).containsExactly("7");
    assertThat(provider.request(0).headers().has("Transfer-Encoding")).isFalse();
    assertThat(provider.request(0).headers().has("Connection")).isFalse();
    assertThat(provider.request(0).text()).isEqualTo("{\"a\":1}");
  }

  @Test
  void announcesAnEmptyBodyWhereOneIsExpected() {
    rig.text(Calls.of("POST", provider.target("/"), Headers.NONE, ""));
    assertThat(provider.request(0).headers().first("Content-Length")).contains("0");
  }

  @Test
  void sendsALargeBodyWhole() {
    String body = "0123456789".repeat(1 << 20);
    rig.text(Calls.post(provider.target("/"), body));
    assertThat(provider.request(0).text()).isEqualTo(body);
  }

  @Test
  void followsNoRedirect() {
    try (ScriptedUpstream canary = ScriptedUpstream.open()) {
      for (int status : new int[] {301, 302, 303, 307, 308}) {
        provider.answers(
            turn -> turn.status(status).header("Location", canary.url() + "/").json("{moved}"));
        try (Reply reply = rig.send(Calls.post(provider.target("/"), "{}"))) {
          assertThat(reply.status()).isEqualTo(status);
          assertThat(Rig.text(reply.body())).isEqualTo("{moved}");
        }
      }
      assertThat(canary.connections()).isZero();
    }
  }

  @Test
  void triesNothingAgainByItself() {
    for (int status : new int[] {408, 429, 500, 502, 503, 504}) {
      provider.answers(turn -> turn.status(status).header("Retry-After", "1").json("{}"));
      try (Reply reply = rig.send(Calls.post(provider.target("/"), "{}"))) {
        assertThat(reply.status()).isEqualTo(status);
      }
    }
    assertThat(provider.requests()).hasSize(6);
  }

  @Test
  void keepsNoCookies() {
    provider.answers(turn -> turn.header("Set-Cookie", "a=b").json("{}"));
    rig.text(Calls.post(provider.target("/"), "{}"));
    rig.text(Calls.post(provider.target("/"), "{}"));
    assertThat(provider.request(1).headers().has("Cookie")).isFalse();
  }

  @Test
  void answersNoChallenge() {
    provider.answers(
        turn -> turn.status(401).header("WWW-Authenticate", "Basic realm=\"x\"").json("{}"));
    rig.text(Calls.post(provider.target("/"), "{}"));
    assertThat(provider.requests()).hasSize(1);
  }

  @Test
  void leavesACodedBodyAsItIs() throws IOException {
    ByteArrayOutputStream coded = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(coded)) {
      gzip.write(new byte[1000]);
    }
    provider.answers(turn ->
        turn.header("Content-Encoding", "gzip").body("application/json", coded.toByteArray()));
    try (Reply reply = rig.send(Calls.post(provider.target("/"), "{}"))) {
      assertThat(reply.headers().first("Content-Encoding")).contains("gzip");
      assertThat(Rig.bytes(reply.body())).isEqualTo(coded.toByteArray());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\r\nX-Evil: 1", "a\nb", "a\rb", "a\u0000b", "a\u010db"})
  void sendsNothingWithALineBreakInAField(String value) {
    assertRefused(
        Calls.of("POST", provider.target("/"), Headers.builder().add("X", value).build(), "{}"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "X Y", "X:", "X\r\nY", "\u00e4"})
  void sendsNothingWithABadFieldName(String name) {
    assertRefused(
        Calls.of("POST", provider.target("/"), Headers.builder().add(name, "v").build(), "{}"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "GET /evil HTTP/1.1\r\nX:", "PO ST", "P\u0000"})
  void sendsNothingWithABadMethod(String method) {
    assertRefused(Calls.of(method, provider.target("/"), Headers.NONE, "{}"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/ HTTP/1.1\r\nX: y", "/a b", "/\u0000", "/\u00e4", "/\t"})
  void sendsNothingWithABadTarget(String path) {
    assertRefused(Calls.post(provider.target(path), "{}"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "a\r\nX: y"})
  void sendsNothingToABadHost(String host) {
    assertRefused(Calls.post(new Target("http", host, provider.port(), "/", ""), "{}"));
  }

  private void assertRefused(Call call) {
    assertThat(rig.problem(call).kind()).isEqualTo(Problem.Kind.INTERNAL);
    assertThat(provider.connections()).isZero();
  }
}
