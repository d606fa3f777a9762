package io.aiproxy.provider;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * OpenAI, or a service with its API.
 *
 * @param address empty if configuration must say where it is
 * @param paths by the name of the protocol
 * @param chatMaxTokens the bound's name in chat; in responses it is {@code max_output_tokens} everywhere
 */
record OpenAi(
    String name,
    String address,
    Map<String, String> paths,
    String chatMaxTokens,
    List<String> replacedInChat,
    boolean takesModel)
    implements Provider {
  private static final String CHAT = "openai-chat";
  private static final String MESSAGES = "anthropic-messages";
  private static final String RESPONSES = "openai-responses";

  @Override
  public Optional<String> base() {
    return address.isEmpty() ? Optional.empty() : Optional.of(address);
  }

  @Override
  public List<String> protocols() {
    return paths.keySet().stream().sorted().toList();
  }

  @Override
  public String path(String protocol) {
    return paths.getOrDefault(protocol, "/");
  }

  @Override
  public Optional<String> maxTokens(String protocol) {
    return switch (protocol) {
      case CHAT, MESSAGES -> Optional.of(chatMaxTokens);
      case RESPONSES -> Optional.of("max_output_tokens");
      default -> Optional.empty();
    };
  }

  @Override
  public List<String> replacedByMaxTokens(String protocol) {
    return protocol.equals(CHAT) ? replacedInChat : List.of();
  }
}
