package io.aiproxy.auth;

import io.aiproxy.call.Call;
import io.aiproxy.call.Handler;
import io.aiproxy.call.Headers;
import io.aiproxy.call.Payload;
import io.aiproxy.call.Problem;
import io.aiproxy.call.Reply;
import io.aiproxy.call.Target;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.identity.spi.AwsSessionCredentialsIdentity;

/**
 * Signs each request for Amazon Bedrock as AWS's own library does: method, path, query, host, media type, date and body. The
 * path is signed as it is sent, encoded once more, which is the rule for all services but S3.
 */
final class SigV4 implements Signer {
  private static final String SERVICE = "bedrock";
  private static final String AUTHORIZATION = "authorization";
  private static final String AMAZONS = "x-amz-";

  private final AwsV4HttpSigner signer = AwsV4HttpSigner.create();
  private final AwsKeys keys;
  private final String region;

  SigV4(AwsKeys keys, String region) {
    this.keys = keys;
    this.region = region;
  }

  @Override
  public Reply handle(Call call, Handler next) {
    AwsCredentials current = keys.now();
    byte[] body = bytes(call.payload());
    Map<String, List<String>> signed = signed(call, current, body);
    call.exchange().conceal(current.secretAccessKey());
    if (current instanceof AwsSessionCredentialsIdentity session) {
      call.exchange().conceal(session.sessionToken());
    }
    Headers.Builder headers = Headers.builder();
    call.headers()
        .only(field -> !isSignature(field.name()))
        .forEach(field -> headers.add(field.name(), field.value()));
    signed.forEach((name, values) -> {
      if (isSignature(name)) {
        values.forEach(value -> headers.add(name, value));
      }
    });
    return next.handle(
        call.sending(call.method(), call.target(), headers.build(), Payload.of(body)));
  }

  private Map<String, List<String>> signed(Call call, AwsCredentials current, byte[] body) {
    return signer
        .sign(request -> request
            .identity(current)
            .request(request(call))
            .payload(ContentStreamProvider.fromByteArrayUnsafe(body))
            .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, SERVICE)
            .putProperty(AwsV4HttpSigner.REGION_NAME, region))
        .request()
        .headers();
  }

  private static SdkHttpRequest request(Call call) {
    Target target = call.target();
    SdkHttpRequest.Builder request = SdkHttpRequest.builder()
        .method(SdkHttpMethod.fromValue(call.method()))
        .protocol(target.scheme())
        .host(target.host())
        .port(target.port())
        .encodedPath(target.path());
    for (String part : target.query().split("&", -1)) {
      if (!part.isEmpty()) {
        int equals = part.indexOf('=');
        request.appendRawQueryParameter(
            decoded(equals < 0 ? part : part.substring(0, equals)),
            equals < 0 ? "" : decoded(part.substring(equals + 1)));
      }
    }
    call.headers().first("content-type").ifPresent(type -> request.putHeader("content-type", type));
    return request.build();
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException broken) {
      throw Problem.of(
          Problem.Kind.INVALID_REQUEST, "the query of the request must be percent-encoded");
    }
  }

  private static boolean isSignature(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return lower.equals(AUTHORIZATION) || lower.startsWith(AMAZONS);
  }

  private static byte[] bytes(Payload payload) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(Math.toIntExact(payload.length()));
    try {
      payload.writeTo(out);
    } catch (IOException impossible) {
      throw Problem.of(Problem.Kind.INTERNAL, "the request cannot be signed", impossible);
    }
    return out.toByteArray();
  }

  @Override
  public void close() {
    keys.close();
  }
}
