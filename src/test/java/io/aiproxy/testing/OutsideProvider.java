package io.aiproxy.testing;

import io.aiproxy.provider.Provider;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A provider as somebody else would write one; no test finds it unless a service file names it. */
public final class OutsideProvider implements Provider {
  @Override
  public String name() {
    return "outside";
  }

  @Override
  public Optional<String> base() {
    return Optional.empty();
  }

  @Override
  public List<String> protocols() {
    return List.of("openai-chat");
  }

  @Override
  public String path(String protocol) {
    return "/models/{model}/chat";
  }

  @Override
  public Map<String, String> headers(String protocol) {
    return Map.of("x-outside-version", "7");
  }

  @Override
  public Optional<String> maxTokens(String protocol) {
    return Optional.of("limits.output");
  }
}
