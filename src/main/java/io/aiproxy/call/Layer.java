package io.aiproxy.call;

import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A concern around a handler. It holds its configuration and nothing of any call, and may call {@code next} again: each time
 * runs all that is inside afresh. A reply that it does not return it closes.
 */
@FunctionalInterface
public interface Layer {
  Reply handle(Call call, Handler next);

  /** This layer with that handler inside. */
  default Handler around(Handler inner) {
    return call -> handle(call, inner);
  }

  /** A layer that only looks at the way in. */
  static Layer onCall(UnaryOperator<Call> change) {
    return (call, next) -> next.handle(change.apply(call));
  }

  /** The layers around a handler, the first one outermost. */
  static Handler stack(List<Layer> layers, Handler innermost) {
    Handler handler = innermost;
    for (int i = layers.size() - 1; i >= 0; i--) {
      handler = layers.get(i).around(handler);
    }
    return handler;
  }
}
