package io.aiproxy.protocol;

import io.aiproxy.neutral.Origin;
import java.util.Map;

/** What neutral terms hold without the name that its protocol has for it, so that its loss can be told by that name. */
enum Term {
  /** How many tokens to think. */
  BUDGET(
      "budget_tokens",
      Map.of(
          OpenAiChatDialect.PROTOCOL, "max_tokens",
          CohereChatDialect.NAME, "token_budget",
          GeminiJson.PROTOCOL, "thinkingBudget")),
  /** Whether thoughts are to be read. */
  SHOWN(
      "display",
      Map.of(OpenAiResponsesDialect.NAME, "summary", GeminiJson.PROTOCOL, "includeThoughts")),
  /** Whether a tool failed. */
  FAILED(
      "is_error",
      Map.of(BedrockConverse.NAME, "status", GeminiJson.PROTOCOL, "functionResponse.response")),
  /** Of what an answer is to look like. */
  DESCRIPTION(
      "description",
      Map.of(
          OpenAiChatDialect.PROTOCOL, "json_schema.description",
          BedrockConverse.NAME, "structure.jsonSchema.description")),
  /** Whether the arguments of a tool must be as its schema says. */
  STRICT("strict", Map.of(OpenAiChatDialect.PROTOCOL, "function.strict")),
  /** Whether tools up to one are to be cached. */
  CACHE("cache_control", Map.of(BedrockConverse.NAME, "cachePoint")),
  /** Of a file. */
  FILE_NAME(
      "filename",
      Map.of(
          OpenAiChatDialect.PROTOCOL, "file.filename",
          AnthropicMessages.NAME, "title",
          GeminiJson.PROTOCOL, "inlineData.displayName",
          BedrockConverse.NAME, "name"));

  private final String usual;
  private final Map<String, String> names;

  Term(String usual, Map<String, String> names) {
    this.usual = usual;
    this.names = names;
  }

  /** The place of it in what was read. */
  String at(Origin origin) {
    return this == STRICT && origin.protocol().equals(CohereChatDialect.NAME)
        ? "strict_tools" // which is one for all
        : origin.at(names.getOrDefault(origin.protocol(), usual));
  }
}
