package io.aiproxy.call;

import io.aiproxy.json.JsonValue;

/**
 * A request on its way inwards: first the client's own, in the end what goes to the upstream. Immutable, so that each attempt
 * starts from the pristine one.
 *
 * @param protocol what the client speaks
 * @param path the client's path, decoded and normalised
 * @param target the client's own target; inside of the rewriting, the upstream's
 * @param json the client's body, checked
 * @param payload what goes to the upstream
 */
public record Call(
    Exchange exchange,
    Protocol protocol,
    String method,
    String path,
    Target target,
    Headers headers,
    JsonValue json,
    Payload payload) {
  /** The same exchange with what is to be sent. */
  public Call sending(String method, Target target, Headers headers, Payload payload) {
    return new Call(exchange, protocol, method, path, target, headers, json, payload);
  }
}
