package io.aiproxy.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.aiproxy.call.Problem;
import io.aiproxy.call.Problem.Kind;
import io.aiproxy.call.Reply;
import io.aiproxy.call.Target;
import io.aiproxy.testing.Calls;
import io.aiproxy.testing.ScriptedUpstream;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** An upstream that does not keep to HTTP, or is not there at all. */
final class BrokenAnswersTest {
  private static final String HEAD = "HTTP/1.1 200 OK\r\n";

  private final ScriptedUpstream provider = ScriptedUpstream.open();
  private final Rig rig = new Rig();

  @AfterEach
  void close() {
    rig.close();
    provider.close();
  }

  static Stream<Arguments> noHead() {
    return Stream.of(
        named("nothing", ""),
        named("garbage", "\u0016\u0003\u0001 garbage\r\n\r\n"),
        named("blank lines without end", "\r\n".repeat(1000)),
        named("half a status line", "HTTP/1.1 20"),
        named("a head without its end", HEAD + "Content-Type: text/plain\r\n"),
        named("a head and half a field", HEAD + "Content-Le"),
        named("HTTP/0.9", "<html>hello</html>"),
        named("HTTP/2.0", "HTTP/2.0 200 OK\r\nContent-Length: 2\r\n\r\n{}"),
        named("status 000", "HTTP/1.1 000 No\r\nContent-Length: 2\r\n\r\n{}"),
        named("status 099", "HTTP/1.1 099 No\r\nContent-Length: 2\r\n\r\n{}"),
        named("status 600", "HTTP/1.1 600 No\r\nContent-Length: 2\r\n\r\n{}"),
        named("status 999", "HTTP/1.1 999 No\r\nContent-Length: 2\r\n\r\n{}"),
        named("status 20x", "HTTP/1.1 20x No\r\nContent-Length: 2\r\n\r\n{}"),
        named("status -200", "HTTP/1.1 -200 No\r\nContent-Length: 2\r\n\r\n{}"),
        named("status 101", "HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n"),
        named(
            "20,000 times 100",
            "HTTP/1.1 100 Continue\r\n\r\n".repeat(20_000) + HEAD + "Content-Length: 2\r\n\r\n{}"),
        named(
            "20,000 times 103",
            "HTTP/1.1 103 Hints\r\nLink: a\r\n\r\n".repeat(20_000) + HEAD
                + "Content-Length: 2\r\n\r\n{}"),
        named(
            "a field of 2 MB",
            HEAD + "X: " + "x".repeat(2 << 20) + "\r\nContent-Length: 2\r\n\r\n{}"),
        named(
            "a folded field of 2 MB",
            HEAD + "X: a\r\n" + (" " + "x".repeat(1000) + "\r\n").repeat(2000) + "\r\n"),
        named("20,000 fields", HEAD + "X: y\r\n".repeat(20_000) + "Content-Length: 2\r\n\r\n{}"),
        named("a status line of 1 MB", "HTTP/1.1 200 " + "x".repeat(1 << 20) + "\r\n\r\n"),
        named("two lengths", HEAD + "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}"),
        named("a list of lengths", HEAD + "Content-Length: 2, 3\r\n\r\n{}"),
        named("a negative length", HEAD + "Content-Length: -1\r\n\r\n{}"),
        named("a length of 2^64", HEAD + "Content-Length: 18446744073709551616\r\n\r\n{}"),
        named("a length in words", HEAD + "Content-Length: two\r\n\r\n{}"),
        named("an unknown coding", HEAD + "Transfer-Encoding: gzip\r\n\r\n{}"),
        named(
            "an unknown coding below chunks",
            HEAD + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"),
        named(
            "chunks twice",
            HEAD + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        named("a NUL in a field", HEAD + "X: a\u0000b\r\nContent-Length: 2\r\n\r\n{}"),
        named("a bare CR in a field", HEAD + "X: a\rSet-Cookie: b\r\nContent-Length: 2\r\n\r\n{}"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("noHead")
  void isBrokenBeforeThereIsAReply(String name, String answer) {
    provider.answers(turn -> turn.raw(answer).close());
    Problem problem = rig.problem(Calls.post(provider.target("/"), "{}"));
    assertThat(problem.kind()).isEqualTo(Kind.UPSTREAM_BROKEN);
    assertDiscreet(problem);
    assertThat(provider.requests()).hasSize(1);
  }

  static Stream<Arguments> noBody() {
    return Stream.of(
        named("fewer bytes than announced", HEAD + "Content-Length: 10\r\n\r\n{\"a\":"),
        named("no byte of those announced", HEAD + "Content-Length: 10\r\n\r\n"),
        named("no chunk at all", HEAD + "Transfer-Encoding: chunked\r\n\r\n"),
        named("half a chunk", chunked("a\r\nhello")),
        named("no last chunk", chunked("5\r\nhello\r\n")),
        named("no empty line at the end", chunked("5\r\nhello\r\n0\r\n")),
        named("half the empty line", chunked("5\r\nhello\r\n0\r\n\r")),
        named("half a trailer", chunked("5\r\nhello\r\n0\r\nX: y\r\n")),
        named("no size", chunked("hello\r\n0\r\n\r\n")),
        named("a negative size", chunked("-5\r\nhello\r\n0\r\n\r\n")),
        named("a huge size", chunked("ffffffffffffffff\r\nhello\r\n0\r\n\r\n")),
        named("a chunk longer than its size", chunked("4\r\nhello\r\n0\r\n\r\n")),
        named(
            "a chunk extension of 8 MB",
            chunked("5;x=" + "y".repeat(8 << 20) + "\r\nhello\r\n0\r\n\r\n")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("noBody")
  void isBrokenWithinTheBody(String name, String answer) {
    provider.answers(turn -> turn.raw(answer).close());
    try (Reply reply = rig.send(Calls.post(provider.target("/"), "{}"))) {
      assertBroken(reply);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: 10\r\n\r\n{",
        "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
        "\r\nhello"
      })
  void isBrokenByAResetWithinTheBody(String answer) {
    provider.answers(turn -> {
      turn.raw(HEAD + answer);
      turn.reset();
    });
    try (Reply reply = rig.send(Calls.post(provider.target("/"), "{}"))) {
      assertBroken(reply);
    } catch (Problem resetOvertookTheHead) {
      assertThat(resetOvertookTheHead.kind()).isEqualTo(Kind.UPSTREAM_BROKEN);
    }
  }

  private static void assertBroken(Reply reply) {
    Problem problem = catchThrowableOfType(Problem.class, () -> Rig.text(reply.body()));
    assertThat(problem.kind()).isEqualTo(Kind.UPSTREAM_BROKEN);
    assertDiscreet(problem);
    assertThat(catchThrowable(() -> Rig.text(reply.body()))).isSameAs(problem);
  }

  @Test
  void passesAFewInterimAnswersOver() {
    provider.answers(
        turn -> turn.raw("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n")
            .json("{1}"));
    assertThat(rig.text(Calls.post(provider.target("/"), "{}"))).isEqualTo("{1}");
  }

  @Test
  void understandsAnAnswerThatComesByteByByte() {
    provider.answers(turn -> turn.split().sse("one", "two"));
    assertThat(rig.text(Calls.post(provider.target("/"), "{}")))
        .isEqualTo("data: one\n\ndata: two\n\n");
  }

  @Test
  void understandsAnAnswerWhereverItIsCut() {
    String answer = HEAD + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n";
    for (int cut : IntStream.range(1, answer.length()).toArray()) {
      provider.answers(turn -> turn.raw(answer.substring(0, cut)).raw(answer.substring(cut)));
      assertThat(rig.text(Calls.post(provider.target("/"), "{}")))
          .as("cut at %s", cut)
          .isEqualTo("hello");
    }
  }

  @Test
  void readsABodyUntilItsConnectionCloses() {
    provider.answers(turn -> turn.raw(HEAD + "\r\nhello").close());
    try (Reply reply = rig.send(Calls.post(provider.target("/"), "{}"))) {
      assertThat(reply.body().length()).isEqualTo(-1);
      assertThat(Rig.text(reply.body())).isEqualTo("hello");
    }
  }

  @Test
  void joinsFoldedFieldsAndKeepsLatin1() {
    provider.answers(
        turn -> turn.raw(HEAD + "X: a\r\n  b\r\nY: \u00e4\u00ff\r\nContent-Length: 0\r\n\r\n"));
    try (Reply reply = rig.send(Calls.post(provider.target("/"), "{}"))) {
      assertThat(reply.headers().first("X")).contains("a b");
      assertThat(reply.headers().first("Y")).contains("\u00e4\u00ff");
    }
  }

  @Test
  void isUnreachableWhereNobodyListens() throws IOException {
    int port;
    try (ServerSocket gone = new ServerSocket(0)) {
      port = gone.getLocalPort();
    }
    Problem problem = rig.problem(Calls.post(new Target("http", "127.0.0.1", port, "/", ""), "{}"));
    assertThat(problem.kind()).isEqualTo(Kind.UPSTREAM_UNREACHABLE);
    assertDiscreet(problem);
    assertThat(problem).hasCauseInstanceOf(IOException.class);
  }

  @Test
  void isUnreachableUnderANameThatNobodyHas() {
    Problem problem =
        rig.problem(Calls.post(new Target("http", "no-such-host.invalid", 80, "/", ""), "{}"));
    assertThat(problem.kind()).isEqualTo(Kind.UPSTREAM_UNREACHABLE);
    assertDiscreet(problem);
  }

  @Test
  void givesTheAnswerOfAnUpstreamThatDoesNotWantAllOfARequest() {
    provider.greets(turn ->
        turn.raw("HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\n{}").close());
    try (Reply reply = rig.send(Calls.post(provider.target("/"), "x".repeat(20 << 20)))) {
      assertThat(reply.status()).isEqualTo(413);
    }
    assertThat(rig.stats().available()).isZero();
  }

  @Test
  void isBrokenByAnUpstreamThatHangsUpWithinARequest() {
    provider.greets(turn -> turn.takes(1000).reset());
    Problem problem = rig.problem(Calls.post(provider.target("/"), "x".repeat(20 << 20)));
    assertThat(problem.kind()).isEqualTo(Kind.UPSTREAM_BROKEN);
    assertThat(provider.connections()).isEqualTo(1);
  }

  /** What is said to clients names no host, port, class or library. */
  static void assertDiscreet(Problem problem) {
    assertThat(problem.message())
        .doesNotContainPattern("\\d")
        .doesNotContain("127.0.0.1", "localhost", "invalid", "Exception", "java", "apache", "Http");
  }

  private static String chunked(String chunks) {
    return HEAD + "Transfer-Encoding: chunked\r\n\r\n" + chunks;
  }

  private static Arguments named(String name, String answer) {
    return Arguments.of(
        name,
        new String(answer.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.ISO_8859_1));
  }
}
