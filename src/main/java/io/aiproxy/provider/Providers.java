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
  private static final String CONVERSE = "bedrock-converse";
  private static final String COMPLETIONS = "openai-completions";
  private static final String GENERATE = "gemini-generate";
  private static final String COUNT = "anthropic-count-tokens";
  private static final String EMBEDDINGS = "openai-embeddings";
  private static final String PREDICT = "vertex-predict";
  private static final String VERTEX_MODEL =
      "/v1/projects/{project_id}/locations/{region}/publishers/google/models/{model}";
  private static final String MAX_TOKENS = "max_tokens";
  private static final String NUM_PREDICT = "options.num_predict";

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

  /**
   * Hosts and paths are those of Apache APISIX's drivers, which the providers' own references confirm; where it has no driver
   * they are those of recorded exchanges and of the providers' references, and Vertex's for several regions those of its SDK.
   */
  private static List<Provider> own() {
    return List.of(
        openAi("openai", "https://api.openai.com")
            .speaking(CHAT, "/v1/chat/completions", "max_completion_tokens")
            .replacing(CHAT, "max_tokens"),
        openAi("openai-compatible", ""),
        azure(),
        Api.at("deepseek", "https://api.deepseek.com")
            .speaking(CHAT, "/chat/completions", MAX_TOKENS)
            .speaking(COMPLETIONS, "/beta/completions", MAX_TOKENS),
        Api.at("aimlapi", "https://api.aimlapi.com")
            .speaking(CHAT, "/chat/completions", MAX_TOKENS),
        Api.at("openrouter", "https://openrouter.ai")
            .speaking(CHAT, "/api/v1/chat/completions", MAX_TOKENS)
            .speaking(RESPONSES, "/api/v1/responses", "max_output_tokens")
            .speaking(EMBEDDINGS, "/api/v1/embeddings", ""),
        Api.at("gemini", "https://generativelanguage.googleapis.com")
            .speaking(CHAT, "/v1beta/openai/chat/completions", "max_completion_tokens")
            .speaking(EMBEDDINGS, "/v1beta/openai/embeddings", "")
            .speaking(
                GENERATE,
                "/v1beta/models/{model}:generateContent",
                "/v1beta/models/{model}:streamGenerateContent",
                "generationConfig.maxOutputTokens")
            .speaking("gemini-embed", "/v1beta/models/{model}:embedContent", "")
            .speaking("gemini-embed-batch", "/v1beta/models/{model}:batchEmbedContents", ""),
        Api.at("vertex-ai", "https://{region}-aiplatform.googleapis.com")
            .at("region", "global", "https://aiplatform.googleapis.com")
            .at("region", "us", "https://aiplatform.us.rep.googleapis.com")
            .at("region", "eu", "https://aiplatform.eu.rep.googleapis.com")
            .speaking(
                CHAT,
                "/v1beta1/projects/{project_id}/locations/{region}/endpoints/openapi/chat/completions",
                "max_completion_tokens")
            .speaking(PREDICT, VERTEX_MODEL + ":predict", "")
            .withModel(PREDICT)
            .speaking(
                GENERATE,
                VERTEX_MODEL + ":generateContent",
                VERTEX_MODEL + ":streamGenerateContent",
                "generationConfig.maxOutputTokens"),
        Api.at("anthropic", "https://api.anthropic.com")
            .speaking(MESSAGES, "/v1/messages", MAX_TOKENS)
            .sending(MESSAGES, "anthropic-version", "2023-06-01")
            .speaking(CHAT, "/v1/chat/completions", MAX_TOKENS)
            .speaking(COUNT, "/v1/messages/count_tokens", "")
            .sending(COUNT, "anthropic-version", "2023-06-01"),
        Api.at("xai", "https://api.x.ai")
            .speaking(CHAT, "/v1/chat/completions", MAX_TOKENS)
            .speaking(RESPONSES, "/v1/responses", "max_output_tokens"),
        Api.at("mistral", "https://api.mistral.ai")
            .speaking(CHAT, "/v1/chat/completions", MAX_TOKENS)
            .speaking(EMBEDDINGS, "/v1/embeddings", ""),
        Api.at("groq", "https://api.groq.com")
            .speaking(CHAT, "/openai/v1/chat/completions", MAX_TOKENS)
            .speaking(RESPONSES, "/openai/v1/responses", "max_output_tokens"),
        Api.at("cohere", "https://api.cohere.com")
            .speaking("cohere-chat", "/v2/chat", MAX_TOKENS)
            .speaking("cohere-chat-v1", "/v1/chat", MAX_TOKENS),
        Api.at("ollama", "http://localhost:11434")
            .speaking(CHAT, "/v1/chat/completions", MAX_TOKENS)
            .speaking("ollama-chat", "/api/chat", NUM_PREDICT)
            .speaking("ollama-generate", "/api/generate", NUM_PREDICT)
            .speaking(COMPLETIONS, "/v1/completions", MAX_TOKENS)
            .speaking(EMBEDDINGS, "/v1/embeddings", ""),
        Api.at("bedrock", "https://bedrock-runtime.{region}.amazonaws.com")
            .speaking(
                CONVERSE,
                "/model/{model}/converse",
                "/model/{model}/converse-stream",
                "inferenceConfig.maxTokens"));
  }

  /**
   * Microsoft serves the same under {@code /openai/v1}, where a model is named as everywhere, and under the name of a
   * deployment, which is the model. With any other path the address is taken as APISIX takes it.
   */
  private static Api azure() {
    String name = "azure-openai";
    return Api.at(name, "")
        .speaking(CHAT, "/completions", MAX_TOKENS)
        .withoutModel(CHAT)
        .behind(
            "/openai/v1/?",
            Api.at(name, "")
                .speaking(CHAT, "/chat/completions", "max_completion_tokens")
                .replacing(CHAT, MAX_TOKENS)
                .speaking(RESPONSES, "/responses", "max_output_tokens")
                .speaking(COMPLETIONS, "/completions", MAX_TOKENS)
                .speaking(EMBEDDINGS, "/embeddings", ""))
        .behind(
            "/openai/deployments/[^/]+/?",
            Api.at(name, "")
                .speaking(CHAT, "/chat/completions", MAX_TOKENS)
                .withoutModel(CHAT)
                .speaking(COMPLETIONS, "/completions", MAX_TOKENS)
                .withoutModel(COMPLETIONS)
                .speaking(EMBEDDINGS, "/embeddings", "")
                .withoutModel(EMBEDDINGS));
  }

  private static Api openAi(String name, String base) {
    return Api.at(name, base)
        .speaking(CHAT, "/v1/chat/completions", MAX_TOKENS)
        .speaking(RESPONSES, "/v1/responses", "max_output_tokens")
        .speaking(COMPLETIONS, "/v1/completions", MAX_TOKENS)
        .speaking(EMBEDDINGS, "/v1/embeddings", "");
  }
}
