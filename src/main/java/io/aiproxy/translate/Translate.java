package io.aiproxy.translate;

import io.aiproxy.call.Call;
import io.aiproxy.call.Handler;
import io.aiproxy.call.Layer;
import io.aiproxy.call.Reply;
import io.aiproxy.config.AiProxy;
import io.aiproxy.protocol.Protocols;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Puts a request into a protocol of the provider's, and the answer into the client's, if the provider does not speak the
 * client's own. What it does speak passes as it is.
 */
public final class Translate implements Layer {
  private final Map<String, Translation<?, ?>> byClient = new HashMap<>();

  /**
   * For one instance of a route.
   *
   * @param clock tells when answers are made whose providers do not say so
   */
  public Translate(AiProxy settings, InstantSource clock) {
    List<String> spoken = settings.provider().protocols();
    Optional<String> only = settings.override().protocol();
    for (String client : Protocols.names()) {
      boolean isNative = only.map(client::equals).orElse(spoken.contains(client));
      if (!isNative) {
        only.map(Stream::of)
            .orElseGet(spoken::stream)
            .flatMap(upstream -> Translation.between(client, upstream, settings, clock).stream())
            .findFirst()
            .ifPresent(translation -> byClient.put(client, translation));
      }
    }
  }

  @Override
  public Reply handle(Call call, Handler next) {
    Translation<?, ?> translation = byClient.get(call.protocol().name());
    return translation == null ? next.handle(call) : translation.handle(call, next);
  }
}
