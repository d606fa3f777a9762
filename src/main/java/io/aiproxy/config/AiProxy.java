package io.aiproxy.config;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aiproxy.provider.Provider;
import java.util.Map;

/**
 * The plugin {@code ai-proxy} of a route: who answers, with which key, and within which bounds. Immutable, but for the JSON
 * that it holds, which nobody may change.
 *
 * <p>A credential may go to an {@code http:} endpoint, also on another machine: whether the network between is trusted is not
 * for the reader to say.
 *
 * @param provider who answers
 * @param auth how the provider is asked to let us in
 * @param providerConf what stands for the names in braces of the provider's address, such as {@code region}
 * @param options members put in the client's request, in place of its own; empty unless configured
 * @param override what else differs from the provider's habits
 * @param logging what is told about an exchange besides the request attributes
 * @param timeouts how long to wait
 * @param limits how much to take
 * @param streaming how a stream is passed on
 * @param forwardHeaders which of the client's header fields go on
 * @param transport how the upstream is reached
 * @param models what is known of the models that it serves
 */
public record AiProxy(
    Provider provider,
    Auth auth,
    Map<String, String> providerConf,
    ObjectNode options,
    Overrides override,
    Logging logging,
    Timeouts timeouts,
    Limits limits,
    Streaming streaming,
    ForwardHeaders forwardHeaders,
    Transport transport,
    Models models) {
  public AiProxy {
    providerConf = Map.copyOf(providerConf);
    options = options.deepCopy();
  }
}
