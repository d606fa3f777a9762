package io.aiproxy.protocol;

import io.aiproxy.neutral.Origin;
import java.util.Map;

/**
 * What neutral terms hold without the name that its protocol has for it, so that its loss can be told by that name.
 *
 * @param usual its name in most protocols
 * @param names its names in others, by protocol
 */
record Term(String usual, Map<String, String> names) {
  /** How many tokens to think. */
  static final Term BUDGET = new Term(
      "budget_tokens",
      Map.of(
          OpenAiChatDialect.PROTOCOL, "max_tokens",
          CohereChatDialect.NAME, "token_budget",
          GeminiJson.PROTOCOL, "thinkingBudget"));

  /** Whether thoughts are to be read. */
  static final Term SHOWN = new Term(
      "display",
      Map.of(OpenAiResponsesDialect.NAME, "summary", GeminiJson.PROTOCOL, "includeThoughts"));

  /** Whether a tool failed. */
  static final Term FAILED = new Term(
      "is_error",
      Map.of(BedrockConverse.NAME, "status", GeminiJson.PROTOCOL, "functionResponse.response"));

  /** What an answer in a form is. */
  static final Term DESCRIPTION = new Term(
      "description",
      Map.of(
          OpenAiChatDialect.PROTOCOL, "json_schema.description",
          BedrockConverse.NAME, "structure.jsonSchema.description"));

  /** Whether the arguments of a tool must be as its schema says. */
  static final Term STRICT =
      new Term("strict", Map.of(OpenAiChatDialect.PROTOCOL, "function.strict"));

  /** Whether tools up to one are to be cached. */
  static final Term CACHE = new Term("cache_control", Map.of(BedrockConverse.NAME, "cachePoint"));

  /** What a file is called. */
  static final Term FILE_NAME = new Term(
      "filename",
      Map.of(
          OpenAiChatDialect.PROTOCOL, "file.filename",
          AnthropicMessages.NAME, "title",
          GeminiJson.PROTOCOL, "inlineData.displayName",
          BedrockConverse.NAME, "name"));

  /** The place of it in what was read. */
  String at(Origin origin) {
    return equals(STRICT) && origin.protocol().equals(CohereChatDialect.NAME)
        ? "strict_tools" // which is one for all
        : origin.at(names.getOrDefault(origin.protocol(), usual));
  }
}
