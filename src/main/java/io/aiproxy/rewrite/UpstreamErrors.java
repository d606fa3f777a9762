package io.aiproxy.rewrite;

import io.aiproxy.call.Body;
import io.aiproxy.call.Call;
import io.aiproxy.call.Failure;
import io.aiproxy.call.Handler;
import io.aiproxy.call.Headers;
import io.aiproxy.call.Layer;
import io.aiproxy.call.Problem;
import io.aiproxy.call.Reply;
import io.aiproxy.config.Auth;
import io.aiproxy.config.Secret;
import io.aiproxy.json.BadJson;
import io.aiproxy.json.JsonLimits;
import io.aiproxy.json.JsonValue;
import io.aiproxy.ledger.Answer;
import io.aiproxy.ledger.Attempt;
import io.aiproxy.ledger.Ledger;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What an upstream says when it fails. An error of the provider's own, which is a JSON object or an array of them, passes; a page of whoever
 * stands before it, an endless or an empty body gives way to an error in the client's protocol, with the same status. Where a
 * reply repeats the credential that it was sent, dots take its place. Redirects are not followed and not passed on: they would
 * lead a client, or a credential, somewhere else.
 */
public final class UpstreamErrors implements Layer {
  /** The longest error that passes, in bytes. */
  static final int MOST = 64 * 1024;

  private static final int SHORTEST_SECRET = 6;
  private static final String DOTS = "***";

  private final List<String> secrets;
  private final Duration patience;

  /**
   * With the credentials of a route.
   *
   * @param auth whose values must not come back
   * @param query the address's own, encoded, whose values must not come back either; empty if it has none
   * @param patience how long the whole of an error may take to come
   */
  public UpstreamErrors(Auth auth, String query, Duration patience) {
    this.patience = patience;
    Stream<String> plain = Stream.concat(
            auth.header().values().stream(), auth.query().values().stream())
        .map(Secret::reveal);
    secrets = spelled(Stream.concat(plain, Query.parse(query).values()));
  }

  /** All in which an echo of a secret could be recognised. */
  private static List<String> spelled(Stream<String> secrets) {
    return secrets
        .flatMap(secret -> Stream.of(secret, secret.substring(secret.lastIndexOf(' ') + 1)))
        .filter(secret -> secret.length() >= SHORTEST_SECRET)
        .flatMap(UpstreamErrors::spellings)
        .distinct()
        .toList();
  }

  /** A secret as it is, as some write it in JSON, and as it stands in a URL. */
  private static Stream<String> spellings(String secret) {
    return Stream.of(secret, secret.replace("/", "\\/"), Query.encode(secret));
  }

  @Override
  public Reply handle(Call call, Handler next) {
    Reply reply = next.handle(call);
    int status = reply.status();
    if (reply.succeeded()) {
      return reply;
    }
    try (reply) {
      if (status < 400) {
        throw Problem.of(
            Problem.Kind.UPSTREAM_BROKEN,
            "the upstream answered with a redirect, which is not followed");
      }
      Redaction redaction = redaction(call);
      Optional<byte[]> words = ownWords(reply, call.exchange().ledger());
      noteMoney(call, status, words);
      byte[] body = words
          .map(redaction::of)
          .orElseGet(() -> call.protocol()
              .error(new Failure(
                  status,
                  Problem.Kind.UPSTREAM_ERROR.type(),
                  Problem.Kind.UPSTREAM_ERROR.code(),
                  "the upstream answered with status " + status,
                  "")));
      return new Reply(status, headers(reply.headers(), redaction), Body.of(body));
    }
  }

  /** The error as the provider put it, which may hold what must not get out; empty if it put none that can be passed on. */
  private Optional<byte[]> ownWords(Reply reply, Ledger ledger) {
    ByteArrayOutputStream collected = new ByteArrayOutputStream();
    long begun = ledger.nanos();
    boolean more = true;
    try {
      while (more && collected.size() <= MOST && ledger.nanos() - begun < patience.toNanos()) {
        more = reply
            .body()
            .advance(piece -> collected.write(piece.array(), piece.offset(), piece.length()));
      }
    } catch (Problem broken) {
      return Optional.empty();
    }
    return more || collected.size() > MOST || !isError(collected.toByteArray())
        ? Optional.empty()
        : Optional.of(collected.toByteArray());
  }

  /** Who may ask others instead has to know. */
  private static void noteMoney(Call call, int status, Optional<byte[]> words) {
    boolean ranOut = words
        .flatMap(UpstreamErrors::parsed)
        .map(said -> call.protocol().failure(status, said))
        .orElseGet(() -> new Failure(status, "", "", "", ""))
        .isOutOfMoney();
    if (ranOut) {
      call.exchange().ledger().lastAttempt().map(Attempt::answer).ifPresent(Answer::moneyRanOut);
    }
  }

  /** An object, or what Google sends in the place of a stream: an array of objects. */
  private static boolean isError(byte[] body) {
    return parsed(body)
        .filter(said -> said.kind() == JsonValue.Kind.OBJECT
            || (said.holdsOnly(JsonValue.Kind.OBJECT) && !said.isEmpty()))
        .isPresent();
  }

  private static Optional<JsonValue> parsed(byte[] body) {
    try {
      return Optional.of(JsonValue.parse(body, 0, body.length, JsonLimits.REQUEST));
    } catch (BadJson notJson) {
      return Optional.empty();
    }
  }

  private Redaction redaction(Call call) {
    List<String> fresh = spelled(call.exchange().concealed().stream());
    return new Redaction(Stream.concat(secrets.stream(), fresh.stream()).toList());
  }

  /** Puts dots in the place of secrets. */
  private record Redaction(List<String> secrets) {
    byte[] of(byte[] body) {
      String text = new String(body, StandardCharsets.UTF_8);
      String clean = of(text);
      return clean.equals(text) ? body : clean.getBytes(StandardCharsets.UTF_8);
    }

    String of(String text) {
      String clean = text;
      for (String secret : secrets) {
        clean = clean.replace(secret, DOTS);
      }
      return clean;
    }
  }

  private static Headers headers(Headers sent, Redaction redaction) {
    Headers.Builder clean = Headers.builder();
    sent.only(field -> !field.is("content-type")
            && !field.is("content-encoding")
            && !field.is("content-length"))
        .forEach(field -> clean.add(field.name(), redaction.of(field.value())));
    return clean.add("Content-Type", "application/json").build();
  }
}
