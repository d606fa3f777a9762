package io.aiproxy.rewrite;

import io.aiproxy.call.Call;
import io.aiproxy.call.Handler;
import io.aiproxy.call.Layer;
import io.aiproxy.call.Payload;
import io.aiproxy.call.Problem;
import io.aiproxy.call.Reply;
import io.aiproxy.call.Target;
import io.aiproxy.config.AiProxy;
import io.aiproxy.json.BadJson;
import io.aiproxy.json.JsonEditor;
import io.aiproxy.json.JsonValue;
import io.aiproxy.protocol.Protocols;
import java.io.IOException;
import java.io.OutputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Makes the client's request the one that an instance gets: its address, its credentials, its options. */
public final class Rewrite implements Layer {
  private static final String POST = "POST";

  private final String instance;
  private final AiProxy settings;
  private final Address address;
  private final RequestHeaders headers;
  private final Map<String, BodyEdits> edits = new HashMap<>();

  /**
   * For one instance of a route.
   *
   * @param instance what the ledger calls it
   */
  public Rewrite(String instance, AiProxy settings) {
    this.instance = instance;
    this.settings = settings;
    this.address = new Address(settings);
    this.headers = new RequestHeaders(settings.auth(), settings.forwardHeaders());
    settings.provider().protocols().forEach(name -> edits.put(name, new BodyEdits(settings, name)));
    edits.put(Protocols.PASSTHROUGH, new BodyEdits(settings, Protocols.PASSTHROUGH));
  }

  @Override
  public Reply handle(Call call, Handler next) {
    String protocol = call.protocol().name();
    BodyEdits edit =
        Optional.ofNullable(edits.get(protocol)).orElseThrow(() -> unsupported(protocol));
    if (call.json().kind() != JsonValue.Kind.OBJECT) {
      return next.handle(attempt(call, call.asked().model(), call.payload()));
    }
    BodyEdits.Edited edited = edited(edit, call.json());
    String model = edited.model().isEmpty() ? call.asked().model() : edited.model();
    Payload payload = edited.body().changed() ? payload(edited.body()) : call.payload();
    Call sent = attempt(call, model, payload);
    call.exchange().ledger().model(model);
    Reply reply = next.handle(sent);
    return edited.hidesUsage() && reply.hasEvents()
        ? reply.through(new UsageChunk(), false)
        : reply;
  }

  /** The call as it goes out, and a new entry in the ledger for it. */
  private Call attempt(Call call, String model, Payload payload) {
    String protocol = call.protocol().name();
    Target target = address.of(call, model);
    call.exchange()
        .ledger()
        .attempt(instance, target.scheme(), target.host(), target.port(), target.path());
    return call.sending(
        protocol.equals(Protocols.PASSTHROUGH) ? call.method() : POST,
        target,
        headers.of(call.headers(), settings.provider().headers(protocol), payload.type()),
        payload);
  }

  private static BodyEdits.Edited edited(BodyEdits edit, JsonValue request) {
    try {
      return edit.apply(request);
    } catch (BadJson bad) {
      throw Problem.of(Problem.Kind.INVALID_JSON, bad.message(), bad);
    }
  }

  private Problem unsupported(String protocol) {
    return Problem.of(
        Problem.Kind.UNSUPPORTED_PROTOCOL,
        "provider " + settings.provider().name() + " does not support " + protocol
            + " protocol (supported: " + String.join(", ", settings.provider().protocols()) + ")");
  }

  private static Payload payload(JsonEditor body) {
    return new Payload() {
      @Override
      public long length() {
        return body.length();
      }

      @Override
      public void writeTo(OutputStream out) throws IOException {
        body.writeTo(out);
      }
    };
  }
}
