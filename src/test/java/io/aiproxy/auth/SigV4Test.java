package io.aiproxy.auth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.aiproxy.call.Body;
import io.aiproxy.call.Call;
import io.aiproxy.call.Headers;
import io.aiproxy.call.Problem;
import io.aiproxy.call.Reply;
import io.aiproxy.call.Target;
import io.aiproxy.testing.Calls;
import io.aiproxy.testing.SigV4Judge;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SigV4Test {
  private static final String SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
  private static final String HOST = "bedrock-runtime.eu-west-1.amazonaws.com";

  private static Call signed(String token, Target target, Headers headers, String body) {
    List<Call> sent = new ArrayList<>();
    SigV4 signer = new SigV4(AwsKeys.written("AKIDEXAMPLE", SECRET, token), "eu-west-1");
    try (Reply reply = signer.handle(Calls.of("POST", target, headers, body), call -> {
      sent.add(call);
      return new Reply(200, Headers.NONE, Body.of(new byte[0]));
    })) {
      assertThat(reply.status()).isEqualTo(200);
    }
    return sent.get(0);
  }

  private static SigV4Judge judge(Call call) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    call.payload().writeTo(body);
    Target target = call.target();
    boolean isUsual = target.port() == (target.scheme().equals("https") ? 443 : 80);
    Headers.Builder headers = Headers.builder();
    call.headers().forEach(field -> headers.add(field.name(), field.value()));
    headers.add("host", isUsual ? target.host() : target.address());
    return new SigV4Judge(
        SECRET, call.method(), target.pathAndQuery(), headers.build(), body.toByteArray());
  }

  /** The first example of AWS's own documentation, which gives the signature. */
  @Test
  void theJudgeKnowsWhatAwsPublished() {
    Headers headers = Headers.builder()
        .add("Host", "iam.amazonaws.com")
        .add("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
        .add("X-Amz-Date", "20150830T123600Z")
        .add(
            "Authorization",
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request, "
                + "SignedHeaders=content-type;host;x-amz-date, "
                + "Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7")
        .build();

    SigV4Judge judge = new SigV4Judge(
        SECRET, "GET", "/?Action=ListUsers&Version=2010-05-08", headers, new byte[0]);

    assertThat(judge.due()).isEqualTo(judge.claimed());
  }

  @ParameterizedTest
  @CsvSource({
    "https, 443,  /model/m/converse, ''",
    "http,  8080, /model/amazon.nova-lite-v1%3A0/converse-stream, ''",
    "https, 443,  /model/arn%3Aaws%3Abedrock%3Aeu-west-1%3A1%3Ainference-profile%2Fx/converse, ''",
    "http,  80,   /a%20b~c, 'b=2&a=%2F%201&c'",
    "https, 8443, /, 'x=%C3%A4'"
  })
  void signsWhateverIsSent(String scheme, int port, String path, String query) throws IOException {
    Headers json = Headers.builder().add("Content-Type", "application/json").build();

    SigV4Judge judge =
        judge(signed("", new Target(scheme, HOST, port, path, query), json, "{\"a\":\"\u00e4\"}"));

    assertThat(judge.claimed()).isEqualTo(judge.due());
    assertThat(judge.signedHeaders()).contains("host", "x-amz-date", "content-type");
  }

  @Test
  void aQueryThatIsNotEncodedIsTheClientsFault() {
    Problem problem = catchThrowableOfType(
        Problem.class,
        () -> signed("", new Target("https", HOST, 443, "/a", "b=%zz"), Headers.NONE, "{}"));

    assertThat(problem.kind()).isEqualTo(Problem.Kind.INVALID_REQUEST);
  }

  @Test
  void signsTheTokenOfASession() throws IOException {
    Call call = signed("token", new Target("https", HOST, 443, "/a", ""), Headers.NONE, "{}");

    assertThat(call.headers().first("x-amz-security-token")).contains("token");
    assertThat(judge(call).signedHeaders()).contains("x-amz-security-token");
    assertThat(judge(call).claimed()).isEqualTo(judge(call).due());
  }

  @Test
  void takesThePlaceOfAnySignatureOfTheClients() {
    Headers own = Headers.builder()
        .add("Authorization", "Bearer mine")
        .add("X-Amz-Date", "20000101T000000Z")
        .add("X-Amz-Security-Token", "mine")
        .add("User-Agent", "me")
        .build();

    Call call = signed("", new Target("https", HOST, 443, "/a", ""), own, "{}");

    assertThat(call.headers().all("authorization")).singleElement().asString().startsWith("AWS4-");
    assertThat(call.headers().all("x-amz-date")).hasSize(1).doesNotContain("20000101T000000Z");
    assertThat(call.headers().has("x-amz-security-token")).isFalse();
    assertThat(call.headers().first("user-agent")).contains("me");
  }

  @Test
  void tellsTheExchangeWhatNoClientMayRead() {
    Call call = signed("token", new Target("https", HOST, 443, "/a", ""), Headers.NONE, "{}");

    assertThat(call.exchange().concealed()).contains(SECRET, "token");
  }

  @Test
  void sendsTheBodyThatItSigned() throws IOException {
    Call call = signed("", new Target("https", HOST, 443, "/a", ""), Headers.NONE, "{\"x\":1}");
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    call.payload().writeTo(body);

    assertThat(body.toString(UTF_8)).isEqualTo("{\"x\":1}");
  }
}
