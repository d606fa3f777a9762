package io.aiproxy.call;

import io.aiproxy.call.Protocol.Asked;
import io.aiproxy.json.BadJson;
import io.aiproxy.json.JsonEditor;
import io.aiproxy.json.JsonLimits;
import io.aiproxy.json.JsonValue;
import java.util.Arrays;

/**
 * A request on its way inwards: first the client's own, in the end what goes to the upstream. Immutable, so that each attempt
 * starts from the pristine one.
 *
 * @param protocol what the client speaks; inside of a translation, what the upstream does
 * @param asked what the request says of itself
 * @param path the client's path, decoded and normalised
 * @param target the client's own target; inside of the rewriting, the upstream's
 * @param json the client's body, checked; {@code null} if it is not JSON or there is none
 * @param payload what goes to the upstream
 */
public record Call(
    Exchange exchange,
    Protocol protocol,
    Asked asked,
    String method,
    String path,
    Target target,
    Headers headers,
    JsonValue json,
    Payload payload) {
  /** The same exchange with what is to be sent. */
  public Call sending(String method, Target target, Headers headers, Payload payload) {
    return new Call(exchange, protocol, asked, method, path, target, headers, json, payload);
  }

  /** The same request within another exchange. */
  public Call in(Exchange other) {
    return new Call(other, protocol, asked, method, path, target, headers, json, payload);
  }

  /**
   * The same request for another model: in its body too, unless the address alone names it.
   *
   * @throws Problem if the body, which is an object, grows beyond the bounds of all bodies
   */
  public Call naming(String model) {
    boolean isAddressed = !asked.model().isEmpty() && !json.has("model");
    JsonEditor named = protocol.naming(model, json, isAddressed);
    byte[] bytes = named.bytes();
    return new Call(
        exchange,
        protocol,
        asked.of(model),
        method,
        path,
        target,
        headers,
        named.changed() ? parsed(bytes) : json,
        named.changed() ? Payload.of(bytes) : payload);
  }

  private static JsonValue parsed(byte[] bytes) {
    try {
      return JsonValue.parse(bytes, 0, bytes.length, JsonLimits.REQUEST);
    } catch (BadJson tooLarge) {
      throw Problem.of(Problem.Kind.INVALID_JSON, tooLarge.message(), tooLarge);
    }
  }

  /**
   * The same exchange in another protocol.
   *
   * @param query what takes the place of the client's
   * @param said the headers that go on
   */
  public Call in(Protocol other, Asked asking, String query, Headers said, JsonValue body) {
    byte[] bytes = Arrays.copyOfRange(body.bytes(), body.from(), body.to());
    Target addressed =
        new Target(target.scheme(), target.host(), target.port(), target.path(), query);
    return new Call(
        exchange, other, asking, method, path, addressed, said, body, Payload.of(bytes));
  }
}
