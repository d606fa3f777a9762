package io.aiproxy.balance;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.aiproxy.balance.Finding.Kind;
import io.aiproxy.call.Call;
import io.aiproxy.call.Ending;
import io.aiproxy.call.Exchange;
import io.aiproxy.call.Handler;
import io.aiproxy.call.Headers;
import io.aiproxy.call.Payload;
import io.aiproxy.call.Problem;
import io.aiproxy.call.Protocol;
import io.aiproxy.call.Reply;
import io.aiproxy.call.Scheduler;
import io.aiproxy.call.Target;
import io.aiproxy.config.ActiveCheck;
import io.aiproxy.config.Auth;
import io.aiproxy.config.Instance;
import io.aiproxy.json.BadJson;
import io.aiproxy.json.JsonLimits;
import io.aiproxy.json.JsonValue;
import io.aiproxy.ledger.Ledger;
import io.aiproxy.ledger.Ticker;
import io.aiproxy.protocol.Protocols;
import java.net.URLEncoder;
import java.util.StringJoiner;

/** Sends a request with the credentials of the instance and looks at the status of the answer. */
final class HttpProbe implements Probe {
  private final ActiveCheck check;
  private final Handler handler;
  private final Scheduler deadlines;
  private final Target target;
  private final Headers headers;
  private final Payload payload;
  private volatile boolean stopped;
  private volatile Runnable cut = () -> {};

  /**
   * For one instance.
   *
   * @param handler sends what it gets as it is, and keeps the timeout of the check
   * @param deadlines for the handler's timeouts
   */
  HttpProbe(Instance instance, ActiveCheck check, Handler handler, Scheduler deadlines) {
    this.check = check;
    this.handler = handler;
    this.deadlines = deadlines;
    this.target = target(instance, check);
    this.headers = headers(instance.settings().auth(), check.request());
    this.payload = check.request().body().isEmpty()
        ? Payload.NONE
        : Payload.of(check.request().body().getBytes(UTF_8));
  }

  @Override
  public Finding ask() {
    Exchange exchange =
        new Exchange("health-check", new Ledger("health-check", Ticker.SYSTEM), deadlines);
    cut = () -> exchange.end(Ending.SHUTDOWN);
    if (stopped) {
      return new Finding(Kind.UNDECIDED, "stopped");
    }
    try (Reply reply = handler.handle(call(exchange))) {
      return Finding.status(reply.status(), check);
    } catch (Problem problem) {
      return found(problem);
    } finally {
      exchange.finish();
    }
  }

  @Override
  public void stop() {
    stopped = true;
    cut.run();
  }

  private Finding found(Problem problem) {
    Kind kind = switch (problem.kind()) {
      case UPSTREAM_TIMEOUT, DEADLINE -> Kind.TIMEOUT;
      case UPSTREAM_UNREACHABLE, UPSTREAM_INSECURE, UPSTREAM_BROKEN -> Kind.TCP_FAILURE;
      default -> Kind.UNDECIDED;
    };
    return new Finding(kind, "a probe failed: " + problem.message());
  }

  private Call call(Exchange exchange) {
    return new Call(
        exchange,
        Protocols.named(Protocols.PASSTHROUGH),
        Protocol.Asked.NOTHING,
        check.request().method(),
        target.path(),
        target,
        headers,
        noJson(),
        payload);
  }

  private static Target target(Instance instance, ActiveCheck check) {
    Place place = Place.of(instance, check);
    String written = check.request().target();
    int mark = written.indexOf('?');
    StringJoiner query = new StringJoiner("&");
    if (mark >= 0) {
      query.add(written.substring(mark + 1));
    }
    instance
        .settings()
        .auth()
        .query()
        .forEach((name, value) -> query.add(encoded(name) + "=" + encoded(value.reveal())));
    return new Target(
        place.scheme(),
        place.host(),
        place.port(),
        mark < 0 ? written : written.substring(0, mark),
        query.toString());
  }

  private static Headers headers(Auth auth, ActiveCheck.Request request) {
    Headers.Builder headers = Headers.builder();
    request.headers().forEach(field -> headers.add(field.name(), field.value()));
    auth.header().forEach((name, value) -> headers.set(name, value.reveal()));
    if (!request.body().isEmpty()) {
      headers.addIfAbsent("Content-Type", "application/json");
    }
    return headers.build();
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, UTF_8).replace("+", "%20");
  }

  private static JsonValue noJson() {
    byte[] none = "null".getBytes(UTF_8);
    try {
      return JsonValue.parse(none, 0, none.length, JsonLimits.REQUEST);
    } catch (BadJson impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
