package io.aiproxy.translate;

import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aiproxy.call.Body;
import io.aiproxy.call.Call;
import io.aiproxy.call.Failure;
import io.aiproxy.call.Handler;
import io.aiproxy.call.Headers;
import io.aiproxy.call.Layer;
import io.aiproxy.call.Problem;
import io.aiproxy.call.Protocol;
import io.aiproxy.call.Protocol.Asked;
import io.aiproxy.call.Reply;
import io.aiproxy.config.AiProxy;
import io.aiproxy.json.BadJson;
import io.aiproxy.json.JsonLimits;
import io.aiproxy.json.JsonValue;
import io.aiproxy.json.Mappers;
import io.aiproxy.json.WellFormed;
import io.aiproxy.neutral.Chat;
import io.aiproxy.neutral.Dialect;
import io.aiproxy.neutral.Embedding;
import io.aiproxy.neutral.Losses;
import io.aiproxy.neutral.Request;
import io.aiproxy.protocol.Protocols;
import io.aiproxy.wire.StreamFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;

/**
 * From one protocol into another and back. Safe for all threads.
 *
 * @param <Q> what a request is in neutral terms
 * @param <A> what an answer is
 */
final class Translation<Q, A> implements Layer {
  /** The longest document that is translated, in bytes. */
  static final int MOST = 64 * 1024 * 1024;

  private static final String DROPPED = "x-ai-dropped";
  private static final int MOST_NAMES = 900;

  private final Dialect<Q, A> client;
  private final Dialect<Q, A> upstream;
  private final Terms<Q, A> terms;
  private final Protocol target;
  private final boolean strict;
  private final InstantSource clock;

  private Translation(
      Dialect<Q, A> client,
      Dialect<Q, A> upstream,
      Terms<Q, A> terms,
      Protocol target,
      boolean strict,
      InstantSource clock) {
    this.client = client;
    this.upstream = upstream;
    this.terms = terms;
    this.target = target;
    this.strict = strict;
    this.clock = clock;
  }

  /** The translation between two protocols; empty if they are not of one kind. */
  static Optional<Translation<?, ?>> between(
      String client, String upstream, AiProxy settings, InstantSource clock) {
    Optional<Dialect<?, ?>> from = Protocols.dialect(client);
    Optional<Dialect<?, ?>> to = Protocols.dialect(upstream);
    if (from.isEmpty() || to.isEmpty()) {
      return Optional.empty();
    }
    boolean strict = settings.override().strictTranslation();
    if (from.get() instanceof Chat asked && to.get() instanceof Chat spoken) {
      return Optional.of(new Translation<>(
          asked, spoken, new ChatTerms(), Protocols.named(upstream), strict, clock));
    }
    if (from.get() instanceof Embedding asked && to.get() instanceof Embedding spoken) {
      return Optional.of(
          new Translation<>(asked, spoken, Terms.same(), Protocols.named(upstream), strict, clock));
    }
    return Optional.empty();
  }

  @Override
  public Reply handle(Call call, Handler next) {
    Q asked = client.request(tree(call), call.asked().model(), call.asked().stream());
    client.checkStandsAlone(asked);
    Losses losses = new Losses();
    byte[] said = bytes(upstream.request(terms.outward(asked), losses));
    if (strict && !losses.places().isEmpty()) {
      throw refused(losses);
    }
    Headers headers = RequestHeaders.of(call.headers(), target.name());
    Reply reply = next.handle(
        call.in(target, asking(call.asked()), query(call.asked()), headers, bounded(said)));
    boolean taken = false;
    try {
      Q told = terms.answered(asked, call.exchange().ledger().model());
      Reply translated = reply.succeeded()
          ? answered(call, told, reply, losses)
          : failed(call, reply, whole(reply), losses);
      taken = true;
      return translated;
    } finally {
      if (!taken) {
        reply.close();
      }
    }
  }

  private Asked asking(Asked asked) {
    StreamFormat format =
        asked.stream() && upstream instanceof Chat chat ? chat.streams() : StreamFormat.DOCUMENT;
    return new Asked(asked.model(), format, asked.endUser(), asked.tools());
  }

  private String query(Asked asked) {
    return asked.stream() && upstream instanceof Chat chat ? chat.streamQuery() : "";
  }

  private Problem refused(Losses losses) {
    String first = losses.places().iterator().next();
    return Problem.of(
            Problem.Kind.INVALID_REQUEST,
            "cannot be said in " + target.name() + ": " + names(losses.places())
                + "; leave it out, or allow the loss with override.strict_translation: false")
        .at(first);
  }

  private Reply answered(Call call, Q asked, Reply reply, Losses losses) {
    if (reply.hasEvents()
        && client instanceof Chat to
        && upstream instanceof Chat from
        && asked instanceof Request request) {
      StreamFormat format = call.asked().stream() ? call.asked().format() : to.streams();
      Body body = new StreamBody(
          reply.body(),
          from.decoder()
              .then(ToolNames.of(request).restoring())
              .then(birth(call))
              .then(new WholeCharacters()),
          to.encoder(request, format),
          call.protocol(),
          format);
      return new Reply(reply.status(), headers(reply, format, losses), format, body);
    }
    if (reply.isStream() || !reply.isPlain()) {
      throw Problem.of(
          Problem.Kind.UPSTREAM_BROKEN,
          "the upstream's answer is in a form that was not asked for");
    }
    byte[] whole = whole(reply);
    ObjectNode document = tree(whole);
    if (document.hasNonNull("error")) {
      return failed(call, reply, whole, losses); // some say so with a status of success
    }
    A answer = terms.inward(upstream.answer(document), asked, birth(call));
    byte[] body = bytes(client.answer(answer, asked, losses));
    reply.close();
    return new Reply(
        reply.status(),
        headers(reply, StreamFormat.DOCUMENT, losses),
        StreamFormat.DOCUMENT,
        Body.of(body));
  }

  private Birth birth(Call call) {
    return Birth.of(client.protocol(), call.exchange().id(), clock.instant());
  }

  private Reply failed(Call call, Reply reply, byte[] whole, Losses losses) {
    Failure failure = target.failure(reply.status(), error(whole));
    reply.close();
    return new Reply(
        reply.status(),
        headers(reply, StreamFormat.DOCUMENT, losses),
        StreamFormat.DOCUMENT,
        Body.of(call.protocol().error(failure)));
  }

  private static Headers headers(Reply reply, StreamFormat format, Losses losses) {
    Headers.Builder headers = Headers.builder();
    reply
        .headers()
        .only(field -> !field.is("content-type") && !field.is("content-length"))
        .forEach(field -> headers.add(field.name(), field.value()));
    headers.add("Content-Type", format.mediaType());
    if (!losses.places().isEmpty()) {
      headers.add(DROPPED, names(losses.places()));
    }
    return headers.build();
  }

  /** As much of the names as a header field holds, and nothing that could break one. */
  private static String names(Set<String> places) {
    String all = String.join(", ", places).replaceAll("[^\\x20-\\x7e]", "?");
    if (all.length() <= MOST_NAMES) {
      return all;
    }
    int end = all.lastIndexOf(", ", MOST_NAMES);
    return all.substring(0, end < 0 ? MOST_NAMES : end) + ", and more";
  }

  private static byte[] whole(Reply reply) {
    ByteArrayOutputStream collected = new ByteArrayOutputStream();
    boolean more = true;
    while (more) {
      more = reply
          .body()
          .advance(piece -> collected.write(piece.array(), piece.offset(), piece.length()));
      if (collected.size() > MOST) {
        throw Problem.of(
            Problem.Kind.RESPONSE_TOO_LARGE, "the upstream's answer is too large to be translated");
      }
    }
    return collected.toByteArray();
  }

  private static ObjectNode tree(Call call) {
    JsonValue json = call.json();
    try {
      JsonNode tree = Trees.JSON.readTree(json.bytes(), json.from(), json.to() - json.from());
      if (tree instanceof ObjectNode object) {
        return object;
      }
    } catch (IOException bad) {
      throw Problem.of(Problem.Kind.INVALID_JSON, "could not parse JSON request body", bad);
    }
    throw Problem.of(Problem.Kind.INVALID_REQUEST, "the request body must be an object");
  }

  private static ObjectNode tree(byte[] answer) {
    try {
      if (Trees.JSON.readTree(answer) instanceof ObjectNode object) {
        return object;
      }
    } catch (IOException notJson) {
      throw Problem.of(
          Problem.Kind.UPSTREAM_BROKEN, "the upstream's answer cannot be read", notJson);
    }
    throw Problem.of(Problem.Kind.UPSTREAM_BROKEN, "the upstream's answer is no JSON object");
  }

  /** What was JSON in a string, such as a call's arguments, may be an object now, and is bounded as all others are. */
  private static JsonValue bounded(byte[] translated) {
    try {
      return JsonValue.parse(translated, 0, translated.length, JsonLimits.REQUEST);
    } catch (BadJson tooLarge) {
      throw Problem.of(
          Problem.Kind.INVALID_REQUEST,
          "the request cannot be translated: it would be " + tooLarge.message());
    }
  }

  private static JsonValue error(byte[] failure) {
    try {
      return JsonValue.parse(failure, 0, failure.length, JsonLimits.REQUEST);
    } catch (BadJson bad) {
      throw Problem.of(Problem.Kind.UPSTREAM_BROKEN, "the upstream's answer cannot be read", bad);
    }
  }

  private static byte[] bytes(ObjectNode tree) {
    return WellFormed.bytes(Trees.JSON, tree);
  }

  /**
   * Reads what is translated; a class of its own, since a mapper is made when something first must be, not at the start.
   * Numbers keep the text they were written with; what the JSON pass has let through is not bounded again.
   */
  private static final class Trees {
    static final JsonMapper JSON = JsonMapper.builder(Mappers.factory()
            .streamReadConstraints(StreamReadConstraints.builder()
                .maxStringLength(MOST)
                .maxNumberLength(10_000)
                .build())
            .build())
        .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
        .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
        .build();
  }
}
