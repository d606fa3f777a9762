package io.aiproxy.provider;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;

/** The providers that a configuration can name. Immutable. */
public final class Providers {
  private static final String CHAT = "openai-chat";
  private static final String RESPONSES = "openai-responses";
  private static final String MESSAGES = "anthropic-messages";
  private static final String EMBEDDINGS = "openai-embeddings";

  private final Map<String, Provider> byName;

  private Providers(List<Provider> providers) {
    Map<String, Provider> named = new LinkedHashMap<>();
    providers.forEach(provider -> named.put(provider.name(), provider));
    byName = Map.copyOf(named);
  }

  /** Those of the gateway and those that the class path adds; an added one takes the place of its namesake. */
  public static Providers installed() {
    List<Provider> providers = new ArrayList<>(own());
    ServiceLoader.load(Provider.class, Providers.class.getClassLoader()).forEach(providers::add);
    return new Providers(providers);
  }

  public Optional<Provider> named(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  /** In alphabetical order. */
  public List<String> names() {
    return byName.keySet().stream().sorted().toList();
  }

  /** Hosts and paths are those of Apache APISIX's drivers, which the providers' own references confirm. */
  private static List<Provider> own() {
    Map<String, String> openAiPaths = Map.of(
        CHAT, "/v1/chat/completions",
        RESPONSES, "/v1/responses",
        EMBEDDINGS, "/v1/embeddings");
    return List.of(
        new OpenAi(
            "openai",
            "https://api.openai.com",
            openAiPaths,
            "max_completion_tokens",
            List.of("max_tokens"),
            true),
        new OpenAi("openai-compatible", "", openAiPaths, "max_tokens", List.of(), true),
        new OpenAi(
            "azure-openai", "", Map.of(CHAT, "/completions"), "max_tokens", List.of(), false),
        chat("deepseek", "https://api.deepseek.com", "/chat/completions", "max_tokens"),
        chat("aimlapi", "https://api.aimlapi.com", "/chat/completions", "max_tokens"),
        chat("openrouter", "https://openrouter.ai", "/api/v1/chat/completions", "max_tokens"),
        chat(
            "gemini",
            "https://generativelanguage.googleapis.com",
            "/v1beta/openai/chat/completions",
            "max_completion_tokens"),
        new OpenAi(
            "anthropic",
            "https://api.anthropic.com",
            Map.of(CHAT, "/v1/chat/completions", MESSAGES, "/v1/messages"),
            "max_tokens",
            List.of(),
            true));
  }

  private static Provider chat(String name, String base, String path, String maxTokens) {
    return new OpenAi(name, base, Map.of(CHAT, path), maxTokens, List.of(), true);
  }
}
