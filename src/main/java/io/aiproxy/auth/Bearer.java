package io.aiproxy.auth;

import io.aiproxy.call.Call;
import io.aiproxy.call.Handler;
import io.aiproxy.call.Headers;
import io.aiproxy.call.Reply;
import java.util.function.Supplier;

/**
 * Sends {@code Authorization: Bearer …} in the place of any other.
 *
 * @param token gives one that is good now, or throws a {@link io.aiproxy.call.Problem}; safe for all threads
 */
record Bearer(Supplier<String> token) implements Signer {
  private static final String AUTHORIZATION = "Authorization";

  @Override
  public Reply handle(Call call, Handler next) {
    String current = token.get();
    call.exchange().conceal(current);
    Headers.Builder headers = Headers.builder();
    call.headers().forEach(field -> headers.add(field.name(), field.value()));
    headers.set(AUTHORIZATION, "Bearer " + current);
    return next.handle(call.sending(call.method(), call.target(), headers.build(), call.payload()));
  }
}
