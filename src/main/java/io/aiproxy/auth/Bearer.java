package io.aiproxy.auth;

import io.aiproxy.call.Call;
import io.aiproxy.call.Handler;
import io.aiproxy.call.Headers;
import io.aiproxy.call.Reply;

/** Sends {@code Authorization: Bearer …} in the place of any other. */
record Bearer(Tokens tokens) implements Signer {
  private static final String AUTHORIZATION = "Authorization";

  @Override
  public Reply handle(Call call, Handler next) {
    String token = tokens.get();
    call.exchange().conceal(token);
    Headers.Builder headers = Headers.builder();
    call.headers().forEach(field -> headers.add(field.name(), field.value()));
    headers.set(AUTHORIZATION, "Bearer " + token);
    return next.handle(call.sending(call.method(), call.target(), headers.build(), call.payload()));
  }

  @Override
  public void close() {
    tokens.close();
  }
}
