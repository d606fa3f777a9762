package io.aiproxy.embedding;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aiproxy.call.Call;
import io.aiproxy.call.Exchange;
import io.aiproxy.call.Handler;
import io.aiproxy.call.Headers;
import io.aiproxy.call.Payload;
import io.aiproxy.call.Problem;
import io.aiproxy.call.Protocol;
import io.aiproxy.call.Reply;
import io.aiproxy.call.Target;
import io.aiproxy.json.BadJson;
import io.aiproxy.json.JsonLimits;
import io.aiproxy.json.JsonValue;
import io.aiproxy.json.Mappers;
import io.aiproxy.ledger.Ledger;
import io.aiproxy.ledger.Ticker;
import io.aiproxy.protocol.Protocols;
import java.io.ByteArrayOutputStream;
import java.util.List;

/**
 * Asks for vectors as OpenAI describes it, and as Azure and many others understand it: {@code {"model", "input": [...]}}. Sends
 * nothing of the client's. Safe for all threads.
 */
public final class EmbeddingEndpoint implements Embedder {
  private static final JsonMapper JSON = Mappers.mapper().build();
  private static final int GOOD = 200;
  private static final int TOO_MANY = 429;
  private static final int FIRST_FAULT = 500;

  /** How much is read for a text, in bytes; a vector of 4096 dimensions takes about 90 thousand. */
  static final int MOST_FOR_ONE = 256 * 1024;

  private static final int MOST = 64 * 1024 * 1024;

  private final Handler upstream;
  private final Target target;
  private final Headers headers;
  private final String model;

  /**
   * For one endpoint.
   *
   * @param upstream sends what it gets as it is, and keeps the timeout
   * @param headers all that is sent, credentials included
   * @param model empty if the address says which one it is
   */
  public EmbeddingEndpoint(Handler upstream, Target target, Headers headers, String model) {
    this.upstream = upstream;
    this.target = target;
    this.headers = headers;
    this.model = model;
  }

  @Override
  public List<Vector> embed(List<String> texts, Exchange asking) throws NoVectors {
    Exchange own = new Exchange(asking.id(), new Ledger(asking.id(), Ticker.SYSTEM), asking::after);
    Runnable forget = asking.onEnd(() -> asking.ending().ifPresent(own::end));
    try (Reply reply = upstream.handle(call(own, texts))) {
      check(reply);
      return EmbeddingAnswer.read(whole(reply, texts.size()), texts.size());
    } catch (Problem problem) {
      throw NoVectors.atTheMoment(problem.message(), cause(problem));
    } finally {
      forget.run();
      own.finish();
    }
  }

  private static Throwable[] cause(Problem problem) {
    Throwable cause = problem.getCause();
    return cause == null ? new Throwable[0] : new Throwable[] {cause};
  }

  private static void check(Reply reply) throws NoVectors {
    String words = "the endpoint answered with " + reply.status();
    if (reply.status() == TOO_MANY || reply.status() >= FIRST_FAULT) {
      throw NoVectors.atTheMoment(words);
    }
    if (reply.status() != GOOD || !reply.isPlain()) {
      throw NoVectors.ofThese(words);
    }
  }

  private static byte[] whole(Reply reply, int count) throws NoVectors {
    long most = Math.min(MOST, (long) MOST_FOR_ONE * count);
    ByteArrayOutputStream collected = new ByteArrayOutputStream();
    boolean more = true;
    while (more) {
      more = reply
          .body()
          .advance(piece -> collected.write(piece.array(), piece.offset(), piece.length()));
      if (collected.size() > most) {
        throw NoVectors.ofThese("the endpoint's answer is too large");
      }
    }
    return collected.toByteArray();
  }

  private Call call(Exchange exchange, List<String> texts) {
    byte[] body = body(texts);
    return new Call(
        exchange,
        Protocols.named(Protocols.PASSTHROUGH),
        Protocol.Asked.NOTHING,
        "POST",
        target.path(),
        target,
        headers,
        parsed(body),
        Payload.of(body));
  }

  private byte[] body(List<String> texts) {
    ObjectNode request = JSON.createObjectNode();
    if (!model.isEmpty()) {
      request.put("model", model);
    }
    texts.forEach(request.putArray("input")::add);
    try {
      return JSON.writeValueAsString(request).getBytes(UTF_8);
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static JsonValue parsed(byte[] body) {
    try {
      return JsonValue.parse(body, 0, body.length, JsonLimits.REQUEST);
    } catch (BadJson impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  @Override
  public String toString() {
    return target.toString();
  }
}
