package io.aiproxy.translate;

import io.aiproxy.call.Call;
import io.aiproxy.call.Headers;
import java.util.List;
import java.util.Locale;

/** Which headers of a client still mean something in another protocol. */
final class RequestHeaders {
  private static final List<String> OF_ONE_PROTOCOL =
      List.of("anthropic-", "openai-", "x-stainless-");

  private RequestHeaders() {}

  static Headers of(Call call) {
    return call.headers().only(field -> {
      String name = field.name().toLowerCase(Locale.ROOT);
      return OF_ONE_PROTOCOL.stream().noneMatch(name::startsWith);
    });
  }
}
