package io.aiproxy.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.aiproxy.call.Call;
import io.aiproxy.call.Exchange;
import io.aiproxy.call.Headers;
import io.aiproxy.call.Payload;
import io.aiproxy.call.Protocol;
import io.aiproxy.call.Scheduler;
import io.aiproxy.call.Target;
import io.aiproxy.json.BadJson;
import io.aiproxy.json.JsonLimits;
import io.aiproxy.json.JsonValue;
import io.aiproxy.ledger.Ledger;
import io.aiproxy.ledger.Ticker;
import io.aiproxy.protocol.Protocols;
import io.aiproxy.wire.StreamFormat;
import java.lang.reflect.Proxy;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Calls as layers get them, each with an exchange and an attempt of its own. */
public final class Calls {
  private static final ScheduledThreadPoolExecutor CLOCK =
      new ScheduledThreadPoolExecutor(1, task -> {
        Thread thread = new Thread(task, "clock of the calls");
        thread.setDaemon(true);
        return thread;
      });

  /** Runs tasks when real time has come. */
  public static final Scheduler SCHEDULER = (delay, task) -> {
    ScheduledFuture<?> scheduled = CLOCK.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
    return () -> scheduled.cancel(false);
  };

  private Calls() {}

  /** A {@code POST} of JSON to that target. */
  public static Call post(Target target, String body) {
    return of(
        "POST",
        target,
        Headers.builder().add("Content-Type", "application/json").build(),
        body);
  }

  /** Any call; its exchange has one attempt begun. Its protocol is not to be asked anything. */
  public static Call of(String method, Target target, Headers headers, String body) {
    byte[] bytes = body.getBytes(UTF_8);
    return new Call(
        exchange(target),
        MUTE,
        Protocol.Asked.NOTHING,
        method,
        target.path(),
        target,
        headers,
        EMPTY,
        Payload.of(bytes));
  }

  /** A {@code POST} as it arrived from a client, in whatever protocol it is; nothing was attempted yet. */
  public static Call arrived(String pathAndQuery, String body, Headers headers) {
    return arrived("POST", pathAndQuery, body, headers);
  }

  /** Any request as it arrived from a client. */
  public static Call arrived(String method, String pathAndQuery, String body, Headers headers) {
    String[] parts = pathAndQuery.split("\\?", 2);
    Target target = new Target("http", "gateway", 80, parts[0], parts.length > 1 ? parts[1] : "");
    byte[] bytes = body.getBytes(UTF_8);
    JsonValue json = json(body);
    Protocol protocol = Protocols.of(parts[0], json);
    Exchange exchange = new Exchange("test", new Ledger("test", Ticker.SYSTEM), SCHEDULER);
    Protocol.Asked asked = json.kind() == JsonValue.Kind.OBJECT
        ? protocol.asked(parts[0], target.query(), json)
        : Protocol.Asked.NOTHING;
    return new Call(
        exchange, protocol, asked, method, parts[0], target, headers, json, Payload.of(bytes));
  }

  /** The same request in another exchange. */
  public static Call again(Call call) {
    return new Call(
        new Exchange("test", new Ledger("test", Ticker.SYSTEM), SCHEDULER),
        call.protocol(),
        call.asked(),
        call.method(),
        call.path(),
        call.target(),
        call.headers(),
        call.json(),
        call.payload());
  }

  /** A call in that protocol of which only the address matters. */
  public static Call at(String protocol, String path, String query) {
    return at(protocol, path, query, Ticker.SYSTEM);
  }

  /** The same by another clock. */
  public static Call at(String protocol, String path, String query, Ticker ticker) {
    return new Call(
        new Exchange("test", new Ledger("test", ticker), SCHEDULER),
        Protocols.named(protocol),
        Protocol.Asked.NOTHING,
        "POST",
        path,
        new Target("http", "gateway", 80, "/", query),
        Headers.NONE,
        EMPTY,
        Payload.NONE);
  }

  private static Exchange exchange(Target target) {
    Ledger ledger = new Ledger("test", Ticker.SYSTEM);
    ledger.attempt("instance", target.scheme(), target.host(), target.port(), target.path());
    return new Exchange("test", ledger, SCHEDULER);
  }

  private static final Protocol MUTE = (Protocol) Proxy.newProxyInstance(
      Calls.class.getClassLoader(), new Class<?>[] {Protocol.class}, (proxy, method, arguments) -> {
        if (method.getName().equals("format")) {
          return StreamFormat.of((String) arguments[1]);
        }
        throw new UnsupportedOperationException(method.getName());
      });

  private static final JsonValue EMPTY = json("{}");

  /** A text as JSON that was checked. */
  public static JsonValue json(String text) {
    byte[] bytes = text.getBytes(UTF_8);
    try {
      return JsonValue.parse(bytes, 0, bytes.length, JsonLimits.REQUEST);
    } catch (BadJson impossible) {
      throw new AssertionError(impossible);
    }
  }
}
